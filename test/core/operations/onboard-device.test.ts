import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { attachEndNode } from '../../../src/core/operations/end-nodes.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { type Onboarding, onboardDevice } from '../../../src/core/operations/onboard-device.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { addressCounters, nameCounter } from '../../../src/core/rules/counters.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { FAMILIES } from '../../../src/core/tables/families.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { make, makeUser, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  cutOff,
  expectRefused,
  isActive,
  LAMP,
  login,
  makeWorld,
  PASSWORD,
  refreshed,
  subjectOf,
  type World,
} from '../fixtures.ts';
import { wrapStore } from '../wrapped-store.ts';

const ADDRESS = '192.0.2.1';
const CALLERS = ['app', 'backend', 'watcher', 'admin'] as const;

let bed: TestBed;
let world: World;
/** Ann's. */
let owner: IssuedTokens;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed, { loginAttempts: 3, registrationsPerAddress: 2 });
  owner = await login(world, world.app);
});

const BULB = { ref: { by: 'vendor_id', vendorId: 'Bulb-1' }, password: 'p' } as const satisfies Onboarding;
const known = (): Onboarding => ({ ref: { by: 'vendor_id', vendorId: 'Lamp-1' }, password: PASSWORD });

const onboard = (request: Partial<Onboarding> = {}, call: Call = world.app, store: Store = bed.store) =>
  onboardDevice({ ...bed.services, store }, call, { ...BULB, ...request });
const devices = () => bed.store.list(SUBJECTS, { tenantId: world.tenantId, kind: 'device' }, { limit: 1_000 });
const logins = (subjectId: string) =>
  bed.store.list(FAMILIES, { tenantId: world.tenantId, subjectId }, { limit: 1_000 });
const liveLogins = async (subjectId: string) =>
  (await logins(subjectId)).filter(({ revokedRevision }) => revokedRevision === null);

describe('a device that is new', () => {
  it.each(CALLERS)('is made and logged in, by the caller “%s”', async (who) => {
    const expireTime = bed.clock.now + 60_000;
    const request = { displayName: 'Bulb', attributes: '{"a":1}', withTokens: { scopes: [], expireTime } };
    const { subject, tokens, isNew } = await onboard(request, world[who]);
    expect(isNew).toBe(true);
    expect(subject).toMatchObject({ vendorId: 'Bulb-1', displayName: 'Bulb', attributes: '{"a":1}', ownerIds: [] });
    expect(tokens).toMatchObject({ kind: 'DEVICE', subjectId: subject.subjectId, expireTime });
    expect(await isActive(world, tokens.accessToken)).toBe(true);
    await refreshed(world, tokens, world[who]);
  });

  it('logs in when it comes again, and stays as it was made', async () => {
    const first = await onboard({ displayName: 'Bulb' });
    const again = await onboard({ displayName: 'Other', attributes: '{"a":2}' });
    expect(again).toMatchObject({ isNew: false, subject: first.subject });
    expect(again.tokens.familyId).not.toBe(first.tokens.familyId);
    expect(await isActive(world, first.tokens.accessToken)).toBe(true);
    const byId = await onboard({ ref: { by: 'device_id', deviceId: first.subject.subjectId } });
    expect(byId).toMatchObject({ isNew: false, subject: first.subject });
  });

  it('is made once by ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => onboard().catch(({ code }) => code)));
    const onboarded = answers.filter((answer) => answer !== 'overloaded');
    expect(onboarded.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(onboarded.map(({ subject }) => subject.subjectId)).size).toBe(1);
    expect(await devices()).toHaveLength(2);
  });

  it('has its owner from the beginning', async () => {
    const { subject, isNew } = await onboard({ ownerAccessToken: owner.accessToken });
    expect(isNew).toBe(true);
    expect(subject.ownerIds).toEqual([world.annId]);
    expect((await subjectOf(world, subject.subjectId))?.ownerIds).toEqual([world.annId]);
    const records = await bed.store.list(AUDIT_RECORDS, { tenantId: world.tenantId }, { limit: 1_000 });
    expect(records.at(-1)).toMatchObject({
      action: 'register_device',
      targetId: subject.subjectId,
      details: `with_token, owner ${world.annId}`,
    });
  });

  it('has a short record, however many owners an admin gives it', async () => {
    const eveId = `${world.annId}-eve`;
    await makeUser(bed.services, world.tenantId, { subjectId: eveId, loginName: 'Eve', password: PASSWORD });
    const request = { vendorId: 'Bulb-1', password: 'p', ownerIds: [world.annId, eveId] };
    await registerDevice(bed.services, world.admin, request);
    const records = await bed.store.list(AUDIT_RECORDS, { tenantId: world.tenantId }, { limit: 1_000 });
    expect(records.at(-1)).toMatchObject({ action: 'register_device', details: 'owner_ids' });
  });

  it('is not made where the terms can’t be', async () => {
    await expectRefused(onboard({ withTokens: { scopes: ['delete'] } }), 'scope_not_allowed');
    await expectRefused(onboard({ withTokens: { scopes: [], expireTime: 1 } }), 'expire_time_out_of_range');
    expect(await devices()).toHaveLength(1);
  });
});

