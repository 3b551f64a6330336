/** One data directory serves one server; the operator's commands work beside it. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, failureOf, TokenClient } from './grpc-client.ts';
import { eventually, runProgram } from './program.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';

describe('a second server on a data directory', () => {
  it('refuses by whatever path it comes, and names the directory, the process that has it, and the way out', async () => {
    using directory = dataDirectory();
    await using first = await ServerProcess.start({ dataDir: directory.path });
    const link = join(directory.root, 'link');
    symlinkSync(directory.path, link);
    for (const path of [directory.path, link]) {
      const second = await runProgram(['serve', '--data-dir', path, ...FREE_PORTS]);
      expect(second.code).toBe(2);
      expect(second.stdout).toBe('');
      expect(second.stderr).toBe(
        `error: the data directory ${path} is in use by another symbolon server (process ${first.pid}). ` +
          'Stop that one, or name another directory with --data-dir: SQLite serves one server\n',
      );
    }
  });

  it('starts when the first was killed, for the lock dies with its process', async () => {
    using directory = dataDirectory();
    await using first = await ServerProcess.startDemo({ dataDir: directory.path });
    using before = TokenClient.admin(first.demo);
    const { accessToken } = await before.issueToClient(first.demo.admin);
    await first.kill();
    await using second = await ServerProcess.startDemo({ dataDir: directory.path });
    using after = TokenClient.admin(second.demo);
    expect(await after.isActive(accessToken)).toBe(true);
  });
});

describe('beside a running server', () => {
  let directory: ReturnType<typeof dataDirectory>;
  let server: ServerProcess;
  let client: TokenClient;

  beforeAll(async () => {
    directory = dataDirectory();
    server = await ServerProcess.startDemo({ dataDir: directory.path });
    client = TokenClient.admin(server.demo);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server.kill();
    directory[Symbol.dispose]();
  });

  async function command(...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await runProgram([...args, '--data-dir', directory.path, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it('a token that a command revoked is inactive at once', async () => {
    const { accessToken, refreshToken } = await client.issueToClient(server.demo.admin);
    expect(await client.isActive(accessToken)).toBe(true);
    const { revision } = await command('token', 'revoke', accessToken);
    expect(await client.introspect(accessToken)).toMatchObject({ active: false, revision });
    expect((await failureOf(client.refresh(refreshToken))).reason).toBe('INVALID_REFRESH_TOKEN');
  });

  it('a token that the server revoked is inactive to a command at once', async () => {
    const { accessToken } = await client.issueToClient(server.demo.admin);
    expect(await command('token', 'introspect', accessToken)).toMatchObject({ active: true });
    await client.revokeToken(accessToken);
    expect(await command('token', 'introspect', accessToken)).toEqual({ active: false });
  });

  it('a client that a command made can call at once', async () => {
    const made = await command('client', 'create', '--tenant', 'demo', '--role', 'introspect');
    const { client_id, client_secret } = made as Record<'client_id' | 'client_secret', string>;
    using other = new TokenClient(server.grpcAddress, basic(client_id, client_secret));
    const { accessToken } = await other.issueToClient({ client_id, client_secret });
    expect(await other.isActive(accessToken)).toBe(true);
  });

  it('commands get their turn while the server writes without a pause', async () => {
    let isDone = false;
    let writes = 0;
    const writers = Array.from({ length: 16 }, async () => {
      using writer = TokenClient.admin(server.demo);
      while (!isDone) {
        await writer.issueToClient(server.demo.admin);
        writes += 1;
      }
    });
    const { accessToken } = await client.issueToClient(server.demo.admin);
    await eventually('many writes', () => writes > 100);
    const before = writes;
    await command('token', 'revoke', accessToken);
    const during = writes - before;
    expect(await client.isActive(accessToken)).toBe(false);
    isDone = true;
    await Promise.all(writers);
    expect(during).toBeGreaterThan(0);
  });

  it('init leaves the store as it is', async () => {
    const { accessToken } = await client.issueToClient(server.demo.admin);
    await command('init');
    expect(await client.isActive(accessToken)).toBe(true);
  });
});
