/** Commands to a server: what is said where it can't be reached or believed, and where the client is not who the command takes it for. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../process/tls-files.ts';
import { runCommand } from './in-process.ts';

let directory: ReturnType<typeof dataDirectory>;
let server: ServerProcess;
let there: string[];

beforeAll(async () => {
  directory = dataDirectory();
  const pair = HAS_OPENSSL ? makeCertificate(directory.root, 'server') : undefined;
  const tls = pair === undefined ? [] : ['--tls-cert', pair.certificate, '--tls-key', pair.key];
  server = await ServerProcess.startDemo({ dataDir: directory.path, args: ['--grpc-address', 'localhost:0', ...tls] });
  there = ['--server', server.grpcAddress, ...(pair === undefined ? [] : ['--ca', pair.certificate])];
  vi.stubEnv('XDG_CONFIG_HOME', directory.root);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.kill();
  directory[Symbol.dispose]();
});

async function failure(...args: string[]): Promise<string> {
  return (await runCommand(args)).failure;
}

describe('a command to a server', () => {
  it('says what keeps it from there, and that nothing was done', async () => {
    const { client_id: id, client_secret: secret } = server.demo.admin;
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', secret);
    const list = ['user', 'list', '--client-id', id];
    expect(await failure(...list, '--server', 'localhost:1')).toMatch(
      /^UNREACHABLE: the server localhost:1 can't be reached: .*ECONNREFUSED/,
    );
    expect(await failure(...list, ...there)).toBe('');
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', 'wrong');
    expect(await failure(...list, ...there)).toMatch(/^CALLER_UNAUTHENTICATED: .*SYMBOLON_CLIENT_SECRET/);
  });

  it('tells a wrong port, and a server without TLS, from one that is away', async () => {
    await using plain = await ServerProcess.startDemo({ dataDir: join(directory.root, 'plain') });
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', plain.demo.admin.client_secret);
    const list = ['user', 'list', '--client-id', plain.demo.admin.client_id, '--server'];
    expect(await failure(...list, plain.httpAddress)).toMatch(
      /can't be reached: it does not speak gRPC there\. Name the port/,
    );
    expect(await failure(...list, plain.grpcAddress, '--plaintext', 'off')).toMatch(
      /it does not speak TLS\. .*--plaintext/,
    );
  });

  it.runIf(HAS_OPENSSL)(
    'believes no certificate but one that it was told to, and speaks no plaintext to it',
    async () => {
      const { client_id: id, client_secret: secret } = server.demo.admin;
      vi.stubEnv('SYMBOLON_CLIENT_SECRET', secret);
      const list = ['user', 'list', '--client-id', id, '--server', server.grpcAddress];
      const other = makeCertificate(directory.root, 'other').certificate;
      expect(await failure(...list, '--ca', other)).toMatch(
        /^UNREACHABLE: the server localhost:\d+ can't be reached: .*certificate/,
      );
      expect(await failure(...list, '--plaintext', 'off')).toMatch(/^UNREACHABLE: .*certificate\. Name by --ca/);
      expect(await failure(...list, '--plaintext')).toMatch(
        /^UNREACHABLE: .*it closed the connection\. With TLS .*--ca/,
      );
      expect(await failure(...list, '--ca', join(directory.root, 'nothing'))).toMatch(/^USAGE: --ca .*ENOENT/);
    },
  );

  it('may do what its client’s roles let it, in its own tenant', async () => {
    const { client_id: id, client_secret: secret } = server.demo.admin;
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', secret);
    const as = ['--client-id', id, ...there];
    expect(await failure('user', 'list', '--tenant', 'other', ...as)).toBe(
      `PERMISSION_DENIED: the client ${id} is one of the tenant demo, and --tenant says other. ` +
        'Name demo, or call as a client of other',
    );
    expect(await failure('user', 'list', '--tenant', 'demo', ...as)).toBe('');
    expect(await failure('tenant', 'list', ...as)).toMatch(/^PERMISSION_DENIED: /);
    const { client_id, client_secret } = server.demo.service;
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', client_secret);
    expect(await failure('user', 'list', '--tenant', 'demo', '--client-id', client_id, ...there)).toMatch(
      /^PERMISSION_DENIED: /,
    );
    // Registering is open in the demo: it would have been done there, and told of the other tenant.
    const create = ['user', 'create', '--login-name', 'elsewhere', '--client-id', 'demo', ...there];
    vi.stubEnv('SYMBOLON_CLIENT_SECRET', undefined);
    expect(await failure(...create, '--tenant', 'other')).toMatch(
      /^PERMISSION_DENIED: the client demo may not read its tenant, so that --tenant other can't be checked/,
    );
  });

  it('goes where a flag says, with nothing of the server that the environment names', async () => {
    for (const variable of ['SERVER', 'CLIENT_ID', 'CA', 'CLIENT_SECRET_FILE']) {
      vi.stubEnv(`SYMBOLON_${variable}`, variable === 'SERVER' ? 'localhost:1' : 'x');
    }
    expect(await failure('tenant', 'list', '--data-dir', join(directory.root, 'nowhere'))).toMatch(
      /^USAGE: there is no store in .*nowhere/,
    );
  });

  it('goes to one place, and half of one is refused', async () => {
    const as = ['--client-id', 'a'];
    expect(await failure('tenant', 'list', '--server', 'localhost:1', '--data-dir', 'x', ...as)).toBe(
      'USAGE: --server and --data-dir are both given, and name two stores. Leave one of them out',
    );
    expect(await failure('tenant', 'list', '--server', 'localhost:1')).toMatch(
      /^USAGE: --server is given without --client-id/,
    );
    expect(await failure('tenant', 'list', ...as)).toMatch(/^USAGE: --client-id is given without --server/);
    expect(await failure('tenant', 'list', '--server', 'localhost')).toMatch(/It must be host:port/);
    const both = ['--ca', directory.path, '--plaintext'];
    expect(await failure('tenant', 'list', '--server', 'localhost:1', ...as, ...both)).toMatch(
      /^USAGE: --ca is given with --plaintext/,
    );
  });
});
