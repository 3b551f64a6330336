/** Between flags, the environment and a context: what counts, and what is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { destinationOf } from '../../../src/cli/api/destination.ts';
import { withContexts } from '../../../src/cli/contexts/apply.ts';
import { writeContexts } from '../../../src/cli/contexts/file.ts';
import { option } from '../../../src/config/flags.ts';

const PROD = { server: 'prod:443', client_id: 'ops', client_secret_file: '/secret', tenant: 'demo' };
const OF_PROD = { server: 'prod:443', clientId: 'ops', clientSecretFile: '/secret', tenant: 'demo', dataDir: './data' };
const LOCAL = { dataDir: './data' };

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function contexts(current?: string): void {
  const others = { test: { server: 'test:443', client_id: 'tester' } };
  writeContexts({ ...(current === undefined ? {} : { current }), contexts: { prod: PROD, ...others } });
}

/** The options that a command ran with. */
async function optionsOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<object> {
  for (const [name, value] of Object.entries(env)) {
    vi.stubEnv(name, value);
  }
  let got: object = {};
  const list = new Command('list').exitOverride().action((options: object) => {
    got = JSON.parse(JSON.stringify(options));
  });
  for (const flag of ['--server <s>', '--client-id <id>', '--client-secret-file <f>', '--ca <f>', '--store <s>']) {
    list.addOption(option(flag, ''));
  }
  list.addOption(option('--data-dir <d>', '').default('./data')).option('--tenant <t>');
  const backup = new Command('backup').exitOverride().action(() => undefined);
  const program = new Command('symbolon').exitOverride().addCommand(list).addCommand(backup);
  await withContexts(program).parseAsync(args, { from: 'user' });
  return got;
}

describe('a command goes', () => {
  it.each<[string, string | undefined, string[], Record<string, string>, object]>([
    ['to the store beside it', undefined, [], {}, LOCAL],
    ['to the current context', 'prod', [], {}, OF_PROD],
    ['to the context that a flag names, before the verb or after it', 'test', ['--context', 'prod'], {}, OF_PROD],
    ['to the context that the environment names', 'test', [], { SYMBOLON_CONTEXT: 'prod' }, OF_PROD],
    ['where a flag says', 'prod', ['--data-dir', 'x'], {}, { dataDir: 'x' }],
    ['where the environment says', 'prod', [], { SYMBOLON_DATA_DIR: 'x' }, { dataDir: 'x' }],
    [
      'where a flag says, whatever context the environment names',
      'prod',
      ['--data-dir', 'x'],
      { SYMBOLON_CONTEXT: 'prod' },
      { dataDir: 'x' },
    ],
    [
      'to the flag’s context, whatever the environment says',
      'test',
      ['--context', 'prod'],
      { SYMBOLON_SERVER: 'other:1' },
      { ...OF_PROD, ignoresEnvironment: true },
    ],
    [
      'to the flag’s context, with nothing that the environment says of its own server',
      'test',
      ['--context', 'prod'],
      {
        SYMBOLON_SERVER: 'other:1',
        SYMBOLON_CLIENT_ID: 'other',
        SYMBOLON_CLIENT_SECRET: 'sys_x',
        SYMBOLON_CA: '/other',
      },
      { ...OF_PROD, ignoresEnvironment: true },
    ],
    ['with the flag’s tenant', 'prod', ['--tenant', 'acme'], {}, { ...OF_PROD, tenant: 'acme' }],
    // The secret of a context is for its server alone.
    [
      'to another server without anything of the context',
      'prod',
      ['--server', 'evil:1'],
      {},
      { ...LOCAL, server: 'evil:1' },
    ],
  ])('%s', async (_, current, args, env, options) => {
    contexts(current);
    expect(await optionsOf(['list', ...args], env)).toEqual(options);
  });

  it('as another client without the secret of the context’s', async () => {
    contexts('prod');
    const { clientSecretFile: _, ...others } = OF_PROD;
    expect(await optionsOf(['list', '--client-id', 'me'])).toEqual({ ...others, clientId: 'me' });
  });

  it('with the secret of the environment before that of the context', async () => {
    contexts('prod');
    const { clientSecretFile: _, ...others } = OF_PROD;
    expect(await optionsOf(['list'], { SYMBOLON_CLIENT_SECRET: 'sys_x' })).toEqual(others);
  });
});

it('the secret of another server in the environment goes to no context, whether that has one or not', async () => {
  contexts();
  const env = { SYMBOLON_SERVER: 'other:1', SYMBOLON_CLIENT_SECRET: 'sys_x' };
  const options = await optionsOf(['list', '--context', 'test'], env);
  expect(destinationOf(options)).toEqual({ server: 'test:443', clientId: 'tester', usesTls: true });
  vi.stubEnv('SYMBOLON_SERVER', undefined);
  expect(destinationOf(await optionsOf(['list', '--context', 'test']))).toMatchObject({ clientSecret: 'sys_x' });
});

describe('a command is refused', () => {
  it.each<[string[], Record<string, string>, string]>([
    [
      ['list', '--context', 'prod', '--server', 'h:1'],
      {},
      '--context and --server are both given, and name two places. Leave one of them out',
    ],
    [['list', '--context', 'prod', '--data-dir', 'x'], {}, '--context and --data-dir are both given'],
    [['list', '--store', 'x', '--context', 'prod'], {}, '--context and --store are both given'],
    [['list'], { SYMBOLON_CONTEXT: 'prod', SYMBOLON_STORE: 'x' }, 'SYMBOLON_CONTEXT and SYMBOLON_STORE are both given'],
    [['list', '--context', 'pord'], {}, 'there is no context pord. There is prod, test'],
    [['list', '--context', 'constructor'], {}, 'there is no context constructor. There is prod, test'],
    [['backup', '--context', 'prod'], {}, 'symbolon backup takes no --context: it works on this machine. Leave it out'],
  ])('%j %j', async (args, env, message) => {
    contexts();
    await expect(optionsOf(args, env)).rejects.toThrow(message);
  });
});
