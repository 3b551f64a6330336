/** The bytes: what old firmware sends, and what it can read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeUser } from '../../support.ts';
import { RawConnection, rawAnswer, rawPost } from '../raw.ts';
import {
  APP,
  APP_PATH,
  eventually,
  type HttpBed,
  openHttpBed,
  PASSWORD,
  PLAIN_PATH,
  postToken,
  THREE_KEYS,
} from '../support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

const BODY = JSON.stringify({ username: 'VENDOR_THING_ID:Sensor-1', password: PASSWORD });

function chunked(body: string): string {
  const middle = Math.floor(body.length / 2);
  const chunks = [body.slice(0, middle), body.slice(middle)].map(
    (text) => `${text.length.toString(16)}\r\n${text}\r\n`,
  );
  return `${chunks.join('')}0\r\n\r\n`;
}

describe('a request target', () => {
  it.each([
    APP_PATH,
    `${APP_PATH}/`,
    `${APP_PATH}?disable_cache=1700000000000`,
    `${APP_PATH}/?disable_cache=1`,
    `${APP_PATH}?grant_type=refresh_token&username=x`,
    `http://api.kii.com${APP_PATH}`,
    `https://api-jp.kii.com:443${APP_PATH}/?disable_cache=1`,
    `HTTPS://api.kii.com${APP_PATH}`,
    PLAIN_PATH,
    '/%61pi/oauth2/token',
    `https://api.kii.com${PLAIN_PATH}`,
  ])('as %s is the token endpoint', async (target) => {
    const answer = await rawAnswer(bed, rawPost(target, [`x-kii-appid: ${APP}`], BODY));
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
  });

  it.each([`${APP_PATH}//`, `/${APP_PATH}`, '/api/oauth2/Token', '/api/apps/oauth2/token'])(
    'as %s is not',
    async (target) => {
      const answer = await rawAnswer(bed, rawPost(target, [`x-kii-appid: ${APP}`], BODY));
      expect(answer?.startLine).toBe('HTTP/1.1 404 Not Found');
    },
  );

  it.each(['/api/apps/%ZZ/oauth2/token', 'http://h/api/apps/%/oauth2/token', '/%61pi/apps/app1/oauth2/token'])(
    'as %s is refused in the three keys, with an empty body beside it',
    async (target) => {
      const answer = await rawAnswer(bed, rawPost(target, [], ''));
      expect(answer?.startLine).toBe('HTTP/1.1 400 Bad Request');
      expect(Object.keys(JSON.parse(answer?.body ?? ''))).toEqual(THREE_KEYS);
    },
  );
});

describe('a request', () => {
  it('as ebisu writes it is answered and its connection closed', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send(
      `POST https://localhost${APP_PATH} HTTP/1.1\r\nHOST: localhost\r\nContent-Type: application/vnd.kii.OauthTokenRequest+json\r\n` +
        `X-Kii-AppID: ${APP}\r\nX-Kii-AppKey: dummy\r\nTransfer-Encoding: chunked\r\nConnection: Close\r\n\r\n${chunked(BODY)}`,
    );
    const answer = await connection.answer();
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ id: 'th.1', token_type: 'Bearer' });
    await connection.closed;
  });

  it('as the embedded SDK writes it is answered as HTTP/1.1', async () => {
    const head = `x-kii-appid:${APP}\r\nx-kii-appkey:key\r\nx-kii-sdk:sn=tec;sv=1.2.6\r\ncontent-type:application/json\r\n`;
    const answer = await rawAnswer(
      bed,
      `POST https://localhost/api/oauth2/token HTTP/1.0\r\nhost:localhost\r\n${head}content-length:${BODY.length}\r\n\r\n${BODY}`,
    );
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
  });

  it('without a Host, as its first version writes it, is answered', async () => {
    const head = `x-kii-appid:${APP}\r\ncontent-type:application/json\r\ncontent-length:${BODY.length}\r\n`;
    const answer = await rawAnswer(bed, `POST https://localhost/api/oauth2/token HTTP/1.1\r\n${head}\r\n${BODY}`);
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
  });

  it.each([
    [
      'an upgrade that Java’s client offers',
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB',
    ],
    ['an expectation that nobody knows', 'Expect: miracles'],
  ])('with %s is answered as any other', async (_what, headerLine) => {
    const answer = await rawAnswer(bed, rawPost(APP_PATH, [headerLine], BODY));
    expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
  });

  it('that waits for leave to send its body is given it', async () => {
    const connection = await RawConnection.open(bed.http.address);
    const [head = '', body = ''] = rawPost(APP_PATH, ['Expect: 100-continue'], BODY).split('\r\n\r\n');
    connection.send(`${head}\r\n\r\n`);
    await eventually(() => connection.reads).toEqual(['HTTP/1.1 100 Continue\r\n\r\n']);
    connection.reads.length = 0;
    connection.send(body);
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
    connection.socket.destroy();
  });

  it('that comes a byte at a time is answered', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.socket.setNoDelay(true);
    for (const byte of rawPost(APP_PATH, ['Content-Type: application/json'], BODY)) {
      connection.send(byte);
    }
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
    connection.socket.destroy();
  });

  it('follows another on the same connection', async () => {
    const connection = await RawConnection.open(bed.http.address);
    for (let i = 0; i < 3; i++) {
      connection.send(rawPost(APP_PATH, [], BODY));
      expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
    }
    connection.socket.destroy();
  });
});

const EXPOSED =
  'Content-Type, Authorization, Content-Length, X-Requested-With, ETag, X-Step-Count, X-Environment-version, X-HTTP-Status-Code';

describe('an answer', () => {
  it('has the headers of the live service, their names in its letters, and comes in one piece with its length', async () => {
    const connection = await RawConnection.open(bed.http.address);
    connection.send(rawPost(APP_PATH, ['X-Request-Id: r-1'], BODY));
    await eventually(() => connection.reads.length).toBeGreaterThan(0);
    expect(connection.reads).toHaveLength(1);
    const answer = await connection.answer();
    const [dateLine = ''] = answer?.headerLines.filter((line) => line.startsWith('Date: ')) ?? [];
    expect(answer?.headerLines).toEqual([
      'X-Request-Id: r-1',
      'Access-Control-Allow-Origin: *',
      `Access-Control-Expose-Headers: ${EXPOSED}`,
      'Cache-Control: max-age=0, no-cache, no-store, no-cache, no-store',
      'Content-Type: application/json;charset=UTF-8',
      'X-HTTP-Status-Code: 200',
      `Content-Length: ${answer?.body.length}`,
      dateLine,
      'Connection: keep-alive',
      'Keep-Alive: timeout=65',
    ]);
    expect(Object.keys(JSON.parse(answer?.body ?? ''))).toEqual(['id', 'access_token', 'expires_in', 'token_type']);
    connection.socket.destroy();
  });

  it('that refuses is of the same kind', async () => {
    const answer = await rawAnswer(bed, rawPost(APP_PATH, [], '{}'));
    expect(answer?.headerLines).toEqual(
      expect.arrayContaining([
        'Access-Control-Allow-Origin: *',
        `Access-Control-Expose-Headers: ${EXPOSED}`,
        'Cache-Control: max-age=0, no-cache, no-store, no-cache, no-store',
        'Content-Type: application/json;charset=UTF-8',
        'X-HTTP-Status-Code: 400',
        `Content-Length: ${answer?.body.length}`,
      ]),
    );
    expect(answer?.headerLines.join()).not.toMatch(/transfer-encoding/i);
  });

  it('holds no percent sign, for the JS SDK decodes bodies as URLs', async () => {
    await makeUser(bed.services, APP, { subjectId: '100%', loginName: 'percent', password: PASSWORD });
    const answer = await postToken(bed, { username: 'percent', password: PASSWORD });
    expect(answer.text).not.toContain('%');
    expect(JSON.parse(decodeURIComponent(answer.text))).toMatchObject({ id: '100%' });
  });
});

describe('a browser', () => {
  const HEADERS = 'authorization, content-type, x-kii-appid, x-kii-appkey, x-kii-sdk, accept, x-anything';

  it.each([APP_PATH, PLAIN_PATH, `${APP_PATH}?disable_cache=1`])('may ask %s from any origin', async (path) => {
    const answer = await fetch(`${bed.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': HEADERS,
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-headers')).toBe(HEADERS);
    expect(answer.headers.get('access-control-max-age')).toBe('7200');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('that asks without the headers of a preflight is answered too', async () => {
    expect((await fetch(`${bed.url}${APP_PATH}`, { method: 'OPTIONS' })).status).toBe(204);
  });

  it('may read a failure of the server’s frame as well', async () => {
    for (const answer of [
      await postToken(bed, 'x'.repeat(70_000)),
      await postToken(bed, '', { path: '/api/nothing' }),
      await postToken(bed, '', { path: '/api/apps/%ZZ/oauth2/token' }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});

describe('another method', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'QUERY'])('%s is answered 405 with what is allowed', async (method) => {
    for (const path of [APP_PATH, `${PLAIN_PATH}?username=bob`]) {
      const body = method === 'GET' ? '' : BODY;
      const answer = await rawAnswer(bed, rawPost(path, ['Content-Type: text/odd'], body).replace('POST', method));
      expect(answer?.startLine).toBe('HTTP/1.1 405 Method Not Allowed');
      expect(answer?.headerLines).toContain('Allow: POST, OPTIONS');
      expect(JSON.parse(answer?.body ?? '')).toEqual({
        errorCode: 'METHOD_NOT_ALLOWED',
        error_description: 'Only POST is allowed here',
        error: 'invalid_request',
      });
    }
  });

  it('is answered so before its body is read', async () => {
    const answer = await rawAnswer(bed, rawPost(APP_PATH, [], 'x'.repeat(70_000)).replace('POST', 'PUT'));
    expect(answer?.startLine).toBe('HTTP/1.1 405 Method Not Allowed');
  });
});