describe('where devices do not register themselves', () => {
  beforeEach(async () => {
    world = await makeWorld(bed, { selfRegistration: false, loginAttempts: 3 });
  });

  it('only an admin makes one', async () => {
    expect(await onboard({}, world.admin)).toMatchObject({ isNew: true });
  });

  it.each(['app', 'backend', 'watcher'] as const)(
    'what is new and what is proven wrongly are told the same to the caller “%s”',
    async (who) => {
      const wrong = { ...known(), password: 'wrong' };
      const [unknown, denied] = await Promise.all(
        [BULB, wrong].map((request) => onboard(request, world[who]).catch((error: unknown) => error)),
      );
      expect(unknown).toMatchObject({ code: 'invalid_credentials' });
      expect(String(unknown)).toBe(String(denied));
      expect(await devices()).toHaveLength(1);
      // It is a guess, too.
      for (let i = 1; i < 3; i++) {
        await expectRefused(onboard(BULB, world[who]), 'invalid_credentials');
        await expectRefused(onboard(wrong, world[who]), 'invalid_credentials');
      }
      await expectRefused(onboard(BULB, world[who]), 'login_locked');
      await expectRefused(onboard(wrong, world[who]), 'login_locked');
    },
  );

  it('one that is there logs in', async () => {
    expect(await onboard(known())).toMatchObject({ isNew: false, subject: { subjectId: world.lampId } });
  });
});

describe('what is told to strangers', () => {
  const stranger = () => ({ ...world.app, address: ADDRESS });
  const wrong = () => ({ ...known(), password: 'wrong' });
  const fresh = (number: number): Onboarding => ({ ...BULB, ref: { by: 'vendor_id', vendorId: `Bulb-${number}` } });

  it('is no more of a vendor id than by registrations, which are counted', async () => {
    await onboard(fresh(1), stranger());
    // That it is taken is told, as RegisterDevice tells it.
    await expectRefused(onboard(wrong(), stranger()), 'invalid_credentials');
    const [unknown, denied] = [
      await onboard(fresh(2), stranger()).catch((error: unknown) => error),
      await onboard(wrong(), stranger()).catch((error: unknown) => error),
    ];
    expect(unknown).toMatchObject({ code: 'overloaded', retryAfterMs: 3_600_000 });
    expect(denied).toEqual(unknown);
    expect(await devices()).toHaveLength(2);
  });

  const TELLING: Record<string, readonly [() => Promise<unknown>, object]> = {
    'that it is locked': [
      async () => {
        for (let i = 0; i < 3; i++) {
          await expectRefused(onboard(wrong(), world.backend), 'invalid_credentials');
        }
      },
      { code: 'login_locked' },
    ],
    'that too many are guessing at it': [
      async () => {
        const { tenantId, lampId } = world;
        for (let i = 0; i < 3; i++) {
          await make(bed.store, { kind: 'begin_guess', tenantId, counters: [nameCounter(lampId)], alsoLocked: [] });
        }
      },
      { code: 'overloaded', retryAfterMs: 1_000 },
    ],
  };

  it.each(Object.entries(TELLING))('costs a registration also where it is told %s', async (_, [happen, told]) => {
    await happen();
    for (let i = 0; i < 2; i++) {
      expect(await onboard(wrong(), stranger()).catch((error: unknown) => error)).toMatchObject(told);
    }
    const spent = { code: 'overloaded', retryAfterMs: 3_600_000 };
    for (const request of [wrong(), fresh(1)]) {
      expect(await onboard(request, stranger()).catch((error: unknown) => error)).toMatchObject(spent);
    }
    expect(await devices()).toHaveLength(1);
  });

  it('is the same of what is new and what is there, and costs the same, once the address may not guess', async () => {
    const { tenantId } = world;
    const failed = addressCounters(ADDRESS);
    for (let i = 0; i < 300; i++) {
      await make(bed.store, { kind: 'end_guess', tenantId, counters: [], end: 'wrong', failed });
    }
    for (const request of [wrong(), fresh(1)]) {
      await expectRefused(onboard(request, stranger()), 'too_many_failed_logins');
    }
    for (const request of [wrong(), fresh(2)]) {
      await expectRefused(onboard(request, stranger()), 'overloaded');
    }
    expect(await devices()).toHaveLength(1);
    // Who has proven itself lists nothing.
    expect(await onboard(fresh(1), { ...world.backend, address: ADDRESS })).toMatchObject({ isNew: true });
  });

  it('takes a right password all the same', async () => {
    await onboard(fresh(1), stranger());
    await onboard(fresh(2), stranger());
    await expectRefused(onboard(fresh(3), stranger()), 'overloaded');
    for (let i = 0; i < 5; i++) {
      expect(await onboard(known(), stranger())).toMatchObject({ isNew: false });
    }
  });

  it('costs a check of a password once the budget is spent, whether or not the device is there', async () => {
    await onboard(fresh(1), stranger());
    await onboard(fresh(2), stranger());
    for (const request of [fresh(3), wrong()]) {
      let checks = 0;
      const { passwords } = bed.services;
      const counting: typeof passwords = {
        hash: (...given) => passwords.hash(...given),
        needsRehash: (hash) => passwords.needsRehash(hash),
        requireRoom: () => passwords.requireRoom(),
        verify: (...given) => {
          checks += 1;
          return passwords.verify(...given);
        },
      };
      const onboarding = onboardDevice({ ...bed.services, passwords: counting }, stranger(), request);
      await expectRefused(onboarding, 'overloaded');
      expect(checks).toBe(1);
    }
  });

  it('costs no registration where a wrong password tells nothing', async () => {
    const byId = { ...wrong(), ref: { by: 'device_id', deviceId: world.lampId } } as const;
    await expectRefused(onboard(byId, stranger()), 'invalid_credentials');
    await expectRefused(onboard(byId, stranger()), 'invalid_credentials');
    await onboard(fresh(1), stranger());
    await onboard(fresh(2), stranger());
    world = await makeWorld(bed, { selfRegistration: false, registrationsPerAddress: 2 });
    for (const request of [fresh(1), fresh(2), fresh(3), wrong(), wrong(), wrong()]) {
      await expectRefused(onboard(request, stranger()), 'invalid_credentials');
    }
  });

  it('is bounded for strangers alone', async () => {
    for (let i = 0; i < 5; i++) {
      await onboard(fresh(i), { ...world.backend, address: ADDRESS });
    }
  });
});

