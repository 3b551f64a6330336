import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDeviceOwner, registerDevice, removeDeviceOwner } from '../../../src/core/operations/devices.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { registerUser } from '../../../src/core/operations/users.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, makeWorld, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const WISH = { withTokens: { scopes: [] } };

describe('owners of a device', () => {
  it('are users of its tenant, each once', async () => {
    const { services, admin, lampId, annId } = world;
    const lamp = { by: 'device_id', deviceId: lampId } as const;
    const other = await makeWorld(bed);
    expect((await addDeviceOwner(services, admin, lamp, annId)).subject.ownerIds).toEqual([annId]);
    await expectRefused(addDeviceOwner(services, admin, lamp, annId), 'already_exists');
    await expectRefused(addDeviceOwner(services, admin, lamp, other.annId), 'not_found');
    await expectRefused(addDeviceOwner(services, admin, lamp, lampId), 'not_found');
    expect((await removeDeviceOwner(services, admin, lamp, annId)).subject.ownerIds).toEqual([]);
    await expectRefused(removeDeviceOwner(services, admin, lamp, annId), 'not_found');
  });

  it('are named by what can be an id', async () => {
    const { services, admin, lampId } = world;
    const lamp = { by: 'device_id', deviceId: lampId } as const;
    for (const id of ['', 'a\0b', 'x'.repeat(257)]) {
      await expectRefused(addDeviceOwner(services, admin, lamp, id), 'invalid_argument');
      await expectRefused(revokeAll(services, admin, { kind: 'user', id }), 'invalid_argument');
    }
  });

  it('are a hundred at most', async () => {
    const { services, admin, annId } = world;
    const ownerIds: string[] = [];
    for (let i = 0; i < 100; i++) {
      ownerIds.push((await registerUser(services, admin, { ...WISH })).subject.subjectId);
    }
    const { subject } = await registerDevice(services, admin, { vendorId: 'v-1', password: 'p', ownerIds });
    const ref = { by: 'device_id', deviceId: subject.subjectId } as const;
    await expectRefused(addDeviceOwner(services, admin, ref, annId), 'invalid_argument');
    const another = { vendorId: 'v-2', password: 'p', ownerIds: [...ownerIds, annId] };
    await expectRefused(registerDevice(services, admin, another), 'invalid_argument');
    await removeDeviceOwner(services, admin, ref, ownerIds[0] ?? '');
    expect((await addDeviceOwner(services, admin, ref, annId)).subject.ownerIds).toHaveLength(100);
  });
});
