import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Target } from '../../../src/core/model.ts';
import { countLogins } from '../../../src/core/operations/count-logins.ts';
import { operatorOnMachine } from '../../../src/core/operations/machine-operator.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { make, openTestBed, type TestBed } from '../../support.ts';
import { clientCredentialOf, expectRefused, LAMP, login, makeWorld, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const count = async (target: Target) => (await countLogins(world.services, world.admin, target)).logins;
const tenant = () => ({ kind: 'tenant', id: world.tenantId }) as const;
const ann = () => ({ kind: 'user', id: world.annId }) as const;
const lamp = () => ({ kind: 'device', id: world.lampId }) as const;
const client = (call = world.backend) => ({ kind: 'client', id: call.caller.clientId }) as const;

describe('live logins', () => {
  it('are counted of a user, a device, a client with its own, and a tenant', async () => {
    expect(await count(tenant())).toBe(0);
    await login(world);
    await login(world);
    await login(world, world.app);
    await login(world, world.backend, { credential: LAMP });
    await login(world, world.backend, { credential: clientCredentialOf(world.backend) });
    expect([await count(ann()), await count(lamp())]).toEqual([3, 1]);
    expect([await count(client()), await count(client(world.app))]).toEqual([4, 1]);
    expect(await count(tenant())).toBe(5);
  });

  it('are not counted any more once they have ended, in whatever way', async () => {
    await login(world);
    await login(world, world.backend, { credential: LAMP });
    await revokeAll(world.services, world.admin, lamp());
    expect(await count(tenant())).toBe(1);
    await login(world, world.backend, { credential: LAMP });
    await endUser(world.services, world.admin, { by: 'user_id', userId: world.annId }, 'deleted');
    expect(await count(tenant())).toBe(1);
    await make(world.services.store, {
      ...{ kind: 'cut_off', cause: 'disabled', tenantId: world.tenantId },
      target: client(),
    });
    expect(await count(tenant())).toBe(0);
  });

  it('are for those who may end them, and of what is there', async () => {
    await expectRefused(countLogins(world.services, world.watcher, ann()), 'permission_denied');
    await expectRefused(countLogins(world.services, world.admin, { kind: 'user', id: 'nobody' }), 'not_found');
    await expectRefused(countLogins(world.services, world.admin, { kind: 'tenant', id: 'other' }), 'not_found');
    const caller = await operatorOnMachine(world.services, { tenantId: '', name: 'root' });
    expect(await countLogins(world.services, { caller }, tenant())).toEqual({ logins: 0, isMore: false });
  });
});