describe('a device that is there', () => {
  it('is guessed at as by a login: counted and locked', async () => {
    for (let i = 0; i < 3; i++) {
      await expectRefused(onboard({ ...known(), password: 'wrong' }, world.backend), 'invalid_credentials');
    }
    await expectRefused(onboard(known(), world.backend), 'login_locked');
    await expectRefused(login(world, world.backend, { credential: LAMP }), 'login_locked');
    expect(await logins(world.lampId)).toEqual([]);
  });

  it('is refused by an unknown id, or disabled, in the words of a login', async () => {
    await make(bed.store, cutOff(world, 'device', world.lampId, 'disabled'));
    const refused = [
      known(),
      { ...known(), ref: { by: 'device_id', deviceId: world.lampId } } as const,
      { ...known(), ref: { by: 'device_id', deviceId: 'th.nothing' } } as const,
      { ...known(), ref: { by: 'device_id', deviceId: world.annId } } as const,
    ];
    for (const request of refused) {
      await expectRefused(onboard(request, world.backend), 'invalid_credentials');
    }
    expect(await devices()).toHaveLength(1);
  });

  it('gets an owner, beside those that it has, and once', async () => {
    const eveId = `${world.annId}-eve`;
    await makeUser(bed.services, world.tenantId, { subjectId: eveId, loginName: 'Eve', password: PASSWORD });
    const eve = await login(world, world.app, { credential: { kind: 'user', username: 'eve', password: PASSWORD } });
    for (const { accessToken } of [owner, eve, owner]) {
      const { subject, tokens } = await onboard({ ...known(), ownerAccessToken: accessToken });
      expect(subject.ownerIds).toContain(world.annId);
      expect(await isActive(world, tokens.accessToken)).toBe(true);
    }
    expect((await subjectOf(world, world.lampId))?.ownerIds).toEqual([world.annId, eveId]);
  });

  it('names its owner itself, as the audit log says', async () => {
    const { tokens } = await onboard({ ...known(), ownerAccessToken: owner.accessToken });
    const records = await bed.store.list(AUDIT_RECORDS, { tenantId: world.tenantId }, { limit: 1_000 });
    expect(records.at(-1)).toMatchObject({
      action: 'update_device',
      targetId: world.lampId,
      actor: { kind: 'device', id: world.lampId, tokenId: tokens.tokenId },
    });
  });

  it('is answered a token that lives, also when its new owner takes it from the gateway of others', async () => {
    const gateway = { vendorId: 'Gateway-1', password: 'p', withTokens: { scopes: [] } };
    const { subject } = await registerDevice(bed.services, world.app, gateway);
    await attachEndNode(
      bed.services,
      world.admin,
      { by: 'device_id', deviceId: subject.subjectId },
      { by: 'device_id', deviceId: world.lampId },
    );
    // An attachment that no admin made ends when the owners no longer let it be.
    const named = { tenantId: world.tenantId, gatewayId: subject.subjectId, endNodeId: world.lampId };
    await make(bed.store, { kind: 'detach_end_node', ...named });
    await make(bed.store, { kind: 'attach_end_node', ...named, right: { of: 'gateway', isProven: true } });
    const before = await login(world, world.app, { credential: LAMP });
    const { tokens } = await onboard({ ...known(), ownerAccessToken: owner.accessToken });
    expect(await isActive(world, before.accessToken)).toBe(false);
    expect(await isActive(world, tokens.accessToken)).toBe(true);
  });

  it('is logged out again where it can’t get its owner', async () => {
    const ownerIds = Array.from({ length: 100 }, (_, i) => `owner-${i}`);
    const named = { tenantId: world.tenantId, subjectId: world.lampId, subjectKind: 'device' } as const;
    for (const addOwnerId of ownerIds) {
      await make(bed.store, { kind: 'update_subject', ...named, set: {}, addOwnerId });
    }
    await expectRefused(onboard({ ...known(), ownerAccessToken: owner.accessToken }), 'invalid_argument');
    expect(await logins(world.lampId)).toHaveLength(1);
    expect(await liveLogins(world.lampId)).toEqual([]);
  });
});

