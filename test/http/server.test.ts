import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createNodeServer } from '../../src/http/node-server.ts';
import { HttpServer } from '../../src/http/server.ts';
import { openTestBed, type TestBed } from '../support.ts';
import { RawConnection, rawAnswer, rawPost } from './raw.ts';
import {
  APP_PATH,
  eventually,
  gate,
  type HttpBed,
  openHttpBed,
  PASSWORD,
  postToken,
  send,
  withStore,
} from './support.ts';

const SILENT = pino({ level: 'silent' });
const LOGIN = JSON.stringify({ username: 'bob', password: PASSWORD });
const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('the address', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await openTestBed();
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => bed.close());

  async function bound(address: string): Promise<string> {
    const http = await HttpServer.start({ services: bed.services, log: SILENT, dialects: [], address });
    try {
      expect((await send(`http://${http.address}/health`)).status).toBe(200);
      return http.address;
    } finally {
      await http.drain(0);
    }
  }

  it('is the one that was taken where port 0 asks for a free one', async () => {
    expect(await bound('127.0.0.1:0')).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(await bound('0.0.0.0:0')).toMatch(/^0\.0\.0\.0:[1-9]\d*$/);
    expect(await bound('localhost:0')).toMatch(/^(127\.0\.0\.1|\[::1\]):[1-9]\d*$/);
  });

  it.runIf(HAS_IPV6)('may be one of IPv6', async () => {
    expect(await bound('[::1]:0')).toMatch(/^\[::1\]:[1-9]\d*$/);
  });

  it.runIf(HAS_IPV6)('of a name is the first one only, so that all that is open is drained', async () => {
    const http = await HttpServer.start({ services: bed.services, log: SILENT, dialects: [], address: 'localhost:0' });
    const port = http.address.slice(http.address.lastIndexOf(':'));
    const reached: string[] = [];
    for (const address of [`127.0.0.1${port}`, `[::1]${port}`]) {
      await RawConnection.open(address).then(
        () => reached.push(address),
        () => undefined,
      );
    }
    await http.drain(0);
    expect(reached).toEqual([http.address]);
  });

  it.each([
    '',
    '8080',
    ':8080',
    'localhost',
    'localhost:',
    'localhost:x',
    '::1:80',
    '[::1]',
    '127.0.0.1:65536',
    'a:b:1',
  ])('is refused when it is none: %j', async (address) => {
    const starting = HttpServer.start({ services: bed.services, log: SILENT, dialects: [], address });
    await expect(starting).rejects.toThrow(`${address} is not an address. Say host:port`);
  });

  it('is refused when it is taken, and nothing stays open', async () => {
    const first = await HttpServer.start({ services: bed.services, log: SILENT, dialects: [], address: '127.0.0.1:0' });
    const again = () => HttpServer.start({ services: bed.services, log: SILENT, dialects: [], address: first.address });
    await expect(again()).rejects.toThrow('EADDRINUSE');
    await first.drain(0);
    await (await again()).drain(0);
  });
});

