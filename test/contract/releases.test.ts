/** A release of the contract is kept as an image, and what it has can't be broken any more. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkContract, newestRelease, releaseContract } from '../../scripts/contract-releases.ts';
import { temporaryDirectory } from '../support.ts';

const ROOT = join(import.meta.dirname, '../..');

let directory: ReturnType<typeof temporaryDirectory>;

beforeEach(() => {
  directory = temporaryDirectory();
  for (const path of ['proto', 'third_party', 'buf.yaml']) {
    cpSync(join(ROOT, path), at(path), { recursive: true, filter: (source) => !source.endsWith('.binpb') });
  }
  writeFileSync(at('package.json'), '{ "version": "0.9.0" }');
});

afterEach(() => directory.remove());

function at(path: string): string {
  return join(directory.path, path);
}

function edit(path: string, from: string, to: string): void {
  const before = readFileSync(at(path), 'utf8');
  expect(before).toContain(from);
  writeFileSync(at(path), before.replace(from, to));
}

describe('a release', () => {
  it.each([
    ['token_service.proto', '  string access_token = 1;', '  string access_token = 11;'],
    ['token_service.proto', 'rpc Revoke(', 'rpc Unissue('],
    ['user_service.proto', '  string login_name = 1;', '  string username = 1;'],
    ['audit_service.proto', 'option go_package = "', 'option go_package = "elsewhere.'],
    ['error_reason.proto', '  ERROR_REASON_LOGIN_LOCKED = 5;', '  ERROR_REASON_LOCKED = 5;'],
  ])('holds %s: %s', (file, from, to) => {
    releaseContract(directory.path);
    edit(`proto/symbolon/v1/${file}`, from, to);
    expect(() => checkContract(directory.path)).toThrow(file);
  });

  it('is made once, and lets the contract grow', () => {
    expect(checkContract(directory.path)).toContain('nothing is in proto/releases yet');
    expect(releaseContract(directory.path)).toBe('proto/releases/0.9.0.binpb');
    expect(checkContract(directory.path)).toBe('nothing is broken that proto/releases/0.9.0.binpb has');
    expect(() => releaseContract(directory.path)).toThrow('proto/releases/0.9.0.binpb is there. Set a later version');
    edit('package.json', '0.9.0', '0.10.0');
    edit(
      'proto/symbolon/v1/token_service.proto',
      '  string request_id = 7;',
      '  string request_id = 7;\n  bool added = 99;',
    );
    expect(releaseContract(directory.path)).toBe('proto/releases/0.10.0.binpb');
    edit('proto/symbolon/v1/token_service.proto', '  bool added = 99;', '');
    edit('package.json', '0.10.0', '0.11.0');
    expect(() => releaseContract(directory.path)).toThrow('added');
    expect(readdirSync(at('proto/releases')).sort()).toEqual(['0.10.0.binpb', '0.9.0.binpb']);
    edit('package.json', '0.11.0', '0.2.0');
    expect(() => releaseContract(directory.path)).toThrow('proto/releases/0.10.0.binpb is there');
  });

  it('has three numbers', () => {
    edit('package.json', '0.9.0', '0.9.0-rc.1');
    expect(() => releaseContract(directory.path)).toThrow('must be three numbers');
    expect(newestRelease(['0.9.0.binpb', '0.10.0.binpb', '0.2.11.binpb', '9.9.9-rc.1.binpb', 'README.md'])).toBe(
      '0.10.0.binpb',
    );
    expect(newestRelease([])).toBeUndefined();
  });
});
