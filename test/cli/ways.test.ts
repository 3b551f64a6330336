/** The same commands on the store itself, and through the server that has it: one answer. */
import { chmodSync, existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TenantServiceService } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import { tryLockDirectory } from '../../src/store/sqlite/directory.ts';
import { eventually, runProgram, startProgram } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { Workspace } from './workspace.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
});
afterEach(() => workspace[Symbol.dispose]());

const SCRIPT: readonly (readonly string[])[] = [
  ['tenant', 'create', 'acme', '--display-name', 'Acme Inc.', '--public-scope', 'read'],
  ['tenant', 'update', 'acme', '--login-attempts', '7'],
  ['tenant', 'get', 'acme'],
  ['tenant', 'list'],
];
const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['tenant', 'create', 'acme'], 'The id acme is taken'],
  [['tenant', 'get', 'nothing'], 'There is no tenant nothing'],
];

const TIMES = /"create_time":"[^"]*"/g;

async function answers(): Promise<string[]> {
  const printed: string[] = [];
  for (const args of SCRIPT) {
    printed.push((await workspace.text([...args, '--json'])).replace(TIMES, '"create_time":"…"'));
  }
  for (const [args, message] of REFUSED) {
    expect(await workspace.refusal(args)).toBe(message);
  }
  return printed;
}

it('a command answers alike without a server and beside one', async () => {
  const alone = await answers();
  workspace[Symbol.dispose]();
  workspace = new Workspace();
  await using _server = await ServerProcess.start({ dataDir: workspace.path });
  expect(await answers()).toEqual(alone);
});

it('the log of the server says which user of the machine ran a command', async () => {
  await using server = await ServerProcess.start({ dataDir: workspace.path, args: ['--log-level', 'info'] });
  await workspace.text(['tenant', 'create', 'acme']);
  const { username } = userInfo();
  const line = { door: 'grpc', method: 'CreateTenant', operator: username, code: 'ok' };
  const lines = () => server.running.stderr.split('\n').filter((text) => text.includes('CreateTenant'));
  await eventually(
    'the line',
    () => server.running.stderr.includes('CreateTenant') && server.running.stderr.endsWith('\n'),
  );
  expect(lines().map((text) => JSON.parse(text))).toEqual([expect.objectContaining(line)]);
  expect(lines()[0]).not.toMatch(/"(client|address)"/);
  expect(await workspace.text(['audit', 'list', '--tenant', 'acme', '--json'])).not.toContain('unknow');
});

describe('beside another command', () => {
  it('a command waits for it', async () => {
    const lock = tryLockDirectory(workspace.path);
    const command = startProgram(['tenant', 'create', 'acme', '--data-dir', workspace.path]);
    setTimeout(() => lock?.release(), 1_000);
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  it('that goes on, a command says after a while that it could not wait', async () => {
    const lock = tryLockDirectory(workspace.path);
    const { code, stderr } = await runProgram(['tenant', 'list', '--data-dir', workspace.path]);
    expect(code).toBe(5);
    expect(stderr).toBe(
      `error: the data directory ${workspace.path} is in use by another symbolon, which takes no commands now: ` +
        'it starts, ends, or is a command itself. Repeat the command later\n',
    );
    lock?.release();
  });
});

describe('beside a server', () => {
  it('that was killed, the next command opens the store, and the next server makes the socket anew', async () => {
    const socket = join(workspace.path, 'symbolon.sock');
    await using first = await ServerProcess.start({ dataDir: workspace.path });
    await workspace.text(['tenant', 'create', 'acme']);
    await first.kill();
    expect(existsSync(socket)).toBe(true);
    await workspace.text(['tenant', 'create', 'globex']);
    await using second = await ServerProcess.start({ dataDir: workspace.path });
    expect(await workspace.text(['tenant', 'list'])).toContain('globex');
    await second.running.end('SIGTERM');
    expect(existsSync(socket)).toBe(false);
  });

  it.each([
    [['tenant', 'create', 'acme'], 'Whether it was done is not known: look before you repeat it'],
    [['tenant', 'get', 'acme'], 'Repeat the command'],
  ])('that is gone in the middle, %j says what is known', async (args, mend) => {
    const { promise: received, resolve } = Promise.withResolvers<void>();
    const server = new Server();
    const handlers = Object.fromEntries(Object.keys(TenantServiceService).map((name) => [name, () => resolve()]));
    server.addService(TenantServiceService, handlers as unknown as UntypedServiceImplementation);
    const lock = tryLockDirectory(workspace.path);
    const path = join(workspace.path, 'symbolon.sock');
    await new Promise((bound) => server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), bound));
    chmodSync(path, 0o600);
    const command = startProgram([...args, '--data-dir', workspace.path]);
    await received;
    server.forceShutdown();
    expect((await command.ended).code).not.toBe(0);
    expect(command.stderr).toMatch(/^error: the way to the server of \S+ broke before an answer came \(.+\)\. /);
    expect(command.stderr).toContain(mend);
    lock?.release();
  });
});
