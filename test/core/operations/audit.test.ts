import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/actor.ts';
import { listAuditRecords, type Verified, verifyAuditLog } from '../../../src/core/operations/audit.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { addClientSecret } from '../../../src/core/operations/client-secrets.ts';
import { createClient } from '../../../src/core/operations/clients.ts';
import { addDeviceOwner, removeDeviceOwner } from '../../../src/core/operations/devices.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { enableUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { AUDIT_START, auditHash } from '../../../src/core/rules/audit.ts';
import type { AuditRecord } from '../../../src/core/tables/audit.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, expectReuse, login, makeWorld, PASSWORD, refreshed, type World } from '../fixtures.ts';
import { altered, alteredActor, type Tampering, tamperedStore } from '../tampering.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const FIRST = { pageSize: 1_000, pageToken: '' };

async function records(call: Call = world.admin) {
  return (await listAuditRecords(world.services, call, FIRST)).items;
}

function verify(afterSequence = 0, most = 0) {
  return verifyAuditLog(world.services, world.admin, { afterSequence, most });
}

describe('the audit log', () => {
  it('tells who did what to whom, from where, when and with which result', async () => {
    const call = { ...world.admin, address: '192.0.2.7', requestId: 'request-7' };
    const ref = { by: 'user_id', userId: world.annId } as const;
    await changeUserPassword(world.services, call, ref, undefined, 'another password');
    expect((await records()).at(-1)).toMatchObject({
      actor: { kind: 'client', id: call.caller.clientId, tokenId: null, address: '192.0.2.7', requestId: 'request-7' },
      action: 'change_password',
      targetKind: 'user',
      targetId: world.annId,
      eventTime: world.clock.now,
      result: 'ok',
      details: 'without_old_password',
    });
  });

  it('has no record of what changes nothing, however often it is asked for', async () => {
    const ref = { by: 'user_id', userId: world.annId } as const;
    await updateUser(world.services, world.admin, ref, { displayName: 'Ann' });
    const before = await records();
    for (let i = 0; i < 3; i++) {
      await updateUser(world.services, world.admin, ref, { displayName: 'Ann' });
      await updateUser(world.services, world.admin, ref, { attributes: { how: 'merge', attributes: '{}' } });
      await updateUser(world.services, world.admin, ref, {});
      await enableUser(world.services, world.admin, ref);
    }
    expect(await records()).toEqual(before);
  });

  it('names the token of a user who acts in person', async () => {
    const { accessToken, tokenId } = await login(world);
    await updateUser(world.services, world.app, { by: 'access_token', accessToken }, { displayName: 'Ann' });
    expect((await records()).at(-1)).toMatchObject({
      actor: { kind: 'user', id: world.annId, tokenId },
      action: 'update_user',
      details: 'display_name',
    });
  });

  it('tells of a first password, of owners and of a reset secret', async () => {
    const { services, app, admin, annId, lampId, backend } = world;
    const { tokens } = await registerUser(services, app, { withTokens: { scopes: [] } });
    const ref = { by: 'access_token', accessToken: tokens?.accessToken ?? '' } as const;
    await updateUser(services, app, ref, { loginName: 'zoe', password: PASSWORD });
    const lamp = { by: 'device_id', deviceId: lampId } as const;
    await addDeviceOwner(services, admin, lamp, annId);
    await removeDeviceOwner(services, admin, lamp, annId);
    const { secretId } = await addClientSecret(services, admin, { clientId: backend.caller.clientId, reset: true });
    expect((await records()).slice(-4).map(({ details }) => details)).toEqual([
      'login_name, password',
      `add_owner ${annId}`,
      `remove_owner ${annId}`,
      `${secretId}, reset`,
    ]);
  });

  it('has a record of each change, also of one that came with a refusal, and of no login', async () => {
    const before = (await records()).length;
    const tokens = await login(world);
    await revoke(world.services, world.backend, { by: 'family_id', familyId: tokens.familyId });
    await revoke(world.services, world.backend, { by: 'family_id', familyId: tokens.familyId });
    const stolen = await login(world);
    await refreshed(world, await refreshed(world, stolen));
    await expectReuse(world, stolen);
    const request = { loginName: 'ann', password: PASSWORD };
    await expectRefused(registerUser(world.services, world.app, request), 'already_exists');
    const made = (await records()).slice(before).map(({ action, result }) => `${action} ${result}`);
    // What was refused and changed nothing is none: strangers could make it grow without end.
    expect(made).toEqual(['revoke ok', 'refresh_reuse invalid_refresh_token']);
  });

  it('holds no secret', async () => {
    const { services, admin, app } = world;
    const planted = `planted-${randomBytes(8).toString('hex')}`;
    const secrets = [planted];
    const attributes = JSON.stringify({ note: planted });
    const { tokens } = await registerUser(services, app, {
      loginName: 'zoe',
      email: 'zoe@example.com',
      password: planted,
      attributes,
      withTokens: { scopes: [] },
    });
    secrets.push(tokens?.accessToken ?? '', tokens?.refreshToken ?? '');
    const named = { clientId: '', displayName: '', confidential: true, roles: [], scopes: [] };
    const { client, clientSecret } = await createClient(services, admin, named);
    const more = await addClientSecret(services, admin, { clientId: client.clientId, reset: true });
    secrets.push(clientSecret ?? '', more.clientSecret);
    const text = JSON.stringify(await records());
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(text).not.toContain(secret);
    }
  });

  it('is of its tenant by its hashes', async () => {
    const [first] = await records();
    if (first === undefined) {
      throw new Error('there is no record');
    }
    const hash = new Uint8Array(first.hash);
    expect(auditHash(AUDIT_START, first)).toEqual(hash);
    expect(auditHash(AUDIT_START, { ...first, tenantId: 'other' })).not.toEqual(hash);
  });

  it('counts from 1 without gaps, also of parallel changes', async () => {
    const { services, app } = world;
    const names = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    await Promise.all(names.map((loginName) => registerUser(services, app, { loginName, password: PASSWORD })));
    const all = await records();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => i + 1));
    expect(await verify()).toMatchObject({ intact: true, count: all.length, isEnd: true });
  });

  it('is each tenant’s own, and an admin’s alone', async () => {
    const other = await makeWorld(bed);
    expect((await records(other.admin)).every(({ tenantId }) => tenantId === other.tenantId)).toBe(true);
    for (const call of [world.app, world.backend, world.watcher]) {
      await expectRefused(records(call), 'permission_denied');
      const verifying = verifyAuditLog(world.services, call, { afterSequence: 0, most: 0 });
      await expectRefused(verifying, 'permission_denied');
    }
  });

  it('is checked in parts', async () => {
    const count = (await records()).length;
    const first = await verify(0, 2);
    await expectRefused(verify(-1), 'invalid_argument');
    expect(first).toMatchObject({ intact: true, count: 2, lastSequence: 2, isEnd: false });
    expect(await verify(2)).toMatchObject({ intact: true, count: count - 2, isEnd: true });
  });
});

