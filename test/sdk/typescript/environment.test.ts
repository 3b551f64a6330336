/** What the environment must not change: a proxy gets nothing that is for this machine, and DNS says nothing of repeats. */
import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { Client } from '../../../sdk/typescript/client/src/index.ts';
import { Verifier } from '../../../sdk/typescript/server/src/index.ts';
import { ScriptedServer } from './scripted-server.ts';

const CREDENTIALS = { clientId: 'a', clientSecret: 'b' };
/** Nobody listens to it; else Node would warn. */
const onWatchEnd = () => {};

/** Listens, as the proxy of a company does, and forwards nothing. `heard`: the first line of each connection. */
async function startProxy() {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => {})
      .once('data', (bytes) => {
        heard.push(String(bytes).split('\r\n')[0] ?? '');
        socket.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const dispose = async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, heard, sockets, [Symbol.asyncDispose]: dispose };
}

const LOWER = ['grpc_proxy', 'https_proxy', 'http_proxy', 'all_proxy'];
const NAMES = [...LOWER, ...LOWER.map((name) => name.toUpperCase())];

afterEach(() => vi.unstubAllEnvs());

/** None counts but this one. */
function stubProxy(name: string, url: string): void {
  for (const each of [...NAMES, 'no_proxy', 'NO_PROXY', 'no_grpc_proxy']) {
    vi.stubEnv(each, undefined);
  }
  vi.stubEnv(name, url);
}

const failing = (error: unknown) => error;

it.each(NAMES)('with %s a proxy gets nothing that is for loopback', async (name) => {
  await using proxy = await startProxy();
  await using server = await ScriptedServer.start();
  server.greets = true;
  stubProxy(name, proxy.url);
  for (const host of ['localhost', '127.0.0.1', 'dns:localhost', 'dns:///localhost', 'ipv4:127.0.0.1']) {
    const address = `${host}:${server.port}`;
    using client = new Client({ address, ...CREDENTIALS });
    using verifier = new Verifier({ address, ...CREDENTIALS, onWatchEnd });
    const { subjectId } = await client.tokens.introspect({ token: 'syu_one' });
    expect(subjectId, address).toBe('ann');
    expect(await verifier.check('syu_one'), address).toMatchObject({ subjectId });
  }
  expect(proxy.sockets.size).toBe(0);
});

it.each(['grpc_proxy', 'https_proxy', 'http_proxy'])(
  'with %s a proxy gets nothing that is for loopback, also with TLS, and where nobody listens',
  async (name) => {
    await using proxy = await startProxy();
    await using server = await ScriptedServer.start();
    stubProxy(name, proxy.url);
    for (const [host, plaintext] of [
      ['localhost', false],
      ['[::1]', true],
      ['127.1.2.3', true],
    ] as const) {
      const options = { address: `${host}:${server.port}`, ...CREDENTIALS, plaintext };
      using client = new Client(options);
      using verifier = new Verifier({ ...options, onWatchEnd });
      expect(await client.tokens.introspect({ token: 'a' }).catch(failing)).toHaveProperty('code');
      expect(await Promise.resolve(verifier.check('a')).catch(failing)).toHaveProperty('code');
    }
    expect(proxy.sockets.size).toBe(0);
  },
);

it('a proxy of the environment is used for other machines, as grpc-js does', async () => {
  await using proxy = await startProxy();
  stubProxy('https_proxy', proxy.url);
  using client = new Client({ address: 'tokens.invalid:1', ...CREDENTIALS });
  await client.tokens.introspect({ token: 'a' }).catch(() => {});
  expect(proxy.heard[0]).toBe('CONNECT tokens.invalid:1 HTTP/1.1');
});

it('no server of DNS is asked how calls are repeated', async () => {
  const socket = createSocket('udp4');
  const asked: Buffer[] = [];
  socket.on('message', (bytes) => asked.push(bytes));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const before = dns.getServers();
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
  onTestFinished(() => {
    dns.setServers(before);
    socket.close();
  });
  await using server = await ScriptedServer.start();
  const address = `localhost:${server.port}`;
  using client = new Client({ address, ...CREDENTIALS });
  using verifier = new Verifier({ address, ...CREDENTIALS, onWatchEnd });
  expect(await client.tokens.introspect({ token: 'syu_one' })).toMatchObject({ active: true });
  expect(await verifier.check('syu_one')).toMatchObject({ subjectId: 'ann' });
  // A question that is asked last comes after all others.
  void dns.promises.resolveTxt('last.invalid').catch(() => {});
  await vi.waitUntil(() => asked.some((bytes) => bytes.includes('last')), { timeout: 20_000 });
  expect(asked.every((bytes) => bytes.includes('last'))).toBe(true);
});
