/** What a server, or what is on the way to it, can do to a command that calls it. */
import { createServer } from 'node:net';
import { Metadata, Server, ServerCredentials, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Status } from '../../gen/ts/google/rpc/status.ts';
import { TenantServiceService } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import { toStatus } from '../../src/calls/status.ts';
import type { Api } from '../../src/cli/api/api.ts';
import { openRemote } from '../../src/cli/api/remote.ts';
import { failureOf } from '../../src/cli/terminal/failures.ts';
import { openGrpcBed } from '../grpc/client.ts';
import { runProgram } from '../process/program.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

function open(server: string, clientId = 'admin', clientSecret = 'secret'): Api {
  const api = openRemote({ server, clientId, clientSecret, usesTls: false }, '');
  cleanups.push(() => api.close());
  return api;
}

it.each(['http_proxy', 'https_proxy', 'grpc_proxy'])(
  'without TLS nothing goes to the proxy that %s names: it would read the secret',
  async (variable) => {
    const bed = await openGrpcBed();
    cleanups.push(() => bed.close());
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => proxy.close());
    const { port } = proxy.address() as { port: number };
    vi.stubEnv(variable, `http://127.0.0.1:${port}`);
    const { tenant } = await open(bed.address, 'admin', bed.adminSecret).call('getTenant', { tenantId: '' });
    expect(tenant?.tenantId).not.toBe('');
    expect(connections).toBe(0);
  },
);

async function hostile(details: Buffer, code = status.UNAVAILABLE): Promise<string> {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', details);
  const server = new Server();
  const fail = (_call: unknown, done: (error: object) => void) => done({ code, details: 'away', metadata });
  const handlers = Object.fromEntries(Object.keys(TenantServiceService).map((name) => [name, fail]));
  server.addService(TenantServiceService, handlers as unknown as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  cleanups.push(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

describe('details of an error that can’t be read', () => {
  it.each([
    ['no protobuf', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 1])],
    ['cut off', Buffer.from([0x1a, 0x40, 0x0a])],
    ['an ErrorInfo of nothing', Buffer.from('\x1a\x22\x0a\x1d/google.rpc.ErrorInfo________\x12\x01\xff', 'latin1')],
  ])('%s: what is known of the outcome is said all the same', async (_what, details) => {
    const api = open(await hostile(details));
    await expect(api.call('getTenant', { tenantId: '' })).rejects.toMatchObject({ code: 'unreachable' });
    await expect(api.call('disableTenant', { tenantId: 'acme' })).rejects.toMatchObject({ code: 'outcome_unknown' });
  });
});

it('over TLS to an address, a failure is one line of JSON, and nothing of Node is before it', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  cleanups.push(() => closed.close());
  closed.on('connection', (socket) => socket.destroy());
  const args = [
    'tenant',
    'get',
    'acme',
    '--server',
    `127.0.0.1:${port}`,
    '--plaintext',
    'off',
    '--client-id',
    'a',
    '--json',
  ];
  const { stderr } = await runProgram(args);
  expect(stderr).toMatch(/^\{"error":\{[^\n]*\}\n$/);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 5, reason: 'UNREACHABLE' } });
});

it('a change that a server gave up waiting for may have been done, and a read was not', async () => {
  const { details } = toStatus(
    { code: 'deadline_exceeded', message: 'The deadline passed', retryAfterMs: undefined },
    'r',
  );
  const bytes = Status.encode({ code: status.DEADLINE_EXCEEDED, message: '', details }).finish();
  const api = open(await hostile(Buffer.from(bytes), status.DEADLINE_EXCEEDED));
  await expect(api.call('getTenant', { tenantId: '' })).rejects.toMatchObject({ code: 'deadline_exceeded' });
  const failure: unknown = await api.call('disableTenant', { tenantId: 'acme' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'outcome_unknown',
    message: expect.stringContaining('look before you repeat it'),
  });
  // For scripts: what is tried again at 5 would be done twice.
  expect(failureOf(failure).exit).toBe(6);
});
