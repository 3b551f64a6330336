import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, rawPost } from './raw.ts';
import { APP_PATH, eventually, gate, type HttpBed, openHttpBed, PASSWORD } from './support.ts';

const LOGIN = rawPost(APP_PATH, [], JSON.stringify({ username: 'bob', password: PASSWORD }));
const HEALTH = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
/** What Kii's SDK for embedded devices sends after the head of a GET. */
const STRAY_CHUNK = '0\r\n\r\n';
const JUNK = '\x16\x03\x01 not HTTP\r\n\r\n'.repeat(2_000);

const certificate = readFileSync(new URL('fixtures/localhost-cert.pem', import.meta.url));
const key = readFileSync(new URL('fixtures/localhost-key.pem', import.meta.url));

describe.each(['TCP', 'TLS'])('over %s', (transport) => {
  let bed: HttpBed;

  beforeAll(async () => {
    bed = await openHttpBed(transport === 'TLS' ? { tls: { certificate, key } } : {});
  });
  afterAll(() => bed.close());

  function open(): Promise<RawConnection> {
    const port = Number(bed.http.address.slice(bed.http.address.lastIndexOf(':') + 1));
    return transport === 'TCP'
      ? RawConnection.open(bed.http.address)
      : RawConnection.over(
          connectTls({ host: '127.0.0.1', port, ca: certificate, servername: 'localhost' }),
          'secureConnect',
        );
  }

  /** Everything that comes until the server closes. */
  async function answersTo(...writes: readonly string[]): Promise<string> {
    const connection = await open();
    for (const bytes of writes) {
      connection.send(bytes);
    }
    await connection.closed;
    return connection.reads.join('');
  }

  async function whileHashing(act: (connection: RawConnection) => void): Promise<string> {
    const { promise, open: release } = gate();
    bed.services.passwords.gate = promise;
    const before = bed.services.passwords.verifications;
    const connection = await open();
    connection.send(LOGIN);
    await eventually(() => bed.services.passwords.verifications).toBe(before + 1);
    act(connection);
    // Another connection is answered after the bytes have arrived.
    const other = await open();
    other.send(HEALTH);
    await other.answer();
    other.socket.destroy();
    release();
    bed.services.passwords.gate = undefined;
    await connection.closed;
    return connection.reads.join('');
  }

  function statusesOf(text: string): string[] {
    return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');
  }

  it.each([
    ['a last chunk', STRAY_CHUNK],
    ['junk', JUNK],
    ['a request that is malformed', 'BREW /pot HTTP/1.1\r\n\r\n'],
    ['a head that is malformed', 'GET /health HTTP/1.1\r\nno colon\r\n\r\n'],
  ])('a request with %s behind it is answered once, and the connection ends', async (_name, stray) => {
    for (const request of [HEALTH, LOGIN, HEALTH.replace('GET', 'DELETE')]) {
      const text = await answersTo(request + stray);
      expect(statusesOf(text)).toEqual([request.startsWith('DELETE') ? '405' : '200']);
      expect(text).toMatch(/^connection: close\r$/im);
    }
  });

  it('stray bytes after an answer end the connection without another', async () => {
    const connection = await open();
    connection.send(HEALTH);
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
    connection.send(STRAY_CHUNK);
    await connection.closed;
    expect(connection.reads.join('')).toBe('');
  });

  it('stray bytes do not cost the answer that is still computed', async () => {
    const text = await whileHashing((connection) => connection.send(STRAY_CHUNK));
    expect(statusesOf(text)).toEqual(['200']);
    expect(text).toMatch(/^connection: close\r$/im);
    expect(text).toContain('"access_token"');
  });

  it('a client that goes on sending, and reads only then, finds the answer', async () => {
    const connection = await open();
    connection.socket.pause();
    // More than the kernels hold, so that it is sent only when the server has read it.
    const much = HEALTH + JUNK.repeat(400);
    await new Promise<void>((resolve) => connection.socket.write(much, () => resolve()));
    connection.socket.resume();
    await connection.closed;
    expect(statusesOf(connection.reads.join(''))).toEqual(['200']);
  });

  it('every request before the stray bytes is answered, and the last answer says that it is the last', async () => {
    const text = await answersTo(LOGIN + HEALTH + HEALTH + JUNK);
    expect(statusesOf(text)).toEqual(['200', '200', '200']);
    expect([...text.matchAll(/^connection: (.*)\r$/gim)].map(([, value]) => value?.toLowerCase())).toEqual([
      'keep-alive',
      'keep-alive',
      'close',
    ]);
  });

  it('a client that has sent all it will is answered', async () => {
    for (const requests of [HEALTH, LOGIN, LOGIN + HEALTH]) {
      const connection = await open();
      connection.socket.end(requests);
      await connection.closed;
      expect(statusesOf(connection.reads.join(''))).toEqual(requests === LOGIN + HEALTH ? ['200', '200'] : ['200']);
    }
  });

  it('also when it ends while the answer is computed', async () => {
    const text = await whileHashing(({ socket }) => socket.end());
    expect(statusesOf(text)).toEqual(['200']);
    expect(text).toContain('"access_token"');
  });

  it('half a request and then an end is a malformed one', async () => {
    const connection = await open();
    connection.socket.end(LOGIN.slice(0, -3));
    await connection.closed;
    expect(statusesOf(connection.reads.join(''))).toEqual(['400']);
  });

  it('an end without a request is answered by an end', async () => {
    const connection = await open();
    connection.socket.end();
    await connection.closed;
    expect(connection.reads).toEqual([]);
  });
});
