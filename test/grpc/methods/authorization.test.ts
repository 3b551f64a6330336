/** Issue with what a user agreed to on a page: authorization codes and device codes. */
import type { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeepPartial, IssueRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { authenticateTokenHolder, type Call } from '../../../src/core/operations/authenticate.ts';
import { authorize } from '../../../src/core/operations/authorize.ts';
import { checkAuthorization } from '../../../src/core/operations/check-authorization.ts';
import {
  beginDeviceAuthorization,
  decideDeviceAuthorization,
  requireIssuer,
} from '../../../src/core/operations/device-authorization.ts';
import { CHALLENGE, NATIVE, PKCE, VERIFIER } from '../../core/authorization-fixtures.ts';
import { tokensIn } from '../../issue-result.ts';
import { callerOf, make } from '../../support.ts';
import { basic, failureOf, introspect, PASSWORD } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, type Partially } from './bed.ts';

const CLIENT = 'native';
const REDIRECT = 'http://127.0.0.1:49152/back';

let bed: DirectoryBed;
let ann: Call;
let annId: string;
let native: Metadata;

beforeAll(async () => {
  bed = await openDirectoryBed();
  const grants = ['authorization_code', 'refresh_token', 'device_code'] as const;
  const own = { clientId: CLIENT, tenantId: 'acme', displayName: 'Native', confidential: false, roles: [] };
  const client = { ...own, scopes: ['read', 'write'], grants, redirectUris: [NATIVE] };
  await make(bed.store, { kind: 'create_client', client });
  const registered = await bed.call(
    'registerUser',
    { loginName: 'ann-2', password: PASSWORD, withToken: {} },
    bed.as.public,
  );
  annId = registered.user?.userId ?? '';
  const caller = await authenticateTokenHolder(bed.services, 'acme', registered.tokens?.accessToken ?? '');
  if (caller === undefined) {
    throw new Error('the user is not signed in');
  }
  ann = { caller };
  native = basic(CLIENT);
});
afterAll(() => bed.close());

type Fields = DeepPartial<IssueRequest>;

const issue = (credential: Fields['credential'], terms: Fields = {}, as = native) =>
  bed.call('issue', { credential, ...terms }, as);

function byCode(code: string, fields: { redirectUri?: string; codeVerifier?: string } = {}) {
  const value = { code, redirectUri: REDIRECT, codeVerifier: VERIFIER, ...fields };
  return { $case: 'authorizationCode', value } as const;
}

async function newCode(): Promise<string> {
  const asked = { clientId: CLIENT, redirectUri: REDIRECT, responseType: 'code', scopes: ['read'], ...PKCE };
  const response = await authorize(bed.services, ann, await checkAuthorization(bed.services, 'acme', asked));
  return 'code' in response ? response.code : '';
}

async function beginDevice() {
  return beginDeviceAuthorization(bed.services, { caller: await callerOf(bed.services, CLIENT) }, {});
}

it('an authorization code gives tokens once, and ends them when it comes back', async () => {
  const code = await newCode();
  const issued = tokensIn(await issue(byCode(code)));
  expect(issued).toMatchObject({ subjectId: annId, scopes: ['read'] });
  expect(issued?.refreshToken).not.toBe('');
  expect(await introspect(bed, issued?.accessToken ?? '')).toMatchObject({ active: true, clientId: CLIENT });
  const again = await failureOf(issue(byCode(code)));
  expect(again).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'INVALID_GRANT' });
  expect(await introspect(bed, issued?.accessToken ?? '')).toMatchObject({ active: false });
});

it.each<[string, Parameters<typeof byCode>[1]]>([
  ['another redirect URI', { redirectUri: NATIVE }],
  ['no redirect URI', { redirectUri: '' }],
  ['another verifier', { codeVerifier: CHALLENGE }],
  ['no verifier', { codeVerifier: '' }],
])('an authorization code is refused with %s', async (_, fields) => {
  const failure = await failureOf(issue(byCode(await newCode(), fields)));
  expect(failure).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'INVALID_GRANT' });
});

