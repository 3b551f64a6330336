/** What a gateway may attach by itself: a device that was registered for it, and none that works on its own. */
import { it } from 'vitest';
import { authenticateTokenHolder, type Call } from '../../../src/core/operations/authenticate.ts';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { attachEndNode } from '../../../src/core/operations/end-nodes.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, makeWorld, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const HOUR_MS = 3_600_000;
const NEW_MS = 600_000;
const GATEWAY = { by: 'vendor_id', vendorId: 'gateway' } as const;
const BULB = { by: 'vendor_id', vendorId: 'bulb' } as const;

async function register({ services, admin }: World, vendorId: string) {
  await registerDevice(services, admin, { vendorId, password: PASSWORD });
}

async function logIn({ services, app }: World, vendorId: string): Promise<string> {
  const credential = { kind: 'device_by_vendor_id', vendorId, password: PASSWORD } as const;
  return (await issue(services, app, { credential })).accessToken;
}

async function asGateway(world: World): Promise<Call> {
  const caller = await authenticateTokenHolder(world.services, world.tenantId, await logIn(world, 'gateway'));
  if (caller === undefined) {
    throw new Error('the gateway has no live token');
  }
  return { caller };
}

async function house(bed: TestBed): Promise<World> {
  const world = await makeWorld(bed, { defaultTokenLifetimeMs: HOUR_MS, refreshEnabled: false });
  await register(world, 'gateway');
  await register(world, 'bulb');
  return world;
}

it('is not one that has logged in, also when its logins have expired and are gone', async () => {
  const bed = await openMemoryTestBed();
  const world = await house(bed);
  await logIn(world, 'bulb');
  await expectRefused(attachEndNode(world.services, await asGateway(world), GATEWAY, BULB), 'permission_denied');
  bed.clock.advance(2 * HOUR_MS);
  await bed.store.purgeExpired(1_000, bed.clock.now);
  await expectRefused(attachEndNode(world.services, await asGateway(world), GATEWAY, BULB), 'permission_denied');
  await bed.close();
});

it('is one that was registered within ten minutes; a later one has to prove itself', async () => {
  const bed = await openMemoryTestBed();
  const world = await house(bed);
  bed.clock.advance(NEW_MS - 1);
  await attachEndNode(world.services, await asGateway(world), GATEWAY, BULB);
  await register(world, 'plug');
  const plug = { by: 'vendor_id', vendorId: 'plug' } as const;
  bed.clock.advance(NEW_MS);
  const call = await asGateway(world);
  await expectRefused(attachEndNode(world.services, call, GATEWAY, plug), 'permission_denied');
  // What hangs on it is attached again as it is.
  await attachEndNode(world.services, call, GATEWAY, BULB);
  await attachEndNode(world.services, call, GATEWAY, plug, { isProven: true });
  await bed.close();
});
