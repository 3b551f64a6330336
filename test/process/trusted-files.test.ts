/** No door takes a file that others could have put there, changed or read. What that means is tested in test/files. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from './program.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';

let directory: ReturnType<typeof dataDirectory>;

/** A directory with all that is believed, in place and right; and one to which all can write, with the same. */
beforeAll(async () => {
  directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: at('right') });
  await server.kill();
  expect((await runProgram(['store', 'backup', '--data-dir', at('right'), '--to', at('backup')])).code).toBe(0);
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o777);
  mkdirSync(at('open', 'data'), { mode: 0o700 });
  for (const name of ['symbolon.db', 'symbolon.key', 'demo.json']) {
    copyFileSync(at('right', name), at('open', 'data', name));
  }
  copyFileSync(at('backup'), at('open', 'backup'));
  writeFileSync(at('open', 'secret'), 'x', { mode: 0o600 });
  writeFileSync(at('readable'), 'x', { mode: 0o644 });
});
afterAll(() => directory[Symbol.dispose]());

function at(...names: string[]): string {
  return join(directory.root, ...names);
}

async function refusal(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(args);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([2, '']);
  return stderr;
}

const data = (name: string) => ['--data-dir', at(name)];
const serve = (...args: string[]) => ['serve', ...FREE_PORTS, ...args];
const smtp = (file: string) => [
  ...data('right'),
  ...['--smtp-url', 'smtps://u@mail.example', '--mail-from', 'a@b.example', '--smtp-password-file', file],
];
const sms = (file: string) => [
  ...data('right'),
  ...['--sms-webhook-url', 'https://sms.example', '--sms-webhook-secret-file', file],
];
const tls = (cert: string, key: string) => [...data('right'), '--tls-cert', cert, '--tls-key', key];
const postgres = (...args: string[]) => ['--store', 'postgres://db.example/symbolon', '--store-tls-ca', ...args];

describe('in a directory to which all can write is refused', () => {
  it.each<[string, string, () => string[]]>([
    ['the data directory', 'of a server', () => serve(...data('open/data'))],
    ['the data directory', 'of a new store', () => ['init', ...data('open/new')]],
    ['the data directory', 'of a command', () => ['tenant', 'create', 'acme', ...data('open/data')]],
    ['the data directory', 'of a backup', () => ['store', 'backup', ...data('open/data'), '--to', at('never')]],
    [
      'the data directory',
      'of a copy',
      () => ['store', 'copy', '--from', `sqlite:${at('open/data')}`, '--to', 'sqlite:x'],
    ],
    [
      'the data directory',
      'of a restored store',
      () => ['store', 'restore', ...data('open/r'), '--from', at('backup')],
    ],
    ['the backup', 'that is made', () => ['store', 'backup', ...data('right'), '--to', at('open/new')]],
    ['the backup', 'that is restored', () => ['store', 'restore', ...data('new'), '--from', at('open/backup')]],
    ['the key file', 'of a server', () => serve(...data('right'), '--key-file', at('open/data/symbolon.key'))],
    ['the key file', 'that is to be made', () => serve(...data('right'), '--key-file', at('open/new.key'))],
    [
      'the key file',
      'that is replaced',
      () => ['key', 'replace', ...data('right'), '--previous', at('open/data/symbolon.key')],
    ],
    ['--tls-cert', 'of a server', () => serve(...tls(at('open/secret'), at('open/secret')))],
    ['--smtp-password-file', 'of a server', () => serve(...smtp(at('open/secret')))],
    ['--sms-webhook-secret-file', 'of a server', () => serve(...sms(at('open/secret')))],
    ['--store-tls-ca', 'of a node', () => serve(...postgres(at('open/secret')))],
  ])('%s %s', async (what, _, args) => {
    const line = await refusal(args());
    expect(line).toContain(`${what} ${directory.root}`);
    expect(line).toContain(
      `lies in ${at('open')}, to which others can write, who could put another in its place. Run chmod go-w`,
    );
  });
});

describe('that others can read is refused', () => {
  it.each<[string, () => string[]]>([
    ['the key file', () => serve(...data('right'), '--key-file', at('readable'))],
    ['--smtp-password-file', () => serve(...smtp(at('readable')))],
    ['--sms-webhook-secret-file', () => serve(...sms(at('readable')))],
  ])('%s', async (what, args) => {
    expect(await refusal(args())).toBe(`error: ${what} ${at('readable')} can be read by others. Run chmod 600 on it\n`);
  });

  it('the record of the demo', async () => {
    chmodSync(at('right', 'demo.json'), 0o644);
    expect(await refusal(serve(...data('right'), '--demo'))).toContain('the record of the demo tenant');
    chmodSync(at('right', 'demo.json'), 0o600);
  });
});

it('refuses a store that others can write', async () => {
  for (const name of ['symbolon.db', 'symbolon.db-wal']) {
    const path = at('right', name);
    if (name !== 'symbolon.db') {
      writeFileSync(path, '');
    }
    chmodSync(path, 0o666);
    expect(await refusal(serve(...data('right')))).toBe(
      `error: the file ${path} can be written by others. Run chmod go-w ${path}, if it is right\n`,
    );
    chmodSync(path, 0o600);
  }
  renameSync(at('right', 'symbolon.db-wal'), at('gone'));
});
