/** Every bound of the port holds for this door too, and what ends a request early is told in the shape that was spoken. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RawConnection, rawPost } from '../raw.ts';
import { APP, eventually, gate, type HttpBed, openHttpBed, PASSWORD, send, withStore } from '../support.ts';
import { basicHeader, callThrough, DOOR_NAMES, DOORS, failureThrough } from './doors.ts';

const PATH = '/symbolon.v1.TokenService/Issue';
const LOGIN = JSON.stringify({ userPassword: { username: 'bob', password: PASSWORD } });
const AUTHORIZATION = `Authorization: ${basicHeader(APP).authorization}`;
const JSON_HEADERS = [AUTHORIZATION, 'Content-Type: application/json'];
const WEB = 'application/grpc-web+proto';

let bed: HttpBed;
let healthChecks: number;

beforeEach(async () => {
  healthChecks = 0;
  const isWritable = () => {
    healthChecks += 1;
    return true;
  };
  bed = await openHttpBed({
    policy: { registrationsPerAddress: DOOR_NAMES.length },
    wrap: (services) => withStore(services, { isWritable }),
  });
});
afterEach(() => bed.close());

async function post(contentType: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(`${bed.url}${PATH}`, {
    method: 'POST',
    headers: { ...basicHeader(APP), 'content-type': contentType, ...headers },
    body,
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The status in the trailer of an answer of gRPC-Web. */
function trailerOf(text: string): string | undefined {
  return /grpc-status: (\d+)\r\n/.exec(text)?.[1];
}

/** A login that waits for its gate. */
async function loginInFlight(): Promise<{ connection: RawConnection; open: () => void }> {
  const { promise, open } = gate();
  bed.services.passwords.gate = promise;
  const connection = await RawConnection.open(bed.http.address);
  connection.send(rawPost(PATH, JSON_HEADERS, LOGIN));
  await eventually(() => bed.services.passwords.verifications).toBe(1);
  return { connection, open };
}

describe('a body', () => {
  it('has at most 192 KiB', async () => {
    const large = await post('application/json', `{"scopes":["${'x'.repeat(192 * 1_024)}"]}`);
    expect(large.status).toBe(413);
    const message = 'The body is longer than 192 KiB. Send a shorter one';
    expect(JSON.parse(large.text)).toEqual({ code: 'resource_exhausted', message, details: [] });
    const web = await post(WEB, new Uint8Array(192 * 1_024 + 1));
    expect([web.status, trailerOf(web.text)]).toEqual([200, '8']);
    expect((await post('application/json', `{"scopes":["${'x'.repeat(191 * 1_024)}"]}`)).status).toBe(400);
  });

  it('is refused by its length, before it is sent', async () => {
    const connection = await RawConnection.open(bed.http.address);
    const head = [`POST ${PATH} HTTP/1.1`, 'Host: x', ...JSON_HEADERS, 'Content-Length: 10000000', '', ''];
    connection.send(head.join('\r\n'));
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 413 Payload Too Large');
    connection.socket.destroy();
  });

  it('is not decompressed', async () => {
    const bomb = new Uint8Array(gzipSync(`{"scopes":["${'x'.repeat(4_000_000)}"]}`));
    const answer = await post('application/json', bomb, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept-encoding')).toBe('identity');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'unimplemented' });
    const web = await post(WEB, bomb, { 'grpc-encoding': 'gzip' });
    expect([trailerOf(web.text), web.headers.get('grpc-accept-encoding')]).toEqual(['12', 'identity']);
    // By its flag alone.
    expect(trailerOf((await post(WEB, new Uint8Array([1, 0, 0, 0, 0]))).text)).toBe('3');
    expect((await post('application/json', LOGIN, { 'content-encoding': 'identity' })).status).toBe(200);
  });

  it('that is not whole is not carried out', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send(rawPost(PATH, JSON_HEADERS, `${LOGIN} `).slice(0, -1));
    connection.socket.end();
    await connection.closed;
    expect(bed.services.passwords.verifications).toBe(0);
    expect(connection.reads.join('')).not.toContain('accessToken');
  });

  it('on its way counts among those of all', async () => {
    const slow = await RawConnection.open(bed.http.address);
    slow.send(rawPost(PATH, JSON_HEADERS, LOGIN).slice(0, -1));
    for (let count = 0; count < 128; count++) {
      const other = await RawConnection.open(bed.http.address);
      other.send(rawPost('/api/oauth2/token', JSON_HEADERS, LOGIN).slice(0, -1));
    }
    expect((await slow.answer())?.startLine).toBe('HTTP/1.1 429 Too Many Requests');
  });
});

