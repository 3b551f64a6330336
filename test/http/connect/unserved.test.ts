/** What is not for browsers: every other method of the contract, and whatever else is asked below its paths. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support.ts';
import {
  basicHeader,
  type ConnectBed,
  callThrough,
  DOOR_NAMES,
  DOORS,
  failureThrough,
  METHODS,
  openConnectBed,
} from './doors.ts';

/** Written out: what is served is decided here, and not by what happens to be in the list of the source. */
const SERVED = [
  ...['Issue', 'Refresh', 'Revoke', 'DescribeToken', 'ListTokens'].map((name) => `symbolon.v1.TokenService/${name}`),
  ...['ListConsents', 'WithdrawConsent'].map((name) => `symbolon.v1.ConsentService/${name}`),
  ...[
    'RegisterUser',
    'GetUser',
    'UpdateUser',
    'DeleteUser',
    'ChangeUserPassword',
    'RequestPasswordReset',
    'CompletePasswordReset',
    'StartEmailVerification',
    'ConfirmEmailVerification',
    'StartPhoneVerification',
    'ConfirmPhoneVerification',
    'EnrollTotp',
    'ConfirmTotp',
    'RemoveTotp',
  ].map((name) => `symbolon.v1.UserService/${name}`),
];
const UNSERVED = [...METHODS.keys()].filter((path) => !SERVED.includes(path));
const MESSAGE = 'This method is not served here. Call it over gRPC';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

function post(path: string, contentType = 'application/json', body = '{}') {
  const headers = { 'content-type': contentType, ...basicHeader('admin', bed.adminSecret) };
  return send(`${bed.url}/${path}`, { method: 'POST', headers, body });
}

describe('a method that is not for browsers', () => {
  it('is most of the contract', () => {
    expect(SERVED.filter((path) => !METHODS.has(path))).toEqual([]);
    expect(UNSERVED.length).toBeGreaterThanOrEqual(34);
  });

  it.each(UNSERVED)('is not served: %s', async (path) => {
    const name = path.slice(path.indexOf('/') + 1);
    const headers = basicHeader('admin', bed.adminSecret);
    for (const door of DOOR_NAMES) {
      const failure = await failureThrough(callThrough(DOORS[door](bed.url), name, {}, headers));
      expect(failure, door).toMatchObject({ code: 'Unimplemented', message: MESSAGE });
    }
    const answer = await post(path);
    expect(answer).toMatchObject({ status: 404, json: { code: 'unimplemented', message: MESSAGE } });
  });

  it.each([
    'symbolon.v1.TokenService/Nothing',
    'symbolon.v1.TokenService/issue',
    'symbolon.v1.TokenService/',
    'symbolon.v1.TokenService/Issue/more',
    'symbolon.v1.TokenService%2FIssue',
    'symbolon.v1.Nothing/Issue',
    'symbolon.v1./Issue',
  ])('looks like one that nobody has: %s', async (path) => {
    expect(await post(path)).toMatchObject({ status: 404, json: { code: 'unimplemented', message: MESSAGE } });
  });

  it.each(['grpc.health.v1.Health/Check', 'symbolon.v1/Issue', 'symbolon.v2.TokenService/Issue'])(
    'is in no other package either: %s',
    async (path) => {
      expect((await post(path)).status).toBe(404);
    },
  );
});

describe('a method that is served', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('takes no %s', async (method) => {
    for (const path of SERVED) {
      const response = await fetch(`${bed.url}/${path}?encoding=json&message=%7B%7D&connect=v1`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST, OPTIONS');
      const text = await response.text();
      expect(method === 'HEAD' ? { code: 'unimplemented' } : JSON.parse(text)).toMatchObject({ code: 'unimplemented' });
    }
  });

  it.each([
    'application/connect+json',
    'application/connect+proto',
    'application/grpc',
    'application/grpc+proto',
    'application/json; charset=shift_jis',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/jsonx',
  ])('takes no %s', async (contentType) => {
    for (const path of SERVED) {
      const answer = await post(path, contentType);
      expect(answer).toMatchObject({ status: 415, json: { code: 'unimplemented' } });
      expect(answer.headers.get('accept-post')).toContain('application/json');
    }
  });

  it('says so of a body without a type', async () => {
    const body = new Uint8Array([0]);
    const response = await fetch(`${bed.url}/${SERVED[0]}`, { method: 'POST', body });
    expect(response.status).toBe(415);
  });
});
