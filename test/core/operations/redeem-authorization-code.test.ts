import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUTHORIZATION_CODE_LIFETIME_MS, USED_CODE_MEMORY_MS } from '../../../src/core/lifetimes.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import type { AuthorizationRequest } from '../../../src/core/operations/check-authorization.ts';
import { challengeOf } from '../../../src/core/operations/redeem-authorization-code.ts';
import { policyOfProfile } from '../../../src/core/policy.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { callerOf, make, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  CHALLENGE,
  codeFor,
  makeOAuthClient,
  NATIVE,
  PKCE,
  redeemed,
  signIn,
  VERIFIER,
  WEB,
} from '../authorization-fixtures.ts';
import {
  cutOff,
  cutOffAndEnable,
  expectRefused,
  familyOf,
  isActive,
  isTokenLive,
  makeWorld,
  refreshed,
  revisionOf,
  type World,
} from '../fixtures.ts';

let bed: TestBed;
let world: World;
let web: Call;
let native: Call;
let ann: Call;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  web = await makeOAuthClient(world, 'web');
  native = await makeOAuthClient(world, 'native', { confidential: false });
  ann = await signIn(world);
});

const webCode = (request: Partial<AuthorizationRequest> = {}) => codeFor(world, web, ann, request);
const nativeCode = (request: Partial<AuthorizationRequest> = {}) =>
  codeFor(world, native, ann, { ...PKCE, ...request });

it('the vectors of RFC 7636 appendix B', () => {
  expect(challengeOf(VERIFIER)).toBe(CHALLENGE);
});

describe('a code', () => {
  it('gives tokens that live as long as what comes by consent, and hang on it', async () => {
    const tokens = await redeemed(world, web, await webCode());
    const { consentTokenLifetimeMs, consentRefreshLifetimeMs } = policyOfProfile('kii');
    const { now } = world.clock;
    expect(tokens).toMatchObject({ expireTime: now + consentTokenLifetimeMs, scopes: ['read', 'write'] });
    expect(await familyOf(world, tokens.accessToken)).toMatchObject({
      clientId: web.caller.clientId,
      subjectId: world.annId,
      consentId: consentIdOf(world.tenantId, world.annId, web.caller.clientId),
      audience: null,
      expireTime: now + consentRefreshLifetimeMs,
    });
    expect(await isActive(world, (await refreshed(world, tokens, web)).accessToken)).toBe(true);
  });

  it('is refreshed no more by a client that has lost the grant, and theft ends it all the same', async () => {
    const first = await redeemed(world, web, await webCode());
    const second = await refreshed(world, first, web);
    const [{ tenantId }, { clientId }] = [world, web.caller];
    await make(bed.store, { kind: 'update_client', tenantId, clientId, grants: ['authorization_code'] });
    await expectRefused(refreshed(world, second, web), 'unauthorized_client');
    expect(await isActive(world, second.accessToken)).toBe(true);
    world.clock.advance(60_000);
    await expectRefused(refreshed(world, first, web), 'invalid_refresh_token');
    expect(await isActive(world, second.accessToken)).toBe(false);
  });

  it('gives a refresh token to clients alone that have the grant', async () => {
    const plain = await makeOAuthClient(world, 'plain', { grants: ['authorization_code'] });
    const tokens = await redeemed(world, plain, await codeFor(world, plain, ann));
    expect(tokens.refreshToken).toBeUndefined();
    expect(tokens.refreshExpireTime).toBeNull();
  });

  it('lives 60 seconds', async () => {
    const [intime, late] = [await webCode(), await webCode()];
    world.clock.advance(AUTHORIZATION_CODE_LIFETIME_MS - 1);
    await redeemed(world, web, intime);
    world.clock.advance(1);
    await expectRefused(redeemed(world, web, late), 'invalid_grant');
  });

  it.each(['', 'rubbish', `syc_${'0'.repeat(54)}`, `syc_${'0'.repeat(2_000)}`])('is not %s', async (code) => {
    await expectRefused(redeemed(world, web, code), code === '' ? 'invalid_argument' : 'invalid_grant');
  });

  it('is of its client alone (RFC 9700 section 4.5)', async () => {
    const other = await makeOAuthClient(world, 'other');
    const code = await webCode();
    await expectRefused(redeemed(world, other, code), 'invalid_grant');
    await expectRefused(redeemed(world, world.app, code), 'invalid_grant');
    await redeemed(world, web, code);
  });

  it('is of its tenant alone', async () => {
    const other = await makeWorld(bed);
    await expectRefused(redeemed(other, await makeOAuthClient(other, 'web'), await webCode()), 'invalid_grant');
  });

  it('of a client whose secret is wrong is not looked at', async () => {
    await expect(callerOf(world.services, web.caller.clientId, 'wrong')).rejects.toMatchObject({
      code: 'caller_unauthenticated',
    });
  });

  it('of a client that has lost the grant, or the scopes, gives nothing', async () => {
    const code = await webCode();
    const set = { kind: 'update_client', tenantId: world.tenantId, clientId: web.caller.clientId } as const;
    await make(bed.store, { ...set, scopes: ['read'] });
    await expectRefused(redeemed(world, web, code), 'scope_not_allowed');
    await make(bed.store, { ...set, scopes: ['read', 'write'] });
    await redeemed(world, web, code);
  });
});