describe('a server', () => {
  let bed: HttpBed;
  let isWritable = true;
  let isReadable = true;

  beforeAll(async () => {
    const standing = { isWritable: () => isWritable, isReadable: () => isReadable };
    bed = await openHttpBed({ wrap: (services) => withStore(services, standing) });
  });
  afterAll(() => bed.close());

  it('that serves says so, and goes on when the store can’t be written', async () => {
    const healthy = await send(`${bed.url}/health`);
    expect([healthy.status, healthy.json]).toEqual([200, { status: 'SERVING', store: { writable: true } }]);
    expect(healthy.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    isWritable = false;
    const degraded = await send(`${bed.url}/health`);
    expect([degraded.status, degraded.json]).toEqual([200, { status: 'SERVING', store: { writable: false } }]);
    isWritable = true;
  });

  it('that can’t read its store is out of service, and in it again when it can', async () => {
    isReadable = false;
    const lost = await send(`${bed.url}/health`);
    expect([lost.status, lost.json]).toEqual([503, { status: 'NOT_SERVING', store: { writable: true } }]);
    isReadable = true;
    expect((await send(`${bed.url}/health`)).status).toBe(200);
  });

  it('that is about to go down says so, and serves until it is drained', async () => {
    bed.http.setServing(false);
    const leaving = await send(`${bed.url}/health`);
    expect([leaving.status, leaving.json]).toEqual([503, { status: 'NOT_SERVING', store: { writable: true } }]);
    expect((await postToken(bed, LOGIN)).status).toBe(200);
    bed.http.setServing(true);
    expect((await send(`${bed.url}/health`)).status).toBe(200);
  });

  it.each(['/', '/nothing', '/api', '/health/x', '/apix', '/Health', '*'])(
    'knows nothing at %s, and says so',
    async (path) => {
      for (const method of ['GET', 'POST', 'PROPFIND', 'TRACE']) {
        const answer = await rawAnswer(
          bed,
          rawPost(path, ['Content-Type: application/json'], '{').replace('POST', method),
        );
        expect(answer?.startLine).toBe('HTTP/1.1 404 Not Found');
        const body = JSON.parse(answer?.body ?? '');
        expect(body).toEqual({
          error: 'route_not_found',
          error_description: 'There is nothing at this path. Check it',
        });
      }
    },
  );

  it('answers in the dialect of the path that it knows nothing at', async () => {
    const answer = await send(`${bed.url}/api/nothing`);
    expect([answer.status, answer.json]).toEqual([
      404,
      {
        errorCode: 'NOT_FOUND',
        message: 'This path is not served here. Check it',
      },
    ]);
  });

  it('takes a request’s id, and makes one where it is missing or could not be logged', async () => {
    const answered = async (id?: string) =>
      (await send(`${bed.url}/health`, id === undefined ? {} : { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    const made = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(await answered('a.B-1_c:2')).toBe('a.B-1_c:2');
    expect(await answered('a'.repeat(128))).toBe('a'.repeat(128));
    for (const id of [undefined, '', 'a b', 'a%0a', '"', 'a'.repeat(129)]) {
      expect(await answered(id)).toEqual(made);
    }
    expect((await send(`${bed.url}/api/apps/%ZZ/oauth2/token`)).headers.get('x-request-id')).toEqual(made);
  });

  it('tells a client in JSON that its bytes are no request, and closes', async () => {
    const cases = [
      ['garbage\r\n\r\n', 400, 'This is not an HTTP request'],
      ['GET / HTTP/1.1\r\nno colon\r\n\r\n', 400, 'This is not an HTTP request'],
      [
        'GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
        'This is not an HTTP request',
      ],
      [
        `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(9_000)}\r\n\r\n`,
        431,
        'The header fields are too long. Send fewer or shorter ones',
      ],
      [
        `POST ${APP_PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
        400,
        'This is not an HTTP request',
      ],
    ] as const;
    for (const [bytes, status, description] of cases) {
      const connection = await RawConnection.open(bed.http.address);
      connection.send(bytes);
      const answer = await connection.answer();
      expect(answer?.startLine).toContain(`HTTP/1.1 ${status} `);
      expect(answer?.headerLines).toContain('Connection: close');
      expect(JSON.parse(answer?.body ?? '')).toEqual({ error: 'malformed_request', error_description: description });
      await connection.closed;
    }
  });

  it('refuses at once what comes while too many requests are in flight', { timeout: 120_000 }, async () => {
    let held = 0;
    let hold: Promise<never> | undefined;
    const { promise, open } = gate();
    const crowded = await openHttpBed({
      wrap: (services) =>
        withStore(services, {
          execute: (command, options) => {
            held += 1;
            return hold ?? services.store.execute(command, options);
          },
        }),
    });
    hold = promise.then(() => Promise.reject(new Error('nobody waits for this')));
    hold.catch(() => undefined);
    held = 0;
    // No deadline passes, however slow the machine is.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    const crowd: RawConnection[] = [];
    for (let requests = 0; requests < 4_096; requests += 64) {
      const connection = await RawConnection.open(crowded.http.address);
      connection.send(rawPost(APP_PATH, [], 'username=nobody&password=x').repeat(64));
      crowd.push(connection);
    }
    await expect.poll(() => held, { timeout: 100_000 }).toBe(4_096);
    const answer = await postToken(crowded, LOGIN);
    expect([answer.status, answer.json.errorCode]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await send(`${crowded.url}/health`)).status).toBe(200);
    vi.restoreAllMocks();
    for (const { socket } of crowd) {
      socket.destroy();
    }
    // What was in flight for a client that is gone no longer counts, although its operations go on.
    hold = undefined;
    await eventually(async () => (await postToken(crowded, LOGIN)).status).toBe(200);
    open();
    await crowded.close();
  });

  it('takes only so many requests of one connection before it has answered them', async () => {
    const { promise, open } = gate();
    bed.services.passwords.gate = promise;
    const before = bed.services.passwords.verifications;
    const greedy = await RawConnection.open(bed.http.address);
    greedy.send(rawPost(APP_PATH, [], LOGIN).repeat(65));
    await eventually(() => bed.services.passwords.verifications).toBe(before + 64);
    open();
    bed.services.passwords.gate = undefined;
    for (let request = 1; request <= 65; request++) {
      const answer = await greedy.answer();
      expect(answer?.startLine).toContain(request <= 64 ? ' 200 ' : ' 429 ');
    }
    greedy.socket.destroy();
  });

  it('gives up on a request whose header never ends', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send('GET /health HTTP/1.1\r\nHost: x\r\n');
    const answer = await connection.answer();
    expect(answer?.startLine).toBe('HTTP/1.1 408 Request Timeout');
    await connection.closed;
  });
});

describe('the sockets', () => {
  it('are bounded in number, in time and in what they may hold', () => {
    const server = createNodeServer(undefined, () => undefined);
    expect(server).toMatchObject({
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 65_000,
      timeout: 30_000,
      maxConnections: 4_096,
      maxHeadersCount: 100,
    });
  });
});
