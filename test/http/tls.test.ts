import { readFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawConnection } from './raw.ts';
import { APP_PATH, eventually, gate, type HttpBed, openHttpBed, PASSWORD } from './support.ts';

const LOGIN = JSON.stringify({ username: 'bob', password: PASSWORD });

describe('with TLS', () => {
  const certificate = readFileSync(new URL('fixtures/localhost-cert.pem', import.meta.url));
  const key = readFileSync(new URL('fixtures/localhost-key.pem', import.meta.url));
  let bed: HttpBed;

  beforeEach(async () => {
    bed = await openHttpBed({ tls: { certificate, key } });
  });
  afterEach(() => bed.close());

  function statusOf(path: string, options: RequestOptions, body?: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asking = request(`${bed.url}${path}`, { ca: certificate, ...options }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
      });
      asking.once('error', reject);
      asking.end(body);
    });
  }

  it('a client that trusts the certificate is answered', async () => {
    expect(await statusOf('/health', { headers: { connection: 'close' } })).toBe(200);
  });

  it('plaintext is not answered', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await connection.closed;
    expect(connection.reads.join('')).not.toContain('HTTP/1.1 200');
  });

  it('draining finishes what is in flight', async () => {
    const { promise, open } = gate();
    bed.services.passwords.gate = promise;
    const answered = statusOf(APP_PATH, { method: 'POST', headers: { 'content-type': 'application/json' } }, LOGIN);
    await eventually(() => bed.services.passwords.verifications).toBe(1);
    const draining = bed.http.drain(60_000);
    open();
    expect(await answered).toBe(200);
    await draining;
  });

  it('draining closes what is idle at once', async () => {
    expect(await statusOf('/health', { agent: new Agent({ keepAlive: true }) })).toBe(200);
    await bed.http.drain(60_000);
  });

  it('draining cuts off a handshake that does not end', async () => {
    const connection = await RawConnection.open(bed.http.address);
    await statusOf('/health', {});
    await bed.http.drain(50);
    await connection.closed;
  });
});
