/** The page that is scraped, by scrapers that are slow, silent, many or wrong. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { MetricsPage } from '../../src/telemetry/page.ts';
import { PATIENTLY } from '../core/fixtures.ts';

let page: MetricsPage | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  await page?.stop();
  page = undefined;
});

async function serve(read: () => Promise<string>): Promise<{ url: string; failures: unknown[] }> {
  const failures: unknown[] = [];
  page = await MetricsPage.start({ address: '127.0.0.1:0', text: read, onFailure: (error) => failures.push(error) });
  return { url: `http://${page.address}`, failures };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

it('answers GET and HEAD at /metrics, and refuses the rest', async () => {
  const { url } = await serve(async () => 'up 1\n');
  const answer = await fetch(`${url}/metrics?name[]=up`);
  expect(await answer.text()).toBe('up 1\n');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await fetch(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(405);
  expect((await fetch(`${url}/`)).status).toBe(404);
});

it.each([
  ['evil.example', 421],
  ['127.0.0.1.evil.example:9464', 421],
  ['localhost.evil.example', 421],
  ['[::1].evil.example', 421],
  ['localhost:9464', 200],
  ['127.0.0.1:9464', 200],
  ['10.1.2.3', 200],
  ['[::1]:9464', 200],
  ['', 200],
])(
  'on loopback, to who calls it %j the answer is %i: a page elsewhere may have given its name our address',
  async (host, status) => {
    const { url } = await serve(async () => 'up 1\n');
    const client = await open(url);
    client.write(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const answer = await text(client);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.includes('up 1')).toBe(status === 200);
  },
);

it('on all addresses, any name is answered: it was opened to a network', async () => {
  page = await MetricsPage.start({ address: '0.0.0.0:0', text: async () => 'up 1\n', onFailure: () => undefined });
  const client = await open(`http://127.0.0.1:${page.address.split(':')[1]}`);
  client.write('GET /metrics HTTP/1.1\r\nHost: symbolon.example.com\r\nConnection: close\r\n\r\n');
  expect(await text(client)).toMatch(/^HTTP\/1.1 200 /);
});

it('is read once for a thousand scrapes at a time, and each of them is answered', async () => {
  let read = 0;
  const { url } = await serve(async () => `up ${++read}\n`);
  const scrapes = Array.from({ length: 1_000 }, async () => {
    // What finds no room is turned away at once, and comes again.
    for (;;) {
      const answer = await fetch(`${url}/metrics`).catch(() => undefined);
      if (answer !== undefined) {
        return answer.text();
      }
    }
  });
  const answers = new Set(await Promise.all(scrapes));
  expect(answers.size).toBe(read);
  expect(read).toBeLessThan(200);
});

it('says that the metrics could not be read, with nothing of why, and reads them again', async () => {
  let fails = true;
  const { url, failures } = await serve(async () => {
    if (fails) {
      throw new Error('sys_secret');
    }
    return 'up 1\n';
  });
  const answer = await fetch(`${url}/metrics`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('sys_');
  expect(failures).toHaveLength(1);
  fails = false;
  await expect.poll(async () => (await fetch(`${url}/metrics`)).status, PATIENTLY).toBe(200);
});

it('ends a request that does not come whole', async () => {
  const { url } = await serve(async () => 'up 1\n');
  const half = await open(url);
  half.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
  expect(await text(half)).toMatch(/^HTTP\/1.1 408/);
});

it('lets nobody keep a scraper out: connections that ask for nothing give way, the oldest first', async () => {
  const { url } = await serve(async () => 'up 1\n');
  const closed: number[] = [];
  for (let i = 0; i < 100; i++) {
    (await open(url)).once('close', () => closed.push(i));
  }
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  // On a machine that stands still for seconds the others end too, for they ask for nothing: later.
  await expect.poll(() => closed.length, PATIENTLY).toBeGreaterThanOrEqual(68);
  expect(page?.connections).toBeLessThanOrEqual(32);
  const oldest = Array.from({ length: 68 }, (_, i) => i);
  expect(closed.slice(0, 68).sort((a, b) => a - b)).toEqual(oldest);
});

it('ends no connection whose answer is being made for another that comes', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { url } = await serve(() => promise);
  let requests = 0;
  const count = () => {
    requests += 1;
  };
  subscribe('http.server.request.start', count);
  const asking = Array.from({ length: 32 }, () => open(url));
  for (const socket of await Promise.all(asking)) {
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  }
  await expect.poll(() => requests, PATIENTLY).toBe(32);
  unsubscribe('http.server.request.start', count);
  await once(await open(url), 'close');
  resolve('up 1\n');
  const answers = await Promise.all((await Promise.all(asking)).map(text));
  expect(answers.filter((answer) => !answer.endsWith('up 1\n'))).toEqual([]);
});

it('lets go of who takes no answer, while others are answered', async () => {
  // More than the kernel takes over.
  const large = 'x'.repeat(64 * 1_024 * 1_024);
  const { url } = await serve(async () => large);
  const slow = await open(url);
  slow.pause();
  slow.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await (await fetch(`${url}/metrics`)).text()).length).toBe(large.length);
  // The other is kept alive.
  await expect.poll(() => page?.connections, PATIENTLY).toBe(1);
  slow.resume();
  await once(slow, 'close');
  expect(slow.bytesRead).toBeLessThan(large.length);
});
