/** The token of a device that never expires and belongs to no client: one at most, and what ends it. */
import { beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import type { PutDeviceToken } from '../../../src/core/commands/put-device-token.ts';
import { one } from '../../../src/core/plan.ts';
import { isLive } from '../../../src/core/rules/liveness.ts';
import { DEVICES_OF_OWNER } from '../../../src/core/tables/device-owners.ts';
import { DEVICE_TOKEN } from '../../../src/core/tables/device-tokens.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aFamilyId,
  cutOff,
  HASH,
  makeAcme,
  newTokens,
  refusalOf,
  revisionOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const LAMP = 'th.lamp';
const BOB = 'user-bob';
const YEARS = 50 * 366 * 24 * 3_600_000;

function putOf(overrides: Partial<PutDeviceToken> = {}): PutDeviceToken {
  const { keyId, accessDigest } = newTokens();
  return {
    kind: 'put_device_token',
    tenantId: TENANT,
    subjectId: LAMP,
    byClientId: APP,
    familyId: aFamilyId(),
    tokens: { keyId, accessDigest },
    sealed: new Uint8Array([1, 2, 3]),
    ...overrides,
  };
}

export function deviceTokens(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, subjectOf({ subjectId: BOB }));
    await make(test.store, subjectOf({ subjectId: 'user-dan' }));
    const device = { subjectId: LAMP, kind: 'device', vendorId: LAMP, ownerIds: [ANN, BOB] } as const;
    await make(test.store, subjectOf(device));
    const other = { subjectId: 'th.other', kind: 'device', vendorId: 'other', ownerIds: ['user-dan'] } as const;
    await make(test.store, subjectOf(other));
  });

  const put = async (overrides: Partial<PutDeviceToken> = {}) => {
    const command = putOf(overrides);
    await make(test.store, command);
    return command;
  };
  const refusal = async (command: CommandData) => refusalOf(await execute(test.store, command));
  const isTokenLive = async ({ familyId, tokens }: PutDeviceToken) => {
    const { reading } = await test.store.readFamily(TENANT, familyId);
    const [again] = await test.store.readFamilies(null, [familyId]);
    expect(again?.reading).toEqual(reading);
    return reading !== undefined && isLive(reading, tokens.accessDigest, test.clock.now);
  };
  const row = async () =>
    (await test.store.read({ token: one(DEVICE_TOKEN, { subjectId: LAMP, tenantId: TENANT }) })).token;

  it('find their devices by owner, as owners come and go', async () => {
    const ownedBy = async (ownerId: string) => {
      const rows = await test.store.list(DEVICES_OF_OWNER, { tenantId: TENANT, ownerId }, { limit: 10 });
      return rows.map(({ subjectId }) => subjectId);
    };
    const update = {
      kind: 'update_subject',
      tenantId: TENANT,
      subjectKind: 'device',
      subjectId: LAMP,
      set: {},
    } as const;
    expect([await ownedBy(ANN), await ownedBy(BOB)]).toEqual([[LAMP], [LAMP]]);
    await make(test.store, { ...update, removeOwnerId: BOB });
    await make(test.store, { ...update, addOwnerId: 'user-cy' });
    expect([await ownedBy(BOB), await ownedBy('user-cy')]).toEqual([[], [LAMP]]);
    await make(test.store, cutOff('device', LAMP, 'deleted'));
    expect(await ownedBy(ANN)).toEqual([]);
  });

  it('live without a client, and without an end', async () => {
    const token = await put();
    test.clock.advance(YEARS);
    expect(await isTokenLive(token)).toBe(true);
    await make(test.store, cutOff('client', APP, 'deleted'));
    expect(await isTokenLive(token)).toBe(true);
    expect(await test.store.purgeExpired(100)).toBe(0);
  });

  it('are one of each device: the next takes the place of the one before, which ends', async () => {
    const first = await put();
    const before = (await revisionOf(test.store)) ?? 0;
    const second = await put();
    expect([await isTokenLive(first), await isTokenLive(second)]).toEqual([false, true]);
    expect(await revisionOf(test.store)).toBe(before + 1);
    expect((await row())?.familyId).toBe(second.familyId);
  });

  const endings: Readonly<Record<string, CommandData>> = {
    'the device is deleted': cutOff('device', LAMP, 'deleted'),
    'the device is disabled': cutOff('device', LAMP, 'disabled'),
    'all tokens of the device are revoked': cutOff('device', LAMP),
    'the tenant is disabled': cutOff('tenant', TENANT, 'disabled'),
    'all tokens of the tenant are revoked': cutOff('tenant', TENANT),
    'the device has a new password': {
      kind: 'change_password',
      tenantId: TENANT,
      subjectId: LAMP,
      newHash: HASH,
    },
    'one of its owners is deleted': cutOff('user', BOB, 'deleted'),
    'one of its owners is removed': {
      kind: 'update_subject',
      tenantId: TENANT,
      subjectKind: 'device',
      subjectId: LAMP,
      set: {},
      removeOwnerId: BOB,
    },
  };
  for (const [title, command] of Object.entries(endings)) {
    it(`end when ${title}`, async () => {
      const token = await put();
      await make(test.store, command);
      expect(await isTokenLive(token)).toBe(false);
    });
  }

  const harmless: Readonly<Record<string, CommandData>> = {
    'an owner has a new password': { kind: 'change_password', tenantId: TENANT, subjectId: ANN, newHash: HASH },
    'all tokens of an owner are revoked': cutOff('user', ANN),
    'an owner is disabled': cutOff('user', ANN, 'disabled'),
    'somebody is deleted who owns other devices': cutOff('user', 'user-dan', 'deleted'),
    'another owner is added': {
      kind: 'update_subject',
      tenantId: TENANT,
      subjectKind: 'device',
      subjectId: LAMP,
      set: {},
      addOwnerId: 'user-cy',
    },
    'the client that asked for it is disabled': cutOff('client', APP, 'disabled'),
  };
  for (const [title, command] of Object.entries(harmless)) {
    it(`live on when ${title}`, async () => {
      const token = await put();
      await make(test.store, command);
      expect(await isTokenLive(token)).toBe(true);
    });
  }

  it('end with an owner of many devices, each by an event, and leave those without a token alone', async () => {
    const owned = ['th.1', 'th.2', 'th.3', 'th.4'];
    for (const subjectId of owned) {
      await make(test.store, subjectOf({ subjectId, kind: 'device', vendorId: subjectId, ownerIds: [BOB] }));
    }
    const tokens: PutDeviceToken[] = [];
    for (const subjectId of owned.slice(1)) {
      tokens.push(await put({ subjectId }));
    }
    const before = (await revisionOf(test.store)) ?? 0;
    await make(test.store, cutOff('user', BOB, 'deleted'));
    expect(await Promise.all(tokens.map(isTokenLive))).toEqual([false, false, false]);
    expect(await revisionOf(test.store)).toBe(before + 1 + tokens.length);
    test.clock.advance(24 * 3_600_000 + 1);
    await test.store.purgeExpired(100);
    const [token] = tokens;
    const { family } = await test.store.read({ family: one(FAMILY, { familyId: token?.familyId ?? '' }) });
    expect(family).toBeUndefined();
  });

  it('are not given by an owner who is disabled or deleted meanwhile', async () => {
    await make(test.store, cutOff('user', ANN, 'disabled'));
    expect(await refusal(putOf({ ownerId: ANN }))).toBe('permission_denied');
    await make(test.store, cutOff('user', BOB, 'deleted'));
    expect(await refusal(putOf({ ownerId: BOB }))).toBe('permission_denied');
  });

  it('end by their family, and are forgotten after a day', async () => {
    const { familyId } = await put();
    await make(test.store, revokeFamily(familyId));
    test.clock.advance(24 * 3_600_000 + 1);
    await test.store.purgeExpired(100);
    expect((await test.store.read({ family: one(FAMILY, { familyId }) })).family).toBeUndefined();
  });

  it('are dropped by name alone: one that was replaced meanwhile stays', async () => {
    const first = await put();
    const second = await put();
    const drop = { kind: 'drop_device_token', tenantId: TENANT, subjectId: LAMP } as const;
    await make(test.store, { ...drop, familyId: first.familyId });
    expect(await isTokenLive(second)).toBe(true);
    await make(test.store, { ...drop, familyId: second.familyId });
    expect([await isTokenLive(second), await row()]).toEqual([false, undefined]);
  });

  it('are given and taken by an owner of now, and never to a device that is disabled, of another tenant, or none', async () => {
    const stranger = { ownerId: 'user-cy' };
    const { familyId } = await put({ ownerId: ANN });
    const drop = { kind: 'drop_device_token', tenantId: TENANT, subjectId: LAMP, familyId } as const;
    expect(await refusal(putOf(stranger))).toBe('permission_denied');
    expect(await refusal({ ...drop, ...stranger })).toBe('permission_denied');
    await make(test.store, tenantOf('other'));
    expect(await refusal(putOf({ tenantId: 'other' }))).toBe('not_found');
    expect(await refusal(putOf({ subjectId: ANN }))).toBe('not_found');
    await make(test.store, cutOff('device', LAMP, 'disabled'));
    expect(await refusal(putOf())).toBe('precondition_failed');
  });

  it('authorise their device, though no client stands beside it', async () => {
    const { familyId } = await put();
    const { reading, clientVersion } = await test.store.readFamily(TENANT, familyId);
    const proof = {
      by: 'token',
      familyId,
      subjectId: LAMP,
      consentId: null,
      expireTime: reading?.family.accessExpireTime ?? 0,
    } as const;
    const bearer = { permission: 'act_for_device', tenantId: TENANT, clientId: '', clientVersion, proof } as const;
    const command = { ...putOf(), authority: [bearer] };
    expect(refusalOf(await test.store.execute(command))).toBeUndefined();
    expect(refusalOf(await test.store.execute({ ...putOf(), authority: [bearer] }))).toBe('caller_unauthenticated');
  });

  it('is given to an owner whose proof still holds, and to no other', async () => {
    const proof = { passwordHash: HASH, needsFactor: false, counters: [] };
    const before = { ...proof, passwordHash: 'of the password before' };
    expect(await refusal(putOf({ ownerId: ANN, proof: before }))).toBe('invalid_credentials');
    expect((await test.store.read({ token: one(DEVICE_TOKEN, { subjectId: LAMP, tenantId: TENANT }) })).token).toBe(
      undefined,
    );
    expect(await refusal(putOf({ ownerId: ANN, proof }))).toBeUndefined();
  });
}
