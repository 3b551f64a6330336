/** A registration with a request id: the same one again answers what it made, and nothing else does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEPT_ANSWER_LIFETIME_MS } from '../../src/core/lifetimes.ts';
import { authenticate, type Call } from '../../src/core/operations/authenticate.ts';
import { type NewDevice, registerDevice } from '../../src/core/operations/devices.ts';
import { changeUserPassword } from '../../src/core/operations/passwords.ts';
import type { Registered } from '../../src/core/operations/registration.ts';
import { revoke } from '../../src/core/operations/revoke.ts';
import { type NewUser, registerUser, updateUser } from '../../src/core/operations/users.ts';
import { all } from '../../src/core/plan.ts';
import { nameCounter } from '../../src/core/rules/counters.ts';
import { KEPT_ANSWER } from '../../src/core/tables/kept-answers.ts';
import { SUBJECTS, type Subject } from '../../src/core/tables/subjects.ts';
import { execute, make, type TestBed } from '../support.ts';
import {
  bearer,
  clientCredentialOf,
  cutOff,
  enroll,
  expectRefused,
  isActive,
  LAMP,
  login,
  makeWorld,
  messagesOf,
  PASSWORD,
  refreshed,
  type World,
} from './fixtures.ts';
import { issue } from './issue.ts';
import { storedRows } from './stored-rows.ts';

const requestId = '0b1a5c46-6f0f-4d7c-8f3e-1d2c3b4a5968';
const WITH_ID = { withTokens: { scopes: ['read'], requestId } };
const ADDRESS = '192.0.2.1';

export function itRepeatsRegistrations(openBed: () => Promise<TestBed>): void {
  let bed: TestBed;
  let world: World;

  beforeAll(async () => {
    bed = await openBed();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    world = await makeWorld(bed, { loginAttempts: 3, registrationsPerAddress: 2 });
  });

  const ZOE: NewUser = {
    loginName: 'Zoe',
    email: 'zoe@example.com',
    phone: '+819012341299',
    password: PASSWORD,
    displayName: 'Zoe',
    attributes: '{"a":1,"b":{"c":[1,2],"d":"x"}}',
    ...WITH_ID,
  };
  const PSEUDO: NewUser = WITH_ID;
  const BULB: NewDevice = { vendorId: 'Bulb-1', password: 'p', attributes: '{"a":1}', ...WITH_ID };

  const user = (request: NewUser = ZOE, call: Call = world.app) => registerUser(bed.services, call, request);
  const device = (request: NewDevice = BULB, call: Call = world.app) => registerDevice(bed.services, call, request);
  const subjectsOf = (kind: Subject['kind']) =>
    bed.store.list(SUBJECTS, { tenantId: world.tenantId, kind }, { limit: 1_000 });

  const KINDS: [string, () => Promise<Registered>, Subject['kind']][] = [
    ['a user', user, 'user'],
    ['a user without a name', () => user(PSEUDO), 'user'],
    ['a device', device, 'device'],
  ];

  it.each(KINDS)('of %s answers the same tokens, at once and later, and makes nothing', async (_, register, kind) => {
    const first = await register();
    const before = await subjectsOf(kind);
    const codes = await messagesOf(world);
    expect(await register()).toEqual(first);
    bed.clock.advance(KEPT_ANSWER_LIFETIME_MS - 1);
    expect(await register()).toEqual(first);
    expect(await subjectsOf(kind)).toEqual(before);
    expect(await messagesOf(world)).toEqual(codes);
    expect(await isActive(world, first.tokens?.accessToken)).toBe(true);
    expect(first.tokens).toMatchObject({ subjectId: first.subject.subjectId, scopes: ['read'] });
    expect((await refreshed(world, first.tokens ?? expect.fail(), world.app)).subjectId).toBe(first.subject.subjectId);
  });

  it.each(KINDS)('of %s, ten times at once, makes one', async (_, register, kind) => {
    // Ten are more than guesses that may be wrong at once: some are told to come again.
    const registered = await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (;;) {
          const answer = await register().catch(({ code }: { code: string }) => code);
          if (answer !== 'overloaded') {
            return answer;
          }
        }
      }),
    );
    for (const each of registered) {
      expect(each).toEqual(registered[0]);
    }
    expect(registered[0]).toHaveProperty('tokens');
    expect(await subjectsOf(kind)).toHaveLength(2);
  });

  it('makes another one each time without an id, and with another', async () => {
    const wishes = [{ scopes: [] }, { scopes: [] }, { scopes: [], requestId: 'another-request-id' }];
    const made = await Promise.all([PSEUDO, ...wishes.map((withTokens) => ({ withTokens }))].map((each) => user(each)));
    expect(new Set(made.map(({ subject }) => subject.subjectId)).size).toBe(4);
  });

  it('is free again after ten minutes', async () => {
    const first = await user(PSEUDO);
    bed.clock.advance(KEPT_ANSWER_LIFETIME_MS);
    expect((await user(PSEUDO)).subject.subjectId).not.toBe(first.subject.subjectId);
    bed.clock.advance(KEPT_ANSWER_LIFETIME_MS);
    await user();
    bed.clock.advance(KEPT_ANSWER_LIFETIME_MS);
    await expectRefused(user(), 'already_exists');
  });

  it('is the same however the members of attributes are ordered', async () => {
    const first = await user();
    expect(await user({ ...ZOE, attributes: '{"b":{"d":"x","c":[1,2]},"a":1}' })).toEqual(first);
    await expectRefused(user({ ...ZOE, attributes: '{"b":{"d":"x","c":[2,1]},"a":1}' }), 'request_id_reused');
  });

  const OTHERS: Record<string, Partial<NewUser>> = {
    'another name': { loginName: 'Zoey' },
    'another e-mail address': { email: 'zoey@example.com' },
    'another phone number': { phone: '+819012341298' },
    'another password': { password: 'another password' },
    'another display name': { displayName: 'Zoey' },
    'other attributes': { attributes: '{"a":2}' },
    'other scopes': { withTokens: { scopes: [], requestId } },
    'another expiry': { withTokens: { scopes: ['read'], requestId, expireTime: Date.UTC(2030, 0, 2) } },
  };

  it.each(Object.entries(OTHERS))('is refused with %s, and stays good for the first', async (_, other) => {
    const first = await user();
    await expectRefused(user({ ...ZOE, ...other }), 'request_id_reused');
    expect(await user()).toEqual(first);
  });

  it('is refused for a device, a login and a user without a name', async () => {
    const first = await user();
    await expectRefused(device(), 'request_id_reused');
    await expectRefused(user(PSEUDO), 'request_id_reused');
    await expectRefused(login(world, world.app, { credential: LAMP, requestId }), 'request_id_reused');
    expect(await user()).toEqual(first);
  });

  it('of a login is refused for a registration', async () => {
    await login(world, world.app, { credential: LAMP, requestId });
    await expectRefused(user(), 'request_id_reused');
    await expectRefused(user(PSEUDO), 'request_id_reused');
    expect(await subjectsOf('user')).toHaveLength(1);
  });

  it('is the calling client’s own', async () => {
    const first = await user(PSEUDO);
    expect((await user(PSEUDO, world.backend)).subject.subjectId).not.toBe(first.subject.subjectId);
    bed.clock.advance(KEPT_ANSWER_LIFETIME_MS);
    await user();
    await expectRefused(user(ZOE, world.backend), 'already_exists');
  });

  it('opens nothing for a caller that proves itself in another way', async () => {
    const own = await issue(bed.services, world.backend, { credential: clientCredentialOf(world.backend) });
    await user(PSEUDO, world.backend);
    const caller = await authenticate(bed.services, bearer(own.accessToken));
    await expectRefused(user(PSEUDO, { caller }), 'request_id_reused');
  });

  describe('with a wrong password', () => {
    const WRONG = { ...ZOE, password: 'wrong password' };

    it('counts as a guess, and locks', async () => {
      await user();
      for (let i = 0; i < 3; i++) {
        await expectRefused(user(WRONG), 'request_id_reused');
      }
      await expectRefused(user(WRONG), 'login_locked');
      await expectRefused(user(), 'login_locked');
      const credential = { kind: 'user', username: 'zoe', password: PASSWORD } as const;
      await expectRefused(login(world, world.app, { credential }), 'login_locked');
    });

    it('is no guess where anything else is wrong too', async () => {
      const first = await user();
      for (let i = 0; i < 5; i++) {
        await expectRefused(user({ ...WRONG, loginName: 'Zoey' }), 'request_id_reused');
      }
      expect(await user()).toEqual(first);
    });

    it('is forgotten by a right one', async () => {
      const first = await user();
      for (let i = 0; i < 5; i++) {
        await expectRefused(user(WRONG), 'request_id_reused');
        expect(await user()).toEqual(first);
      }
    });
  });

  describe('is refused when since', () => {
    const end = (subjectId: string, cause: 'revoked' | 'disabled' | 'deleted') =>
      make(bed.store, cutOff(world, 'user', subjectId, cause));
    const SINCE: Record<string, (first: Registered) => Promise<unknown>> = {
      'the user was deleted': ({ subject }) => end(subject.subjectId, 'deleted'),
      'the user was disabled': ({ subject }) => end(subject.subjectId, 'disabled'),
      'its tokens ended': ({ subject }) => end(subject.subjectId, 'revoked'),
      'the login ended': ({ tokens }) =>
        revoke(bed.services, world.app, { by: 'token', token: tokens?.accessToken ?? '' }),
      'the tokens were refreshed': ({ tokens }) => refreshed(world, tokens ?? expect.fail(), world.app),
    };

    it.each(Object.entries(SINCE))('%s', async (_, happen) => {
      const made = await user();
      await happen(made);
      await expectRefused(user(), 'request_id_reused');
    });

    it.each(Object.entries(SINCE))('%s, of a user without a name', async (_, happen) => {
      const made = await user(PSEUDO);
      await happen(made);
      await expectRefused(user(PSEUDO), 'request_id_reused');
    });

    it('the password was changed, also for who sends the new one', async () => {
      const { subject } = await user();
      const ref = { by: 'user_id', userId: subject.subjectId } as const;
      await changeUserPassword(bed.services, world.admin, ref, undefined, 'another password');
      await expectRefused(user(), 'request_id_reused');
      await expectRefused(user({ ...ZOE, password: 'another password' }), 'request_id_reused');
    });

    it('a second factor was set up, which the repeat does not prove', async () => {
      const { subject, tokens } = await user();
      await enroll(world, subject.subjectId);
      await expectRefused(user(), 'request_id_reused');
      expect(await isActive(world, tokens?.accessToken)).toBe(true);
    });

    it('a user without a name got a password', async () => {
      const { subject } = await user(PSEUDO);
      const ref = { by: 'user_id', userId: subject.subjectId } as const;
      await updateUser(bed.services, world.admin, ref, { loginName: 'Zoe', password: PASSWORD });
      await expectRefused(user(PSEUDO), 'request_id_reused');
    });
  });

  it('does not count to the budget of its address again', async () => {
    const from = { ...world.app, address: ADDRESS };
    const first = await user(ZOE, from);
    for (let i = 0; i < 3; i++) {
      expect(await user(ZOE, from)).toEqual(first);
    }
    await device({ ...BULB, withTokens: { scopes: [] } }, from);
    await expectRefused(user({ withTokens: { scopes: [] } }, from), 'overloaded');
  });

  it('of a user without a name counts as a registration, also one of an id that nothing is kept of', async () => {
    const from = { ...world.app, address: ADDRESS };
    const first = await user(PSEUDO);
    // Who proves itself guesses at none but its own.
    const own = { ...world.backend, address: ADDRESS };
    await user(PSEUDO, own);
    await user(PSEUDO, own);
    expect(await user(PSEUDO, from)).toEqual(first);
    const guess = { withTokens: { ...WITH_ID.withTokens, requestId: 'a-guess-at-an-id-' } };
    await user(guess, from);
    for (const request of [guess, PSEUDO]) {
      expect(await user(request, from).catch((error: unknown) => error)).toMatchObject({
        code: 'overloaded',
        retryAfterMs: expect.any(Number),
      });
    }
    // The first cost this machine itself nothing.
    expect(await user(PSEUDO)).toEqual(first);
  });

  it('of a registration that was refused is still free', async () => {
    await expectRefused(user({ ...ZOE, loginName: 'Ann' }), 'already_exists');
    const { subject } = await user();
    expect(subject.loginName).toBe('Zoe');
  });

  it('is refused where it is malformed, or alone opens a user and is short', async () => {
    for (const malformed of ['a b', 'ä', 'x'.repeat(129)]) {
      await expectRefused(user({ ...ZOE, withTokens: { scopes: [], requestId: malformed } }), 'invalid_argument');
    }
    await expectRefused(user({ withTokens: { scopes: [], requestId: 'x'.repeat(15) } }), 'invalid_argument');
    await user({ withTokens: { scopes: [], requestId: 'x'.repeat(16) } });
    await user({ ...ZOE, withTokens: { scopes: [], requestId: '1' } });
  });

  it('is looked at again in its transaction: the request, and whether guesses are locked', async () => {
    const { subject, tokens } = await user();
    const { kept } = await bed.store.read({ kept: all(KEPT_ANSWER, {}) });
    const row = kept.find(({ familyId }) => familyId === tokens?.familyId);
    const { requestDigest, fingerprint } = row ?? expect.fail();
    const counters = [nameCounter(subject.subjectId)];
    const { subjectId, passwordHash, tenantId } = subject;
    const command = {
      kind: 'repeat_registration',
      clientId: world.app.caller.clientId,
      request: { requestDigest, fingerprint },
      ...{ tenantId, subjectId, passwordHash, counters },
    } as const;
    const refusals = async (more: Partial<typeof command> = {}) => {
      const outcome = await execute(bed.store, { ...command, ...more });
      return 'refusal' in outcome ? outcome.refusal.code : 'answered';
    };
    expect(await refusals()).toBe('answered');
    expect(await refusals({ request: { requestDigest, fingerprint: requestDigest } })).toBe('request_id_reused');
    expect(await refusals({ subjectId: world.annId })).toBe('request_id_reused');
    for (let i = 0; i < 3; i++) {
      await expectRefused(user({ ...ZOE, password: 'wrong password' }), 'request_id_reused');
    }
    expect(await refusals()).toBe('login_locked');
  });

  it('keeps nothing of the password', async () => {
    const fingerprints = async () =>
      (await storedRows(bed.store, [KEPT_ANSWER as never])).map(({ values }) =>
        Buffer.from(values[1] as Uint8Array).toString('hex'),
      );
    await user();
    const [other, before] = [await makeWorld(bed), await fingerprints()];
    await registerUser(bed.services, other.app, { ...ZOE, password: 'another password' });
    const all = await fingerprints();
    expect(all).toHaveLength(before.length + 1);
    // The new one is one of those before, whatever the password.
    expect(new Set(all)).toEqual(new Set(before));
  });
}
