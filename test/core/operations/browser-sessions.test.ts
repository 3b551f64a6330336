import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { VISITS_MS } from '../../../src/core/commands/note-visit.ts';
import { authenticateTokenHolder, type Call } from '../../../src/core/operations/authenticate.ts';
import { batchIntrospect } from '../../../src/core/operations/batch-introspect.ts';
import { completeSignIn, findSignedIn, signIn, signOut } from '../../../src/core/operations/browser-sessions.ts';
import { check } from '../../../src/core/operations/check.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import type { PendingLogin } from '../../../src/core/operations/issue.ts';
import { type IssuedTokens, newFamily } from '../../../src/core/operations/new-tokens.ts';
import { listTokens, revokeAll } from '../../../src/core/operations/tokens.ts';
import { endUser, getUser } from '../../../src/core/operations/users.ts';
import { PAGES_AUDIENCE, PAGES_LIFETIME_MS } from '../../../src/core/rules/audiences.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  enroll,
  expectRefused,
  familyOf,
  login,
  makeWorld,
  PASSWORD,
  PATIENTLY,
  subjectOf,
  type World,
} from '../fixtures.ts';
import { codeOf, firstStep, STEP_MS, secondStep } from '../second-factor-login.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed, { loginAttempts: 3 });
});

const signInAs = (password = PASSWORD, username = 'ann') => signIn(world.services, world.app, { username, password });

async function token(): Promise<string> {
  return ((await signInAs()) as IssuedTokens).accessToken;
}

const signedIn = (text: string, call: Call = world.app) => findSignedIn(world.services, call, text);

describe('signing in on the pages', () => {
  it('begins a login of the user for the pages alone: 12 hours, no refresh, no scope, whatever the tenant gives others', async () => {
    const issued = (await signInAs()) as IssuedTokens;
    expect(issued).toMatchObject({ kind: 'USER', subjectId: world.annId, refreshToken: undefined, scopes: [] });
    expect(issued.expireTime).toBe(world.clock.now + PAGES_LIFETIME_MS);
    expect(await familyOf(world, issued.accessToken)).toMatchObject({
      audience: PAGES_AUDIENCE,
      clientId: world.tenantId,
      expireTime: world.clock.now + PAGES_LIFETIME_MS,
      consentId: null,
    });
    world.clock.advance(PAGES_LIFETIME_MS - 1);
    expect(await signedIn(issued.accessToken)).toMatchObject({ user: { subjectId: world.annId } });
    world.clock.advance(1);
    expect(await signedIn(issued.accessToken)).toBeUndefined();
  });

  it('makes a token of its own each time', async () => {
    expect(await token()).not.toBe(await token());
  });

  it('gives calls in the name of the user', async () => {
    const { call } = (await signedIn(await token())) ?? {};
    expect(call?.caller).toMatchObject({ standings: ['user'], subject: { kind: 'user', id: world.annId } });
  });

  it('bears nobody anywhere else', async () => {
    const text = await token();
    const { services, tenantId, app } = world;
    expect(await authenticateTokenHolder(services, tenantId, text)).toBeUndefined();
    await expectRefused(getUser(services, app, { by: 'access_token', accessToken: text }), 'invalid_credentials');
  });

  it('is live to no service that asks, be it an admin', async () => {
    const text = await token();
    const { services, watcher, admin } = world;
    for (const call of [watcher, admin]) {
      expect(await introspect(services, call, { token: text })).toMatchObject({ active: false });
      const [inBatch] = await batchIntrospect(services, call, { tokens: [text] });
      expect(inBatch).toMatchObject({ active: false });
      const asked = { token: text, permission: 'write_profile' } as const;
      expect((await check(services, call, asked)).reason).toBe('token_not_live');
    }
  });

  it('takes no token that was issued elsewhere', async () => {
    const other = await login(world);
    expect(await signedIn(other.accessToken)).toBeUndefined();
    expect(await signedIn('syu_made-up')).toBeUndefined();
    expect(await signedIn('')).toBeUndefined();
  });

  it('is of the tenant’s own client', async () => {
    const { services, tenantId, backend, annId } = world;
    const { pair, begun } = await newFamily(services, 'USER');
    const { clientId } = backend.caller;
    const passwordHash = (await subjectOf(world, annId))?.passwordHash ?? '';
    await make(services.store, {
      kind: 'issue',
      ...{ tenantId, clientId, refreshClientId: clientId, subjectId: annId, tokenKind: 'USER', scopes: [] },
      ...{ proof: { by: 'password', passwordHash }, counters: [], audience: PAGES_AUDIENCE },
      ...begun,
    });
    expect(await familyOf(world, pair.accessToken)).toMatchObject({ audience: PAGES_AUDIENCE });
    expect(await signedIn(pair.accessToken)).toBeUndefined();
  });

  it('is of one tenant', async () => {
    const other = await makeWorld(bed);
    expect(await signedIn(await token(), other.app)).toBeUndefined();
  });

  it('is listed among the logins of the user, and ends with all of them', async () => {
    const text = await token();
    const { services, admin, annId } = world;
    const listed = await listTokens(services, admin, { kind: 'user', id: annId }, { pageSize: 0, pageToken: '' });
    expect(JSON.stringify(listed)).toContain((await familyOf(world, text))?.familyId);
    await revokeAll(services, admin, { kind: 'user', id: annId });
    expect(await signedIn(text)).toBeUndefined();
  });

  it('ends when the user is disabled', async () => {
    const text = await token();
    await endUser(world.services, world.admin, { by: 'user_id', userId: world.annId }, 'disabled');
    expect(await signedIn(text)).toBeUndefined();
  });

  it('ends by signing out, and only this one', async () => {
    const [one, two] = [await token(), await token()];
    await signOut(world.services, world.app, one);
    expect(await signedIn(one)).toBeUndefined();
    expect(await signedIn(two)).toBeDefined();
  });

  it('counts wrong passwords with those of every other door', async () => {
    await expectRefused(signInAs('wrong'), 'invalid_credentials');
    await expectRefused(
      login(world, world.backend, { credential: { kind: 'user', username: 'ann', password: 'wrong' } }),
      'invalid_credentials',
    );
    await expectRefused(signInAs('wrong', 'nobody'), 'invalid_credentials');
    await expectRefused(signInAs('wrong'), 'invalid_credentials');
    await expectRefused(signInAs(), 'login_locked');
    await expectRefused(login(world), 'login_locked');
  });
});