describe('the redirect URI', () => {
  it.each<[string, string | undefined, string | undefined, boolean]>([
    ['neither call has one', undefined, undefined, true],
    ['both have it', WEB, WEB, true],
    ['only the token call has it', undefined, WEB, true],
    ['only the request has it', WEB, undefined, false],
    ['they differ', WEB, `${WEB}/`, false],
    ['only the token call has one, and another', undefined, 'https://evil.example', false],
  ])('%s', async (_, asked, given, isTaken) => {
    const code = await webCode(asked === undefined ? {} : { redirectUri: asked });
    const redeeming = redeemed(world, web, code, given === undefined ? {} : { redirectUri: given });
    await (isTaken ? redeeming : expectRefused(redeeming, 'invalid_grant'));
  });

  it('has the port that was asked with', async () => {
    const redirectUri = 'http://127.0.0.1:49152/back';
    const code = await nativeCode({ redirectUri });
    const proof = { codeVerifier: VERIFIER };
    await expectRefused(redeemed(world, native, code, { ...proof, redirectUri: NATIVE }), 'invalid_grant');
    await redeemed(world, native, code, { ...proof, redirectUri });
  });
});

describe('the verifier (RFC 7636 section 4.6)', () => {
  it('is that of the challenge', async () => {
    await redeemed(world, native, await nativeCode(), { codeVerifier: VERIFIER });
    await redeemed(world, web, await webCode(PKCE), { codeVerifier: VERIFIER });
  });

  it('is refused when it is another, or none', async () => {
    const code = await nativeCode();
    await expectRefused(redeemed(world, native, code), 'invalid_grant');
    await expectRefused(redeemed(world, native, code, { codeVerifier: 'a'.repeat(43) }), 'invalid_grant');
    await expectRefused(redeemed(world, native, code, { codeVerifier: CHALLENGE }), 'invalid_grant');
    await redeemed(world, native, code, { codeVerifier: VERIFIER });
    await expectRefused(redeemed(world, web, await webCode(PKCE)), 'invalid_grant');
  });

  it('is refused where the request had no challenge: a downgrade (RFC 9700 section 4.8.2)', async () => {
    const code = await webCode();
    await expectRefused(redeemed(world, web, code, { codeVerifier: VERIFIER }), 'invalid_grant');
    await redeemed(world, web, code);
  });

  it.each(['', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)}+`])('has its form: not %s', async (codeVerifier) => {
    await expectRefused(redeemed(world, native, await nativeCode(), { codeVerifier }), 'invalid_argument');
  });
});

describe('a code that comes back', () => {
  it('ends what it gave, with an event and a record, though it is refused', async () => {
    const code = await webCode();
    const tokens = await redeemed(world, web, code);
    const before = (await revisionOf(world)) ?? 0;
    await expectRefused(redeemed(world, web, code), 'invalid_grant');
    expect(await revisionOf(world)).toBe(before + 1);
    expect(await isTokenLive(world, tokens.accessToken)).toBe(false);
    await expectRefused(refreshed(world, tokens, web), 'invalid_refresh_token');
    const [log] = await bed.store.readRevocations([{ tenantId: world.tenantId, after: before }], 9);
    const events = log?.events;
    expect(events).toMatchObject([{ scope: 'family', key: tokens.familyId, cause: 'code_reuse' }]);
    const records = await bed.store.list(AUDIT_RECORDS, { tenantId: world.tenantId }, { limit: 100 });
    expect(records.at(-1)).toMatchObject({ action: 'code_reuse', targetId: tokens.familyId, result: 'invalid_grant' });
  });

  it('ends it once', async () => {
    const code = await webCode();
    await redeemed(world, web, code);
    await expectRefused(redeemed(world, web, code), 'invalid_grant');
    const before = await revisionOf(world);
    await expectRefused(redeemed(world, web, code), 'invalid_grant');
    expect(await revisionOf(world)).toBe(before);
  });

  it('ends it after its minute, after a refresh, and whatever comes with it, for a day', async () => {
    const code = await webCode();
    const tokens = await refreshed(world, await redeemed(world, web, code), web);
    world.clock.advance(USED_CODE_MEMORY_MS);
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
    await expectRefused(redeemed(world, web, code, { redirectUri: 'x' }), 'invalid_grant');
    expect(await isTokenLive(world, tokens.accessToken)).toBe(false);
  });

  it('by another client ends nothing', async () => {
    const code = await webCode();
    const tokens = await redeemed(world, web, code);
    await expectRefused(redeemed(world, native, code), 'invalid_grant');
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
  });

  it('of several at once lets in one, and that one ends', async () => {
    const code = await webCode();
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => redeemed(world, web, code)));
    const [winner, ...others] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(others).toEqual([]);
    expect(await isTokenLive(world, winner?.accessToken ?? '')).toBe(false);
  });
});

describe('a code opens nothing after', () => {
  it.each<[string, () => Promise<void>, string]>([
    [
      'all tokens of the user were ended',
      () => make(bed.store, cutOff(world, 'user', world.annId, 'revoked')),
      'invalid_grant',
    ],
    ['the user was disabled', () => make(bed.store, cutOff(world, 'user', world.annId, 'disabled')), 'invalid_grant'],
    ['the user was deleted', () => make(bed.store, cutOff(world, 'user', world.annId, 'deleted')), 'invalid_grant'],
    ['the user was disabled and enabled', () => cutOffAndEnable(world, 'user', world.annId), 'invalid_grant'],
    [
      'all tokens of the client were ended',
      () => make(bed.store, cutOff(world, 'client', web.caller.clientId, 'revoked')),
      'invalid_grant',
    ],
    [
      'all tokens of the tenant were ended',
      () => make(bed.store, cutOff(world, 'tenant', world.tenantId, 'revoked')),
      'invalid_grant',
    ],
  ])('%s', async (_, end, code) => {
    const given = await webCode();
    await end();
    await expectRefused(redeemed(world, web, given), code as 'invalid_grant');
  });
});