it('an authorization code is its client’s alone', async () => {
  const code = await newCode();
  for (const as of [bed.as.public, bed.as.client, bed.as.otherPublic]) {
    expect(await failureOf(issue(byCode(code), {}, as))).toMatchObject({ reason: 'INVALID_GRANT' });
  }
  expect(tokensIn(await issue(byCode(code)))).toMatchObject({ subjectId: annId });
});

it.each<[string, Fields]>([
  ['scopes', { scopes: ['read'] }],
  ['expire_time', { expireTime: { seconds: 4_000_000_000, nanos: 0 } }],
  ['request_id', { requestId: 'a' }],
])('%s belong to the request for authorization', async (field, terms) => {
  for (const credential of [byCode('x'), { $case: 'deviceCode', value: { deviceCode: 'x' } } as const]) {
    const failure = await failureOf(issue(credential, terms));
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(failure.message).toContain(`${field} belongs to the request for authorization`);
  }
});

it('a device code is asked for until the user has approved it', async () => {
  const { deviceCode, userCode } = await beginDevice();
  const poll = () => issue({ $case: 'deviceCode', value: { deviceCode } });
  expect(await failureOf(poll())).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'AUTHORIZATION_PENDING' });
  expect(await failureOf(poll())).toMatchObject({ status: 'RESOURCE_EXHAUSTED', reason: 'SLOW_DOWN' });
  await decideDeviceAuthorization(bed.services, ann, userCode, 'approve');
  const issued = tokensIn(await poll());
  expect(issued).toMatchObject({ subjectId: annId, scopes: ['read', 'write'] });
  expect(await failureOf(poll())).toMatchObject({ reason: 'INVALID_GRANT' });
  expect(await introspect(bed, issued?.accessToken ?? '')).toMatchObject({ active: false });
});

it('a device that was denied, or asks too late, or has not got the grant, is told so', async () => {
  const [denied, late] = [await beginDevice(), await beginDevice()];
  const poll = (deviceCode: string) => issue({ $case: 'deviceCode', value: { deviceCode } });
  await decideDeviceAuthorization(bed.services, ann, denied.userCode, 'deny');
  expect(await failureOf(poll(denied.deviceCode))).toMatchObject({ reason: 'ACCESS_DENIED' });
  const rubbish = await failureOf(poll('rubbish'));
  expect(rubbish).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'INVALID_GRANT' });
  bed.clock.advance(30 * 60_000);
  expect(await failureOf(poll(late.deviceCode))).toMatchObject({ reason: 'EXPIRED_TOKEN' });
});

it('a device begins by gRPC alone, and its user finds what it asked for', async () => {
  const begun = await bed.call('beginDeviceAuthorization', { scopes: ['write'] }, native);
  const verificationUri = 'https://login.example.com/t/acme/device';
  expect(begun).toMatchObject({ verificationUri, timeToLive: { seconds: 1800 }, interval: { seconds: 5 } });
  expect(begun.verificationUriComplete).toBe(`${verificationUri}?user_code=${begun.userCode}`);
  await decideDeviceAuthorization(bed.services, ann, begun.userCode, 'approve');
  const issued = await issue({ $case: 'deviceCode', value: { deviceCode: begun.deviceCode } });
  expect(tokensIn(issued)).toMatchObject({ subjectId: annId, scopes: ['write'] });
});

it('a device may not begin without the grant, with a scope or a resource that is unknown, or where no page is known', async () => {
  const begin = (fields: Partially<'beginDeviceAuthorization'>, as = native) =>
    failureOf(bed.call('beginDeviceAuthorization', fields, as));
  const refused = { status: 'PERMISSION_DENIED', reason: 'UNAUTHORIZED_CLIENT' };
  expect(await begin({}, bed.as.client)).toMatchObject(refused);
  expect(await begin({ scopes: ['admin'] })).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'SCOPE_NOT_ALLOWED' });
  expect(await begin({ resource: 'nothing' })).toMatchObject({ reason: 'INVALID_TARGET' });
  const unknown = () => requireIssuer({ issuerOf: () => undefined }, ann);
  expect(unknown).toThrow(expect.objectContaining({ code: 'precondition_failed' }));
});