describe('what is listed of it', () => {
  const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const browser = () => ({ ...world.app, address: '192.0.2.7', agent: FIREFOX });
  const listed = async () => {
    const holder = { kind: 'user', id: world.annId } as const;
    return (await listTokens(world.services, world.admin, holder, { pageSize: 0, pageToken: '' })).items;
  };
  const signInThere = async () => {
    const issued = await signIn(world.services, browser(), { username: 'ann', password: PASSWORD });
    return (issued as IssuedTokens).accessToken;
  };

  it('is where it was, in which browser, and when that came last, to ten minutes', async () => {
    const text = await signInThere();
    const begun = world.clock.now;
    const place = { placeAddress: '192.0.2.7', placeAgent: 'Firefox, Windows', audience: PAGES_AUDIENCE };
    expect(await listed()).toMatchObject([{ family: place, lastUseTime: begun }]);
    world.clock.advance(VISITS_MS - 1);
    await signedIn(text);
    expect(await listed()).toMatchObject([{ lastUseTime: begun }]);
    world.clock.advance(VISITS_MS);
    await signedIn(text);
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ lastUseTime: world.clock.now }]), PATIENTLY);
  });

  it('is asked of the store once in ten minutes, and again after it failed, for which no page waits', async () => {
    const text = await signInThere();
    const execute = world.services.store.execute.bind(world.services.store);
    const asked: ((failed: boolean) => void)[] = [];
    const spy = vi.spyOn(world.services.store, 'execute').mockImplementation((command) =>
      command.kind === 'note_visit'
        ? new Promise((resolve, reject) => {
            asked.push((failed) => (failed ? reject(new Error('disk full')) : resolve({ answer: {} } as never)));
          })
        : execute(command),
    );
    expect(await signedIn(text)).toBeDefined();
    expect(await signedIn(text)).toBeDefined();
    expect(asked).toHaveLength(1);
    asked[0]?.(true);
    await vi.waitFor(async () => {
      await signedIn(text);
      expect(asked).toHaveLength(2);
    }, PATIENTLY);
    asked[1]?.(false);
    await signedIn(text);
    expect(asked).toHaveLength(2);
    spy.mockRestore();
  });
});

describe('signing in with a second factor', () => {
  const pending = async () => (await signInAs()) as PendingLogin;

  it('takes both steps, and is for the pages then too', async () => {
    const factor = await enroll(world, world.annId);
    world.clock.advance(STEP_MS);
    const { mfaToken } = await pending();
    const issued = await completeSignIn(world.services, world.app, { mfaToken, factor: codeOf(world, factor) });
    expect(issued.refreshToken).toBeUndefined();
    expect(await signedIn(issued.accessToken)).toBeDefined();
    expect(await authenticateTokenHolder(world.services, world.tenantId, issued.accessToken)).toBeUndefined();
  });

  it('is completed where it was begun', async () => {
    const factor = await enroll(world, world.annId);
    world.clock.advance(STEP_MS);
    const { mfaToken } = await pending();
    const elsewhere = await firstStep({ ...world, backend: world.app });
    const given = codeOf(world, factor);
    await expectRefused(secondStep(world, mfaToken, given, world.app), 'invalid_credentials');
    world.clock.advance(STEP_MS);
    const step = { mfaToken: elsewhere, factor: codeOf(world, factor) };
    await expectRefused(completeSignIn(world.services, world.app, step), 'invalid_credentials');
  });
});