describe('the token of an owner', () => {
  it('that is none makes nothing', async () => {
    const lamp = await login(world, world.app, { credential: LAMP });
    const other = await makeWorld(bed);
    const dead = await login(world, world.app);
    await revoke(bed.services, world.app, { by: 'token', token: dead.accessToken });
    const wrong = [lamp.accessToken, dead.accessToken, owner.refreshToken, (await login(other)).accessToken, 'x'];
    const before = await logins(world.lampId);
    for (const ownerAccessToken of wrong) {
      for (const request of [BULB, known(), { ...known(), password: 'wrong' }]) {
        await expectRefused(onboard({ ...request, ownerAccessToken }), 'invalid_credentials');
      }
    }
    await expect(onboard({ ownerAccessToken: 'x'.repeat(4_097) })).rejects.toMatchObject({
      code: 'invalid_argument',
      about: { field: 'owner_access_token' },
    });
    expect(await devices()).toHaveLength(1);
    expect(await logins(world.lampId)).toEqual(before);
  });

  /** The owner logs out, or what else is told, right before a command of this kind. */
  const untilCommand = (
    kind: string,
    happen: () => Promise<unknown> = () => revoke(bed.services, world.app, { by: 'token', token: owner.accessToken }),
  ): Store => {
    const execute: Store['execute'] = async (command, options) => {
      if (command.kind === kind) {
        await happen();
      }
      return bed.store.execute(command, options);
    };
    return wrapStore(bed.store, { execute });
  };

  it('counts with the client that presents it: it must stand to the end', async () => {
    const { clientId } = world.backend.caller;
    const expire = () =>
      make(bed.store, {
        kind: 'expire_client_secret',
        tenantId: world.tenantId,
        clientId,
        secretId: `cs_${clientId}`,
        expireTime: bed.clock.now,
      });
    const request = { ...known(), ownerAccessToken: owner.accessToken };
    const onboarding = onboard(request, world.backend, untilCommand('update_subject', expire));
    await expectRefused(onboarding, 'caller_unauthenticated');
    expect((await subjectOf(world, world.lampId))?.ownerIds).toEqual([]);
  });

  it('that ends meanwhile makes nothing', async () => {
    const { accessToken } = owner;
    const onboarding = onboard({ ownerAccessToken: accessToken }, world.app, untilCommand('create_subject'));
    await expectRefused(onboarding, 'invalid_credentials');
    expect(await devices()).toHaveLength(1);
  });

  it('that ends meanwhile owns nothing, and the device is logged out again', async () => {
    const { accessToken } = owner;
    const request = { ...known(), ownerAccessToken: accessToken };
    await expectRefused(onboard(request, world.app, untilCommand('update_subject')), 'invalid_credentials');
    expect((await subjectOf(world, world.lampId))?.ownerIds).toEqual([]);
    expect(await logins(world.lampId)).toHaveLength(1);
    expect(await liveLogins(world.lampId)).toEqual([]);
  });
});

it('takes no request id, and what a registration would not take', async () => {
  const invalid: Partial<Onboarding>[] = [
    { withTokens: { scopes: [], requestId: 'a'.repeat(20) } },
    { password: '' },
    { ref: { by: 'vendor_id', vendorId: '' } },
    { ref: { by: 'device_id', deviceId: '' } },
    { attributes: '[]' },
    { withTokens: { scopes: ['a b'] } },
  ];
  for (const request of invalid) {
    await expectRefused(onboard(request), 'invalid_argument');
  }
  expect(await devices()).toHaveLength(1);
});
