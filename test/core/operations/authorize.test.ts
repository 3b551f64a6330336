import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { authorize } from '../../../src/core/operations/authorize.ts';
import { checkAuthorization, findConsent } from '../../../src/core/operations/check-authorization.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { consentIdOf, scopesOf } from '../../../src/core/rules/consents.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { CONSENTS } from '../../../src/core/tables/consents.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import { codeFor, makeOAuthClient, NATIVE, PKCE, redeemed, signIn, WEB } from '../authorization-fixtures.ts';
import { cutOff, expectRefused, isActive, makeWorld, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;
let web: Call;
let ann: Call;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  web = await makeOAuthClient(world, 'web');
  ann = await signIn(world);
});

const consents = () => bed.store.list(CONSENTS, { tenantId: world.tenantId, subjectId: world.annId }, { limit: 9 });

function check(scopes: readonly string[] = [], clientId = web.caller.clientId, responseType = 'code') {
  return checkAuthorization(world.services, world.tenantId, { clientId, responseType, scopes, ...PKCE });
}

async function grants(): Promise<readonly string[]> {
  const records = await bed.store.list(AUDIT_RECORDS, { tenantId: world.tenantId }, { limit: 100 });
  return records
    .filter(({ action }) => action === 'grant_consent')
    .map(({ details }) => details.replace(/^client [^,]*, /, ''));
}

describe('what a user agreed to', () => {
  it('is a consent, one of the user and the client, with an entry of the audit log', async () => {
    await codeFor(world, web, ann, { scopes: ['read'] });
    expect(await consents()).toEqual([
      {
        consentId: consentIdOf(world.tenantId, world.annId, web.caller.clientId),
        tenantId: world.tenantId,
        subjectId: world.annId,
        clientId: web.caller.clientId,
        scopes: ['read'],
        cutoff: 0,
        grantTime: world.clock.now,
        withdrawTime: null,
      },
    ]);
    expect(await grants()).toEqual(['read']);
  });

  it('grows, and is written again only when it does', async () => {
    await codeFor(world, web, ann, { scopes: ['read'] });
    await codeFor(world, web, ann, { scopes: ['write'] });
    world.clock.advance(1);
    await codeFor(world, web, ann, { scopes: ['read'] });
    expect(await consents()).toMatchObject([{ scopes: ['read', 'write'], grantTime: world.clock.now - 1 }]);
    expect(await grants()).toEqual(['read', 'write']);
  });

  it('need not be asked for again until more is asked for', async () => {
    const { services, tenantId, annId } = world;
    const checked = await check(['read']);
    expect(await findConsent(services, tenantId, annId, checked)).toMatchObject({ isEnough: false });
    await authorize(services, ann, checked);
    expect(await findConsent(services, tenantId, annId, checked)).toMatchObject({ isEnough: true });
    expect(await findConsent(services, tenantId, annId, await check())).toMatchObject({ isEnough: false });
    expect(await findConsent(services, tenantId, 'somebody-else', checked)).toEqual({ isEnough: false, allowed: [] });
  });

  it('is asked for each time where any program could be the client (RFC 8252 section 8.6)', async () => {
    const { services, tenantId, annId } = world;
    const { caller } = await makeOAuthClient(world, 'native', { confidential: false });
    const native = await check(['read'], caller.clientId);
    await authorize(services, ann, native);
    expect(native.redirectUri).toBe(NATIVE);
    expect(await findConsent(services, tenantId, annId, native)).toMatchObject({ isEnough: false });
    const page = await makeOAuthClient(world, 'page', { confidential: false, redirectUris: [WEB] });
    const checked = await check(['read'], page.caller.clientId);
    await authorize(services, ann, checked);
    expect(await findConsent(services, tenantId, annId, checked)).toMatchObject({ isEnough: true });
  });

  it('is asked for each time where tokens are sent at once to what any program could take', async () => {
    const { services, tenantId, annId } = world;
    for (const [name, redirectUri, isAskedOnce] of [
      ['app', 'com.example.app:/back', false],
      ['site', WEB, true],
    ] as const) {
      const grants = ['implicit'] as const;
      const { caller } = await makeOAuthClient(world, name, { grants, redirectUris: [redirectUri] });
      const checked = await check(['read'], caller.clientId, 'token');
      await authorize(services, ann, checked);
      expect(await findConsent(services, tenantId, annId, checked)).toMatchObject({ isEnough: isAskedOnce });
    }
  });

  it('for one resource server alone is asked for again for others, and for all of them', async () => {
    const { services, tenantId, annId } = world;
    const [api, other] = ['https://api.example/', 'https://other.example/'];
    for (const resourceServerId of [api, other]) {
      const server = { resourceServerId, displayName: resourceServerId, scopes: [], clientIds: [] };
      await make(bed.store, { kind: 'create_resource_server', tenantId, ...server });
    }
    const checkAt = (resource?: string) =>
      checkAuthorization(services, tenantId, { clientId: web.caller.clientId, responseType: 'code', resource });
    const areAsked = async () => {
      const all = [];
      for (const resource of [api, other, undefined]) {
        all.push(!(await findConsent(services, tenantId, annId, await checkAt(resource))).isEnough);
      }
      return all;
    };
    await authorize(services, ann, await checkAt(api));
    expect(await areAsked()).toEqual([false, true, true]);
    await expectRefused(authorize(services, ann, await checkAt(), { isUnasked: true }), 'access_denied');
    await authorize(services, ann, await checkAt());
    // What was granted for any may be had for one of them.
    expect(await areAsked()).toEqual([false, false, false]);
    expect((await consents()).map(scopesOf)).toEqual([['read', 'write']]);
  });

  it('that was taken back is not given again by who was not asked', async () => {
    const { services, tenantId, annId } = world;
    const checked = await check(['read']);
    await authorize(services, ann, checked);
    await authorize(services, ann, checked, { isUnasked: true });
    const consentId = consentIdOf(tenantId, annId, web.caller.clientId);
    await make(bed.store, { kind: 'withdraw_consent', tenantId, consentId });
    await expectRefused(authorize(services, ann, checked, { isUnasked: true }), 'access_denied');
    expect(await findConsent(services, tenantId, annId, checked)).toMatchObject({ isEnough: false });
  });

  it('is of a user who is signed in, and of nobody else', async () => {
    const { services } = world;
    const checked = await check();
    await expectRefused(authorize(services, world.backend, checked), 'permission_denied');
    await expectRefused(authorize(services, world.admin, checked), 'permission_denied');
    await make(bed.store, cutOff(world, 'user', world.annId, 'revoked'));
    await expectRefused(authorize(services, ann, checked), 'caller_unauthenticated');
    expect(await consents()).toEqual([]);
  });

  it('is looked at again when the user has thought for long', async () => {
    const { services, tenantId } = world;
    const [checked, implicit] = [await check(), { ...(await check()), responseType: 'token' as const }];
    await expectRefused(authorize(services, ann, implicit), 'unauthorized_client');
    await expectRefused(
      authorize(services, ann, { ...checked, redirectUri: 'https://evil.example' }),
      'invalid_argument',
    );
    await expectRefused(authorize(services, ann, { ...checked, scopes: ['admin'] }), 'scope_not_allowed');
    await expectRefused(authorize(services, ann, { ...checked, audience: 'https://gone.example' }), 'invalid_target');
    await make(bed.store, cutOff(world, 'client', web.caller.clientId, 'disabled'));
    await expectRefused(authorize(services, ann, checked), 'unauthorized_client');
    await make(bed.store, cutOff(world, 'client', web.caller.clientId, 'deleted'));
    await expectRefused(authorize(services, ann, checked), 'unauthorized_client');
    const other = await makeWorld(bed);
    const theirs = await makeOAuthClient(other, 'web');
    const { client } = await checkAuthorization(services, other.tenantId, {
      clientId: theirs.caller.clientId,
      responseType: 'code',
    });
    await expectRefused(authorize(services, ann, { ...checked, client }), 'unauthorized_client');
    expect(await bed.store.list(CONSENTS, { tenantId, subjectId: world.annId }, { limit: 9 })).toEqual([]);
  });

  it('goes with its user and with its client', async () => {
    const other = await makeOAuthClient(world, 'other');
    await codeFor(world, web, ann);
    await codeFor(world, other, ann);
    await make(bed.store, cutOff(world, 'client', other.caller.clientId, 'deleted'));
    expect(await consents()).toMatchObject([{ clientId: web.caller.clientId }]);
    await make(bed.store, cutOff(world, 'user', world.annId, 'deleted'));
    expect(await consents()).toEqual([]);
  });
});

