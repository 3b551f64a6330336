import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawConnection, rawAnswer, rawPost } from './raw.ts';
import { APP_PATH, eventually, gate, type HttpBed, openHttpBed, PASSWORD, withStore } from './support.ts';

const LOGIN = JSON.stringify({ username: 'bob', password: PASSWORD });

describe('draining', () => {
  let bed: HttpBed;
  let healthChecks: number;
  beforeEach(async () => {
    healthChecks = 0;
    const isWritable = () => {
      healthChecks += 1;
      return true;
    };
    bed = await openHttpBed({ wrap: (services) => withStore(services, { isWritable }) });
  });
  afterEach(() => bed.close());

  /** A login that waits for its gate. */
  async function loginInFlight(): Promise<{ connection: RawConnection; open: () => void }> {
    const { promise, open } = gate();
    bed.services.passwords.gate = promise;
    const connection = await RawConnection.open(bed.http.address);
    connection.send(rawPost(APP_PATH, [], LOGIN));
    await eventually(() => bed.services.passwords.verifications).toBe(1);
    return { connection, open };
  }

  it('finishes what is in flight, closes its connection, and takes nothing new', async () => {
    const { connection, open } = await loginInFlight();
    const draining = bed.http.drain(60_000);
    await expect(RawConnection.open(bed.http.address)).rejects.toThrow('ECONNREFUSED');
    // On the busy connection requests can still come in; but for health checks they are not begun.
    connection.send(`${rawPost(APP_PATH, [], LOGIN)}GET /health HTTP/1.1\r\nHost: x\r\n\r\n`);
    await eventually(() => healthChecks).toBe(1);
    open();
    const answer = await connection.answer();
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
    expect(answer?.headerLines).toContain('Connection: close');
    await connection.closed;
    await draining;
    expect(bed.services.passwords.verifications).toBe(1);
    expect(bed.tape.lines.map(({ method, code }) => `${method} ${code}`).sort()).toEqual([
      'health aborted',
      'kii.token draining',
      'kii.token ok',
    ]);
  });

  it('finishes a request whose body is still on its way', async () => {
    const connection = await RawConnection.open(bed.http.address);
    const [head = '', body = ''] = rawPost(APP_PATH, ['Expect: 100-continue'], LOGIN).split('\r\n\r\n');
    connection.send(`${head}\r\n\r\n`);
    await eventually(() => connection.reads).toEqual(['HTTP/1.1 100 Continue\r\n\r\n']);
    connection.reads.length = 0;
    const draining = bed.http.drain(60_000);
    connection.send(body);
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
    await draining;
  });

  it('closes at once what is idle: after a request, before the first one, and in the midst of a header', async () => {
    const used = await RawConnection.open(bed.http.address);
    used.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await used.answer();
    const fresh = await RawConnection.open(bed.http.address);
    const partial = await RawConnection.open(bed.http.address);
    partial.send('GET /health HT');
    await rawAnswer(bed, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await bed.http.drain(60_000);
    await Promise.all([used.closed, fresh.closed, partial.closed]);
  });

  it('cuts off what is left after the grace period', async () => {
    const { connection, open } = await loginInFlight();
    await bed.http.drain(50);
    await connection.closed;
    expect(connection.reads).toEqual([]);
    await eventually(() => bed.tape.lines).toEqual([expect.objectContaining({ method: 'kii.token', code: 'aborted' })]);
    expect(bed.tape.lines[0]).not.toHaveProperty('status');
    open();
  });

  it('may be asked for twice', async () => {
    await Promise.all([bed.http.drain(1_000), bed.http.drain(1_000)]);
    await bed.http.drain(0);
  });
});
