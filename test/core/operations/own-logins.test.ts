/** What a user ends of its own logins in person: one, all others, or all. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { findSignedIn, signIn } from '../../../src/core/operations/browser-sessions.ts';
import { listConsents } from '../../../src/core/operations/consents.ts';
import { putDeviceToken } from '../../../src/core/operations/device-tokens.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import {
  endAllOwnLogins,
  endOtherOwnLogins,
  endOwnLogin,
  listOwnLogins,
} from '../../../src/core/operations/own-logins.ts';
import { listTokens } from '../../../src/core/operations/tokens.ts';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { aFamilyId, newTokens } from '../../store/fixtures.ts';
import { make, makeUser, openMemoryTestBed, type TestBed } from '../../support.ts';
import { codeFor, makeOAuthClient, redeemed } from '../authorization-fixtures.ts';
import { expectRefused, isActive, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';

const FIRST = { pageSize: 0, pageToken: '' };
/** More than a person is shown. */
const MANY = 2_050;

let bed: TestBed;
let world: World;
/** Of ann, who is signed in at the pages. */
let here: Call;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  here = await signedInHere();
});

async function tokenAtPages(): Promise<string> {
  const issued = await signIn(world.services, world.app, { username: 'ann', password: PASSWORD });
  return (issued as IssuedTokens).accessToken;
}

async function signedInHere(token?: string): Promise<Call> {
  const found = await findSignedIn(world.services, world.app, token ?? (await tokenAtPages()));
  if (found === undefined) {
    throw new Error('ann is not signed in');
  }
  return found.call;
}

const liveOf = async (id = world.annId) => {
  const page = { pageSize: 1_000, pageToken: '' };
  const { items } = await listTokens(world.services, world.admin, { kind: 'user', id }, page);
  return items.map(({ family }) => family.familyId);
};
const familyOf = ({ caller }: Call) => (caller.proof.by === 'token' ? caller.proof.familyId : '');

/** An app that ann allowed, an app of the platform's own, another browser, and the token of a device. */
async function others() {
  const { services, admin, lampId } = world;
  const client = await makeOAuthClient(world, 'web');
  const allowed = await redeemed(world, client, await codeFor(world, client, here));
  const lamp = await putDeviceToken(services, admin, { by: 'device_id', deviceId: lampId });
  return { allowed, app: await login(world, world.app), browser: await tokenAtPages(), lamp, client };
}

describe('ending all other logins', () => {
  it('ends apps, apps that were allowed, and other browsers; not the present one, devices, consents and other users', async () => {
    const { services, tenantId, app } = world;
    await makeUser(services, tenantId, { subjectId: `eve-${tenantId}`, loginName: 'eve', password: PASSWORD });
    const eve = await login(world, app, { credential: { kind: 'user', username: 'eve', password: PASSWORD } });
    const made = await others();
    await endOtherOwnLogins(services, here);
    expect(await liveOf()).toEqual([familyOf(here)]);
    expect(await findSignedIn(services, app, made.browser)).toBeUndefined();
    const active = [made.allowed, made.app, made.lamp, eve].map(({ accessToken }) => isActive(world, accessToken));
    expect(await Promise.all(active)).toEqual([false, false, true, true]);
    const { items } = await listConsents(services, world.admin, { by: 'user_id', userId: world.annId }, FIRST);
    expect(items).toMatchObject([{ consent: { clientId: made.client.caller.clientId, withdrawTime: null } }]);
    // The user is signed in on, and what was allowed is given again.
    expect(await redeemed(world, made.client, await codeFor(world, made.client, here))).toMatchObject({ kind: 'USER' });
  });

  it('ends them all, however many there are', async () => {
    const { services, tenantId, annId } = world;
    const { passwordHash } = (await findSubject(services.store, tenantId, { kind: 'subject_id', key: annId })) ?? {};
    for (let i = 0; i < MANY; i++) {
      await make(services.store, {
        kind: 'issue',
        ...{ tenantId, clientId: tenantId, refreshClientId: tenantId, subjectId: annId, tokenKind: 'USER' },
        proof: { by: 'password', passwordHash: passwordHash ?? '' },
        ...{ counters: [], scopes: [], familyId: aFamilyId(world.clock.now), tokens: newTokens() },
      });
    }
    world.clock.advance(1);
    const newest = await login(world, world.app);
    const listed = await listOwnLogins(services, here);
    expect(listed.length).toBeLessThan(MANY);
    expect(listed.slice(0, 2).map(({ family }) => family.familyId)).toEqual([familyOf(here), newest.familyId]);
    await endOtherOwnLogins(services, here);
    expect(await liveOf()).toEqual([familyOf(here)]);
  });
});

describe('ending all logins', () => {
  it('ends the present one too, and neither devices nor consents', async () => {
    const made = await others();
    await endAllOwnLogins(world.services, here);
    expect(await liveOf()).toEqual([]);
    expect(await isActive(world, made.lamp.accessToken)).toBe(true);
    const consents = await listConsents(world.services, world.admin, { by: 'user_id', userId: world.annId }, FIRST);
    expect(consents.items).toHaveLength(1);
  });
});

describe('ending one login', () => {
  it('ends that of the user, and of another’s tells not even that there is one', async () => {
    const { services, tenantId, app } = world;
    await makeUser(services, tenantId, { subjectId: `eve-${tenantId}`, loginName: 'eve', password: PASSWORD });
    const eve = await login(world, app, { credential: { kind: 'user', username: 'eve', password: PASSWORD } });
    const own = await login(world, app);
    expect(await endOwnLogin(services, here, eve.familyId)).toMatchObject({ revoked: false });
    expect(await endOwnLogin(services, here, 'fm_made-up')).toMatchObject({ revoked: false });
    expect(await endOwnLogin(services, here, own.familyId)).toMatchObject({ revoked: true });
    expect(await liveOf()).toEqual([familyOf(here)]);
    expect(await isActive(world, eve.accessToken)).toBe(true);
  });

  it('is for a user in person', async () => {
    await expectRefused(endOtherOwnLogins(world.services, world.app), 'permission_denied');
    await expectRefused(endAllOwnLogins(world.services, world.admin), 'permission_denied');
  });
});