describe('a call', () => {
  it('ends at the time that its client gives it', async () => {
    const { promise, open } = gate();
    bed.services.passwords.gate = promise;
    for (const door of DOOR_NAMES) {
      const message = { userPassword: { username: 'bob', password: PASSWORD } };
      const call = callThrough(DOORS[door](bed.url), 'Issue', message, basicHeader(APP), 200);
      expect((await failureThrough(call)).code, door).toBe('DeadlineExceeded');
    }
    for (const headers of [{ 'connect-timeout-ms': '50' }, { 'connect-timeout-ms': '0' }]) {
      expect(JSON.parse((await post('application/json', LOGIN, headers)).text).code).toBe('deadline_exceeded');
    }
    open();
  });

  it.each(['', 'soon', '-1', '1.5', '12345678901'])('takes no timeout of %j', async (timeout) => {
    const answer = await post('application/json', LOGIN, { 'connect-timeout-ms': timeout });
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'invalid_argument']);
    const web = await post(WEB, new Uint8Array(5), { 'grpc-timeout': timeout });
    expect([trailerOf(web.text), web.text.includes('grpc-timeout')]).toEqual(['3', true]);
  });

  it('takes no other version of Connect', async () => {
    expect((await post('application/json', LOGIN, { 'connect-protocol-version': '1' })).status).toBe(200);
    const answer = await post('application/json', LOGIN, { 'connect-protocol-version': '2' });
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'invalid_argument',
      message: 'connect-protocol-version must be 1',
    });
  });

  it('is known to be abandoned when its connection is lost', async () => {
    let isAbandoned: (() => boolean) | undefined;
    const { verify } = bed.services.passwords;
    bed.services.passwords.verify = (...parameters) => {
      isAbandoned = (parameters as unknown[])[2] as () => boolean;
      return verify.apply(bed.services.passwords, parameters);
    };
    const { connection, open } = await loginInFlight();
    expect(isAbandoned?.()).toBe(false);
    // Its deadline would tell the same a while later.
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    connection.socket.resetAndDestroy();
    await eventually(() => isAbandoned?.()).toBe(true);
    now.mockRestore();
    open();
    await eventually(() => bed.tape.lines.map(({ method, code }) => `${method} ${code}`)).toEqual(['Issue aborted']);
  });

  it('names its caller once', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send(rawPost(PATH, [AUTHORIZATION, ...JSON_HEADERS], LOGIN));
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 400 Bad Request');
    connection.socket.destroy();
  });

  it('is one line of the log, with what the operation says of it', async () => {
    await post('application/json', LOGIN);
    await eventually(() => bed.tape.lines).toEqual([
      expect.objectContaining({
        door: 'http',
        method: 'Issue',
        code: 'ok',
        tenant: APP,
        client: APP,
        subject: 'user-2',
      }),
    ]);
  });
});

describe('a stranger', () => {
  it('has one budget for each address, whichever door it comes by', async () => {
    const comeFrom = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      Object.defineProperty(socket, 'remoteAddress', { value: '203.0.113.7' });
    };
    subscribe('net.server.socket', comeFrom);
    const outcomes: string[] = [];
    for (const door of [...DOOR_NAMES, ...DOOR_NAMES]) {
      const request = { loginName: `new-${outcomes.length}`, password: PASSWORD };
      const call = callThrough(DOORS[door](bed.url), 'RegisterUser', request, basicHeader(APP));
      outcomes.push(
        await call.then(
          () => 'Ok',
          async () => (await failureThrough(call)).code,
        ),
      );
    }
    const overKii = await send(`${bed.url}/api/apps/${APP}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ loginName: 'new', password: PASSWORD }),
    });
    unsubscribe('net.server.socket', comeFrom);
    expect(outcomes).toEqual([...DOOR_NAMES.map(() => 'Ok'), ...DOOR_NAMES.map(() => 'ResourceExhausted')]);
    expect(overKii.status).toBe(429);
    expect(bed.tape.lines[0]).toMatchObject({ address: '203.0.113.7' });
  });
});

describe('draining', () => {
  it('finishes what is in flight, and takes nothing new', async () => {
    const { connection, open } = await loginInFlight();
    const draining = bed.http.drain(60_000);
    connection.send(`${rawPost(PATH, JSON_HEADERS, LOGIN)}GET /health HTTP/1.1\r\nHost: x\r\n\r\n`);
    await eventually(() => healthChecks).toBe(1);
    open();
    expect((await connection.answer())?.headerLines).toContain('Connection: close');
    await draining;
    expect(bed.tape.lines.map(({ method, code }) => `${method} ${code}`).sort()).toEqual([
      'Issue draining',
      'Issue ok',
      'health aborted',
    ]);
  });
});