describe('a row that was tampered with', () => {
  /** A log of seven records, of which somebody with the database in hand makes another. */
  async function verifyTampered(tampering: Tampering): Promise<Verified> {
    const { services, app, admin } = world;
    for (let count = (await records()).length; count < 7; count++) {
      await registerUser(services, app, { loginName: `user-${count}`, password: PASSWORD });
    }
    expect(await verify()).toMatchObject({ intact: true, count: 7 });
    const store = tamperedStore(services.store, tampering);
    return verifyAuditLog({ ...services, store }, admin, { afterSequence: 0, most: 0 });
  }

  it.each<[string, Partial<AuditRecord>]>([
    ['result', { result: 'permission_denied' }],
    ['target', { targetId: 'x' }],
    ['kind of target', { targetKind: 'x' }],
    ['action', { action: 'x' }],
    ['details', { details: 'x' }],
    ['time', { eventTime: 1 }],
    ['hash', { hash: AUDIT_START }],
  ])('is found: another %s', async (_, fields) => {
    for (const sequence of [1, 2, 7]) {
      expect(await verifyTampered(altered(sequence, fields))).toMatchObject({
        intact: false,
        brokenSequence: sequence,
      });
    }
  });

  it.each<[string, Partial<Actor>]>([
    ['another actor', { id: 'x' }],
    ['an actor of another kind', { kind: 'user' }],
    ['an actor with another token', { tokenId: 'x' }],
    ['an actor from another address', { address: 'x' }],
    ['an actor of another request', { requestId: 'x' }],
  ])('is found: %s', async (_, fields) => {
    const tampering = alteredActor(2, fields);
    expect(await verifyTampered(tampering)).toMatchObject({ intact: false, brokenSequence: 2 });
  });

  const last = (rows: readonly AuditRecord[]) => ({ ...(rows[6] as AuditRecord), sequence: 8 });
  it.each<[string, Tampering, number]>([
    ['a record taken out of the middle', { records: (rows) => rows.filter(({ sequence }) => sequence !== 2) }, 2],
    ['the first record taken out', { records: (rows) => rows.slice(1) }, 1],
    ['the last record taken out', { records: (rows) => rows.slice(0, -1) }, 7],
    ['all records taken out', { records: () => [] }, 1],
    ['a record put in at the end', { records: (rows) => [...rows, last(rows)] }, 8],
    ['a head that was moved back', { head: { auditHash: AUDIT_START } }, 7],
  ])('is found: %s', async (_, tampering, sequence) => {
    expect(await verifyTampered(tampering)).toMatchObject({ intact: false, brokenSequence: sequence });
  });
});
