/** The bare client and what a real server never does: it is silent, gone, or fails as often as a test wants. */
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { IDEMPOTENT } from '../../../../gen/ts/symbolon/idempotent.ts';
import {
  IntrospectResponse,
  IssueResponse,
  TokenServiceService,
} from '../../../../gen/ts/symbolon/v1/token_service.ts';
import { Client } from '../../../../sdk/typescript/client/src/index.ts';
import { eventually, ROOT } from '../../../process/program.ts';
import { failureOf } from './failure.ts';

const CREDENTIALS = { clientId: 'a', clientSecret: 'b' };

/** Fails each call so many times, and then answers it. `calls`: how often each method was called. */
async function serveFailing(failures: number, code: status) {
  const calls = { introspect: 0, issue: 0 };
  const server = new Server();
  const handler =
    <Response>(name: keyof typeof calls, response: Response) =>
    (_: unknown, answer: (error: object | null, response?: Response) => void) => {
      calls[name] += 1;
      answer(calls[name] <= failures ? { code, details: 'not now' } : null, response);
    };
  const { introspect, issue } = TokenServiceService;
  server.addService({ introspect, issue } as never, {
    introspect: handler('introspect', IntrospectResponse.fromPartial({ active: true })),
    issue: handler('issue', IssueResponse.fromPartial({})),
  });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (error: Error | null, bound: number) => (error === null ? resolve(bound) : reject(error));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
  });
  const client = new Client({ address: `127.0.0.1:${port}`, ...CREDENTIALS });
  const dispose = () => {
    client.close();
    server.forceShutdown();
  };
  return { calls, client, [Symbol.dispose]: dispose };
}

it('repeats what is UNAVAILABLE where the contract says that a call may be repeated, and nothing else', async () => {
  using twice = await serveFailing(2, status.UNAVAILABLE);
  expect(await twice.client.tokens.introspect({ token: 'a' })).toMatchObject({ active: true });
  expect(await failureOf(twice.client.tokens.issue({}))).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  expect(twice.calls).toEqual({ introspect: 3, issue: 1 });
  using always = await serveFailing(9, status.UNAVAILABLE);
  expect(await failureOf(always.client.tokens.introspect({ token: 'a' }))).toMatchObject({ code: 'UNAVAILABLE' });
  expect(always.calls).toEqual({ introspect: 3, issue: 0 });
  using otherwise = await serveFailing(1, status.INTERNAL);
  expect(await failureOf(otherwise.client.tokens.introspect({ token: 'a' }))).toMatchObject({ code: 'INTERNAL' });
  expect(otherwise.calls).toEqual({ introspect: 1, issue: 0 });
});

it('knows of each method what the contract says', () => {
  const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(`${ROOT}gen/descriptors.binpb`));
  const methods = file
    .filter((each) => each.package === 'symbolon.v1')
    .flatMap((each) => each.service.flatMap(({ name, method }) => method.map((one) => ({ name, one }))));
  const repeatable = methods.filter(
    ({ one }) => (one.options?.idempotencyLevel ?? Level.IDEMPOTENCY_UNKNOWN) !== Level.IDEMPOTENCY_UNKNOWN,
  );
  expect(repeatable.length).toBeGreaterThan(30);
  expect(IDEMPOTENT).toEqual(repeatable.map(({ name, one }) => `/symbolon.v1.${name}/${one.name}`));
});

/** One that listens and says nothing. `first`: the first byte that came. */
async function serveSilence(host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  const { promise: first, resolve } = Promise.withResolvers<number | undefined>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', (bytes) => resolve(bytes[0])).on('error', () => {});
  });
  await new Promise<void>((ready) => server.listen(0, host, ready));
  const { port } = server.address() as { port: number };
  const dispose = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  };
  return { address: `${host}:${port}`, first, sockets, [Symbol.dispose]: dispose };
}

it('gives a call up after its time, and another after its own', async () => {
  using peer = await serveSilence();
  using client = new Client({ address: peer.address, ...CREDENTIALS, timeoutMs: 50 });
  expect(await failureOf(client.tokens.issue({}))).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true });
  using patient = new Client({ address: peer.address, ...CREDENTIALS });
  expect(await failureOf(patient.tokens.issue({}, { timeoutMs: 50 }))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
});