describe('tokens at once', () => {
  it('are for a client that is allowed them, hang on the consent, and are never refreshed', async () => {
    const { services } = world;
    const grantTypes = ['implicit', 'refresh_token'] as const;
    const { caller } = await makeOAuthClient(world, 'page', {
      confidential: false,
      grants: grantTypes,
      redirectUris: [WEB],
    });
    const response = await authorize(services, ann, await check(['read'], caller.clientId, 'token'));
    if (!('tokens' in response)) {
      throw new Error('there are no tokens');
    }
    expect(response.tokens).toMatchObject({
      kind: 'USER',
      subjectId: world.annId,
      scopes: ['read'],
      refreshExpireTime: null,
    });
    expect(response.tokens.refreshToken).toBeUndefined();
    expect(await isActive(world, response.tokens.accessToken)).toBe(true);
    expect(await consents()).toMatchObject([{ clientId: caller.clientId, scopes: ['read'] }]);
    await revokeAll(services, world.admin, { kind: 'user', id: world.annId });
    expect(await isActive(world, response.tokens.accessToken)).toBe(false);
  });
});

it('a code that the user agreed to gives tokens with what was agreed to', async () => {
  const code = await codeFor(world, web, ann, { scopes: ['read'] });
  expect(code).toMatch(/^syc_/);
  const tokens = await redeemed(world, web, code);
  expect(tokens).toMatchObject({ kind: 'USER', subjectId: world.annId, scopes: ['read'] });
  expect(tokens.refreshToken).toBeDefined();
  expect(await isActive(world, tokens.accessToken)).toBe(true);
});
