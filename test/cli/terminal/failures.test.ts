/** What each failure is for scripts: the exit code, and the line on standard error. */
import { describe, expect, it } from 'vitest';
import { failureOf, failureText, UsageError, wantsJson } from '../../../src/cli/terminal/failures.ts';
import { ConfigError } from '../../../src/config/flags.ts';
import { SymbolonError } from '../../../src/core/errors.ts';
import { UntrustedFile } from '../../../src/files/trust.ts';
import { NoAnswer, SchemaError, ServerError } from '../../../src/store/postgres/faults.ts';
import { OpenError } from '../../../src/store/postgres/open.ts';
import { DirectoryError } from '../../../src/store/sqlite/directory.ts';
import { runCommand } from '../in-process.ts';

function ofSystem(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });
}

describe('the exit code', () => {
  it.each([
    ['a flag', new UsageError('x'), 2],
    ['a setting', new ConfigError('x'), 2],
    ['a file of others', new UntrustedFile('x'), 2],
    ['a directory', new DirectoryError('x'), 2],
    ['a schema', new SchemaError('x'), 2],
    ['a wrong server', new ServerError('x'), 2],
    ['a database that refuses', new OpenError('x', { cause: new Error('no such role') }), 2],
    ['a database that is away', new OpenError('x', { cause: ofSystem('ECONNREFUSED') }), 5],
    ['a database that is silent', new OpenError('x', { cause: new NoAnswer('x') }), 5],
    ['a host without an address', ofSystem('ENOTFOUND'), 5],
    ['what the core refuses', new SymbolonError('already_exists', 'x'), 4],
    ['what it does not find', new SymbolonError('not_found', 'x'), 3],
    ['what it does not take', new SymbolonError('invalid_argument', 'x'), 2],
    ['a store that is away', new SymbolonError('store_unavailable', 'x'), 5],
    ['a fault', new SymbolonError('internal', 'x'), 1],
    ['a full disk', ofSystem('ENOSPC'), 1],
    ['anything else', 'x', 1],
  ])('of %s', (_, error, exit) => {
    expect(failureOf(error).exit).toBe(exit);
  });
});

describe('the line', () => {
  const failure = failureOf(new SymbolonError('not_found', 'there is no user a\nb\u{1b}[31m'));

  it('is one line, whatever the message holds', () => {
    expect(failureText(failure, { json: false })).toBe('error: there is no user a\\u{a}b\\u{1b}[31m\n');
  });

  it('is an object for scripts', () => {
    const text = failureText(failure, { json: true });
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({
      error: { code: 3, reason: 'NOT_FOUND', message: 'there is no user a\nb\u{1b}[31m' },
    });
  });

  it.each([
    [['tenant', 'create', '--json'], true],
    [['tenant', 'create', 'x'], false],
    [['tenant', 'create', '--', '--json'], false],
  ])('of %j is for scripts: %s', (argv, json) => {
    expect(wantsJson(argv)).toBe(json);
  });
});

it.each([
  ['user', 'set-password', 'ann', 'hunter2'],
  ['token', 'introspect', 'rubbish', 'hunter2'],
  ['status', 'hunter2'],
])('%j %j: an argument too many is counted and not told, for it may be a password', async (...args) => {
  const { failure } = await runCommand(args);
  expect(failure).toMatch(/^USAGE: too many arguments .*but got \d\. See symbolon help/);
  expect(failure).not.toContain('hunter2');
});