it.each([true, false])(
  'leaves no connection behind, also one that is never set up (plaintext: %s)',
  async (plaintext) => {
    using peer = await serveSilence();
    const client = new Client({ address: peer.address, ...CREDENTIALS, plaintext });
    const call = failureOf(client.tokens.issue({}, { timeoutMs: 500 }));
    await peer.first;
    client.close();
    await call;
    await eventually('no connection', () => peer.sockets.size === 0);
  },
);

it('tells calls after its end, and those that wait for a connection, that it is closed', async () => {
  using peer = await serveSilence();
  const client = new Client({ address: peer.address, ...CREDENTIALS, timeoutMs: 60_000 });
  const waiting = [
    client.tokens.issue({}),
    client.tokens.introspect({}),
    client.tokens.watchRevocations(never()).next(),
  ];
  const failures = waiting.map(failureOf);
  await peer.first;
  client.close();
  client.close();
  failures.push(failureOf(client.tokens.issue({})), failureOf(client.tokens.watchRevocations(never()).next()));
  for (const failure of await Promise.all(failures)) {
    const message = expect.stringMatching(/^\w+: CANCELLED: the client is closed: make a new one$/);
    expect(failure).toMatchObject({ code: 'CANCELLED', retryable: false, message });
  }
});

it('ends a call whose signal is aborted, before it and while it is under way', async () => {
  using peer = await serveSilence();
  using client = new Client({ address: peer.address, ...CREDENTIALS, timeoutMs: 60_000 });
  const reason = new Error('nobody waits');
  const cancelled = { code: 'CANCELLED', retryable: false, cause: reason };
  expect(await failureOf(client.tokens.issue({}, { signal: AbortSignal.abort(reason) }))).toMatchObject(cancelled);
  const controller = new AbortController();
  const call = failureOf(client.tokens.issue({}, { signal: controller.signal }));
  const stream = failureOf(client.tokens.watchRevocations(never(), { signal: controller.signal }).next());
  await peer.first;
  controller.abort(reason);
  expect(await call).toMatchObject(cancelled);
  expect(await stream).toMatchObject(cancelled);
});

it('refuses names of options and fields that there are not', async () => {
  using client = new Client({ address: '127.0.0.1:1', ...CREDENTIALS });
  expect(await failureOf(client.tokens.revoke({ token: 'syu_secret' } as never))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/it has no token, but target, wait/),
  });
  expect(await failureOf(client.tokens.issue({}, { deadline: 5 } as never))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'deadline is not an option. The options are timeoutMs, signal',
  });
  expect(() => new Client({ address: '127.0.0.1:1', ...CREDENTIALS, timeout: 5 } as never)).toThrow('timeout is not');
});

async function* never(): AsyncGenerator<never> {
  await new Promise<never>(() => {});
}

it('tells that nobody listens', async () => {
  const { address } = await serveSilence().then((peer) => {
    peer[Symbol.dispose]();
    return peer;
  });
  using client = new Client({ address, ...CREDENTIALS });
  const failure = await failureOf(client.tokens.issue({}));
  expect(failure).toMatchObject({
    code: 'UNAVAILABLE',
    retryable: true,
    message: expect.stringMatching('ECONNREFUSED'),
  });
});

const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && each.family === 'IPv4' && !each.internal)?.address;

it.skipIf(OUTSIDE === undefined && process.env.SYMBOLON_CI !== '1')(
  'speaks TLS to whatever is not this machine’s loopback, unless it is asked not to',
  async () => {
    const speak = async (host: string | undefined, plaintext?: boolean) => {
      using peer = await serveSilence(host);
      const options = plaintext === undefined ? {} : { plaintext };
      using client = new Client({ address: peer.address, ...CREDENTIALS, ...options });
      const call = failureOf(client.tokens.issue({}, { timeoutMs: 60_000 }));
      const byte = await peer.first;
      peer[Symbol.dispose]();
      await call;
      // A record of a handshake (RFC 8446 section 5.1), or the P of the preface (RFC 9113 section 3.4).
      return { 22: 'TLS', 80: 'plaintext' }[byte ?? 0];
    };
    expect(await speak(OUTSIDE)).toBe('TLS');
    expect(await speak(OUTSIDE, true)).toBe('plaintext');
    expect(await speak('127.0.0.1')).toBe('plaintext');
    expect(await speak('127.0.0.1', false)).toBe('TLS');
  },
);
