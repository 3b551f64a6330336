/** Files are whole or not there, and nobody else's. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFile, makeDirectory, replaceFile, writeWhole } from '../../src/files/whole.ts';
import { temporaryDirectory } from '../support.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'file');
});
afterEach(() => directory.remove());

const names = () => readdirSync(directory.path);

it('makes a file that only its owner can read, and leaves no draft', () => {
  createFile(path, 'text');
  expect(readFileSync(path, 'utf8')).toBe('text');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(names()).toEqual(['file']);
});

it('leaves a file that is there as it is', () => {
  writeFileSync(path, 'before');
  createFile(path, 'text');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(names()).toEqual(['file']);
});

it('replaces a file, and what could be read of it by others', () => {
  writeFileSync(path, 'before', { mode: 0o644 });
  replaceFile(path, 'text');
  expect(readFileSync(path, 'utf8')).toBe('text');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(names()).toEqual(['file']);
});

it('takes the name of no link, though it leads nowhere', async () => {
  symlinkSync(join(directory.path, 'nowhere'), path);
  expect(() => createFile(path, 'text')).toThrow('EEXIST');
  await expect(writeWhole(path, (draft) => writeFileSync(draft, 'text'))).rejects.toThrow('EEXIST');
  expect(names()).toEqual(['file']);
});

it('makes nothing when the writing fails, and takes away what was beside the draft', async () => {
  const writing = writeWhole(
    path,
    (draft) => {
      writeFileSync(`${draft}-journal`, '');
      throw new Error('no room');
    },
    ['-journal'],
  );
  await expect(writing).rejects.toThrow('no room');
  expect(names()).toEqual([]);
});

it('makes directories that only their owner can look into, and leaves one that is there', () => {
  const deep = join(directory.path, 'a', 'b');
  makeDirectory(deep);
  makeDirectory(deep);
  expect(existsSync(deep)).toBe(true);
  expect(statSync(join(directory.path, 'a')).mode & 0o777).toBe(0o700);
});

it('makes a directory of a single letter below the one that the process is in', () => {
  const here = process.cwd();
  process.chdir(directory.path);
  try {
    makeDirectory('d');
    expect(names()).toEqual(['d']);
  } finally {
    process.chdir(here);
  }
});

it('a directory that nobody can make, or a file in its place, is an error and not a hang', () => {
  expect(() => makeDirectory('/proc/symbolon/data')).toThrow(/ENOENT|EACCES|EPERM|EROFS/);
  createFile(path, 'text');
  expect(() => makeDirectory(path)).toThrow(/EEXIST/);
  expect(() => makeDirectory(join(path, 'below'))).toThrow(/ENOTDIR/);
});
