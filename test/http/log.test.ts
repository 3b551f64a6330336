import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALL_FIELDS } from '../../src/calls/call-log.ts';
import { rawAnswer, rawPost } from './raw.ts';
import {
  APP,
  APP_PATH,
  eventually,
  type HttpBed,
  openHttpBed,
  PASSWORD,
  PLAIN_PATH,
  postToken,
  send,
} from './support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
});
afterAll(() => bed.close());

/** Planted wherever a caller can put something. */
const PLANTED = 'planted-secret';

describe('the log', () => {
  it('holds no secret of any request or answer, whatever became of it', async () => {
    const secrets = new Set([PLANTED, PASSWORD, bed.adminSecret, 'alice@example.com']);
    const headers = {
      authorization: `Basic ${Buffer.from(`${APP}:${PLANTED}`).toString('base64')}`,
      'x-kii-appkey': PLANTED,
      'x-anything': PLANTED,
    };
    secrets.add(headers.authorization);
    const path = `${APP_PATH}?disable_cache=${PLANTED}`;
    const bodies: (object | string)[] = [
      { username: 'alice@example.com', password: PASSWORD, extra: PLANTED },
      { username: 'VENDOR_THING_ID:Sensor-1', password: PASSWORD },
      { client_id: 'cl_admin', client_secret: bed.adminSecret },
      { client_id: APP, client_secret: PLANTED },
      { username: PLANTED, password: PLANTED },
      { username: 'bob', password: PLANTED },
      { client_id: PLANTED, client_secret: PLANTED },
      { refresh_token: PLANTED },
      { refresh_token: PLANTED, client_id: PLANTED, client_secret: PLANTED },
      { grant_type: PLANTED },
      { username: 'bob', password: PASSWORD, expiresAt: PLANTED },
      { username: { [PLANTED]: PLANTED }, password: PASSWORD },
      `{"password":"${PLANTED}"`,
      `"${PLANTED}`,
      PLANTED.repeat(10_000),
    ];
    for (const body of bodies) {
      for (const { json } of [
        await postToken(bed, body, { path, headers }),
        await postToken(bed, body, { path: PLAIN_PATH }),
      ]) {
        secrets.add(String(json.access_token ?? PLANTED));
        if (typeof json.refresh_token === 'string') {
          secrets.add(json.refresh_token);
          const next = await postToken(bed, { refresh_token: json.refresh_token }, { path, headers });
          secrets.add(String(next.json.access_token)).add(String(next.json.refresh_token));
        }
      }
    }
    for (const type of [PLANTED, `application/json; x=${PLANTED}`, 'application/x-www-form-urlencoded']) {
      await postToken(bed, `password=${PLANTED}%`, { headers: { 'content-type': type } });
    }
    await send(`${bed.url}/${PLANTED}?${PLANTED}`);
    await send(`${bed.url}${APP_PATH}?password=${PLANTED}`);
    await postToken(bed, '{}', { path: `/api/apps/${PLANTED}/oauth2/token` });
    await postToken(bed, '{}', { path: `/api/apps/${PLANTED}%ZZ/oauth2/token` });
    await rawAnswer(bed, `${PLANTED}\r\n\r\n`);
    await rawAnswer(bed, `POST ${APP_PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${PLANTED}\r\n`);
    bed.services.passwords.fault = new Error('a fault');
    await postToken(bed, { username: 'bob', password: PLANTED }, { path, headers });
    await bed.http.drain(1_000);

    expect(secrets.size).toBeGreaterThan(15);
    // A second has only so many lines about strangers; one line more says how many were left out.
    const calls = bed.tape.lines.filter(({ msg }) => msg === 'call');
    expect(calls.length).toBeGreaterThan(20);
    for (const secret of secrets) {
      expect(bed.tape.text).not.toContain(secret);
      expect(bed.tape.text).not.toContain(encodeURIComponent(secret));
      expect(bed.tape.text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
    const told = new Set(calls.flatMap((line) => Object.keys(line)));
    expect(told.difference(new Set(['level', 'msg', ...CALL_FIELDS]))).toEqual(new Set());
  });
});

describe('a request', () => {
  let fresh: HttpBed;
  beforeAll(async () => {
    fresh = await openHttpBed();
  });
  afterAll(() => fresh.close());

  it('is one line, with what an operator looks for', async () => {
    const path = (index: number) => ({ headers: { 'x-request-id': `r-${index}` } });
    const login = { username: 'bob', password: PASSWORD };
    await postToken(fresh, login, path(1));
    await postToken(fresh, { ...login, password: 'wrong' }, path(2));
    await postToken(fresh, login, { ...path(3), path: '/api/apps/nothing/oauth2/token' });
    await send(`${fresh.url}/nothing`, path(4));
    await send(`${fresh.url}${APP_PATH}`, { method: 'OPTIONS', ...path(5) });
    await send(`${fresh.url}/health`, path(6));
    await send(`${fresh.url}${APP_PATH}`, path(7));
    await rawAnswer(fresh, rawPost('/api/apps/%ZZ/oauth2/token', ['X-Request-Id: r-8'], '{}'));
    fresh.services.passwords.fault = new Error('outer', { cause: new Error('inner') });
    await postToken(fresh, login, path(9));
    await eventually(() => fresh.tape.lines.length).toBe(9);
    const common = { msg: 'call', door: 'http', ms: expect.any(Number) };
    const cause = 'Error: outer, caused by Error: inner';
    const token = { ...common, method: 'kii.token' };
    expect(fresh.tape.lines).toMatchObject([
      { ...token, level: 30, requestId: 'r-1', status: 200, code: 'ok', tenant: APP },
      { ...token, level: 30, requestId: 'r-2', status: 400, code: 'invalid_credentials', tenant: APP },
      { ...token, level: 30, requestId: 'r-3', status: 404, code: 'tenant_not_found' },
      { ...common, method: 'unmatched', level: 30, requestId: 'r-4', status: 404, code: 'route_not_found' },
      { ...common, method: 'preflight', level: 30, requestId: 'r-5', status: 204, code: 'ok' },
      { ...common, method: 'health', level: 20, requestId: 'r-6', status: 200, code: 'ok' },
      { ...token, level: 30, requestId: 'r-7', status: 405, code: 'method_not_allowed' },
      { ...common, method: 'unmatched', level: 30, requestId: 'r-8', status: 400, code: 'malformed_request' },
      { ...token, level: 50, requestId: 'r-9', status: 500, code: 'internal', tenant: APP, cause },
    ]);
  });
});
