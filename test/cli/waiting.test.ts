/** `--wait`: which commands have it, and what they print. */
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { dataDirectory } from '../process/server-process.ts';
import { runCommand } from './in-process.ts';

const directory = dataDirectory();
const AT = ['--data-dir', directory.path] as const;
const ACME = ['--tenant', 'acme', ...AT] as const;

beforeAll(async () => {
  const made = [
    ['init', ...AT],
    ['tenant', 'create', 'acme', ...AT],
    ['client', 'create', '--id', 'app', ...ACME],
    ['user', 'create', '--login-name', 'ann', ...ACME],
    ['device', 'create', '--vendor-id', 'hub', ...ACME],
    ['device', 'create', '--vendor-id', 'lamp', ...ACME],
  ];
  for (const args of made) {
    expect(await runCommand(args)).toMatchObject({ failure: '' });
  }
});

afterAll(() => directory[Symbol.dispose]());

function waiting(command: Command, path: readonly string[] = []): string[] {
  const own = command.options.some(({ long }) => long === '--wait') ? [path.join(' ')] : [];
  return [...own, ...command.commands.flatMap((each) => waiting(each, [...path, each.name()]))];
}

/** Those that end tokens. */
const NAMES = [
  'token revoke',
  ...['user', 'device'].map((kind) => `${kind} set-password`),
  ...['attach', 'detach', 'give-token', 'revoke-token'].map((verb) => `device ${verb}`),
  'client add-secret',
  'consent withdraw',
  ...['user', 'device', 'client'].flatMap((kind) => ['revoke', 'disable', 'delete'].map((verb) => `${kind} ${verb}`)),
  ...['revoke', 'disable'].map((verb) => `tenant ${verb}`),
];

/** One of each file. */
const COMMANDS: readonly (readonly string[])[] = [
  ['token', 'revoke', 'fm_000000000000000000000000'],
  ['user', 'set-password', 'ann'],
  ['device', 'attach', 'lamp', '--gateway', 'hub'],
  ['client', 'add-secret', 'app', '--reset'],
  ['user', 'disable', 'ann'],
];

describe('--wait', () => {
  it('is there where tokens end, and nowhere else', () => {
    expect(waiting(makeProgram('0.0.0')).sort()).toEqual(NAMES.sort());
  });

  // A server that ended a moment ago may have had watchers, so each waits until that was long ago. A slow command need not wait any more.
  it.each(COMMANDS.map((args) => [args.join(' '), args] as const))('waits at %s', async (_name, args) => {
    const { stdout, failure } = await runCommand([...args, ...ACME, '--wait', '--json']);
    expect(failure).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      verifiers_acknowledged: 0,
      verifiers_waited_out: 0,
      unknown_waited_out: expect.any(Boolean),
      waited_ms: expect.any(Number),
    });
  });

  it('prints nothing of a wait that nobody asked for', async () => {
    const { stdout } = await runCommand(['tenant', 'revoke', 'acme', ...AT, '--json']);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['tenant_id', 'logins_ended', 'more_ended', 'revision']);
  });

  it('is refused where no token ends', async () => {
    const { failure } = await runCommand(['client', 'add-secret', 'app', ...ACME, '--wait']);
    expect(failure).toContain('--wait is given without --reset');
  });
});
