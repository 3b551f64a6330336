/** What strangers may cause from one network address, and that others are not held to it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { requestPasswordReset, startVerification } from '../../../src/core/operations/codes.ts';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { attachEndNode } from '../../../src/core/operations/end-nodes.ts';
import { registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, login, makeWorld, messagesOf, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const ADDRESS = '192.0.2.1';
const HOUR = 3_600_000;
const MINUTE = 60_000;

let bed: TestBed;
let world: World;
let made = 0;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed, { registrationsPerAddress: 3, codesPerAddress: 2 });
});

const from = (address: string | undefined, call: Call = world.app): Call => ({ ...call, address });

function registerPseudoUser(call: Call) {
  return registerUser(world.services, call, { withTokens: { scopes: [] } });
}

function registerNamed(call: Call) {
  made += 1;
  return registerUser(world.services, call, { email: `user-${made}@example.com`, password: PASSWORD });
}

describe('registrations', () => {
  it('are as many as the tenant says, of all kinds together, before they cost a hash', async () => {
    await registerPseudoUser(from(ADDRESS));
    await registerNamed(from(ADDRESS));
    await registerDevice(world.services, from(ADDRESS), { vendorId: 'lamp-2', password: PASSWORD });
    await expectRefused(registerPseudoUser(from(ADDRESS)), 'overloaded');
    await expectRefused(registerNamed(from(ADDRESS)), 'overloaded');
    const device = { vendorId: 'lamp-3', password: PASSWORD };
    await expect(registerDevice(world.services, from(ADDRESS), device)).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterMs: HOUR,
    });
  });

  it('are not bounded from another address or this machine, of a client that has proven itself, nor an hour later', async () => {
    for (let i = 0; i < 3; i++) {
      await registerPseudoUser(from(ADDRESS));
    }
    await expectRefused(registerPseudoUser(from(ADDRESS)), 'overloaded');
    for (let i = 0; i < 5; i++) {
      await registerPseudoUser(from(undefined));
      await registerPseudoUser(from(ADDRESS, world.backend));
      await registerPseudoUser(from(ADDRESS, world.admin));
    }
    await registerPseudoUser(from('192.0.2.2'));
    world.clock.advance(HOUR);
    await registerPseudoUser(from(ADDRESS));
  });
});

describe('codes', () => {
  it('are as many as the tenant says, over all mailboxes', async () => {
    for (let i = 0; i < 3; i++) {
      await registerNamed(from(ADDRESS));
    }
    // The third was registered all the same, and can ask for its code later.
    expect(await messagesOf(world)).toHaveLength(2);
  });

  it('are refused alike for a user who exists and one who does not', async () => {
    for (const loginName of ['ann', 'nobody']) {
      await requestPasswordReset(world.services, from(ADDRESS), { by: 'login_name', loginName }, 'email');
    }
    for (const loginName of ['ann', 'nobody']) {
      const asked = requestPasswordReset(world.services, from(ADDRESS), { by: 'login_name', loginName }, 'email');
      await expectRefused(asked, 'too_many_codes');
    }
  });

  it('count each who asks in person, in whatever way', async () => {
    const { accessToken } = await login(world, world.app);
    const ref = { by: 'access_token', accessToken } as const;
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      await updateUser(world.services, from(ADDRESS), ref, { email });
    }
    const codes = (await messagesOf(world)).filter(({ purpose }) => purpose === 'verify_email');
    expect(codes).toHaveLength(2);
    await expectRefused(startVerification(world.services, from(ADDRESS), ref, 'verify_email'), 'too_many_codes');
    await startVerification(world.services, from(ADDRESS, world.backend), ref, 'verify_email');
  });
});

it('anonymous tokens of strangers are 600 a minute from one address', async () => {
  const anonymous = (call: Call) =>
    issue(world.services, call, { credential: { kind: 'anonymous', clientId: world.tenantId } });
  for (let i = 0; i < 600; i++) {
    await anonymous(from(ADDRESS));
  }
  await expectRefused(anonymous(from(ADDRESS)), 'overloaded');
  await anonymous(from(ADDRESS, world.backend));
  world.clock.advance(MINUTE);
  await anonymous(from(ADDRESS));
});

it('tokens that gateways of strangers get for end nodes are 600 a minute from one address', async () => {
  const { services, admin, app } = world;
  const gateway = { by: 'vendor_id', vendorId: 'gateway' } as const;
  const endNode = { by: 'vendor_id', vendorId: 'bulb' } as const;
  for (const { vendorId } of [gateway, endNode]) {
    await registerDevice(services, admin, { vendorId, password: PASSWORD });
  }
  await attachEndNode(services, admin, gateway, endNode);
  const byPassword = { kind: 'device_by_vendor_id', vendorId: gateway.vendorId, password: PASSWORD } as const;
  const { accessToken: gatewayToken } = await issue(services, app, { credential: byPassword });
  const ask = (call: Call) => issue(services, call, { credential: { kind: 'end_node', gatewayToken, endNode } });
  for (let i = 0; i < 600; i++) {
    await ask(from(ADDRESS));
  }
  await expectRefused(ask(from(ADDRESS)), 'overloaded');
  await ask(from(ADDRESS, world.backend));
  await ask(from(undefined));
  bed.clock.advance(MINUTE);
  await ask(from(ADDRESS));
});
