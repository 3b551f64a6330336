/** The transaction asks for all that the operation asked for: a caller that lost a part of its rights in between changes nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandData } from '../../src/core/commands/index.ts';
import { authenticateTokenHolder, type Call } from '../../src/core/operations/authenticate.ts';
import { addClientSecret } from '../../src/core/operations/client-secrets.ts';
import { createClient } from '../../src/core/operations/clients.ts';
import { addDeviceOwner, enableDevice, endDevice, updateDevice } from '../../src/core/operations/devices.ts';
import { updateTenant } from '../../src/core/operations/tenants.ts';
import { revokeAll } from '../../src/core/operations/tokens.ts';
import { registerUser } from '../../src/core/operations/users.ts';
import type { Services } from '../../src/core/services/services.ts';
import type { AnyTable } from '../../src/core/table.ts';
import type { ClientRole } from '../../src/core/tables/clients.ts';
import { SUBJECT } from '../../src/core/tables/subjects.ts';
import {
  callerOf,
  make,
  makeClient,
  makeDevice,
  makeTenant,
  makeUser,
  openMemoryTestBed,
  type TestBed,
} from '../support.ts';
import { ANN, expectRefused, PASSWORD } from './fixtures.ts';
import { issue } from './issue.ts';
import { storedRows } from './stored-rows.ts';
import { wrapStore } from './wrapped-store.ts';

let bed: TestBed;
let made = 0;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());

/** Services in which something happens right before the first command. */
function racedBy(happens: CommandData): Services {
  let happened = false;
  const { store } = bed;
  return {
    ...bed.services,
    store: wrapStore(store, {
      execute: async (command, options) => {
        if (!happened) {
          happened = true;
          await make(store, happens);
        }
        return store.execute(command, options);
      },
    }),
  };
}

describe('a role that is taken away', () => {
  const home = 'home';
  const other = 'other';

  beforeAll(async () => {
    await makeTenant(bed.store, home);
    await makeTenant(bed.store, other, { selfRegistration: false });
    await makeClient(bed.store, home, 'other-operator', ['operator']);
  });

  const admin: readonly ClientRole[] = ['admin'];
  const both: readonly ClientRole[] = ['admin', 'operator'];

  it.each<
    [string, string, readonly ClientRole[], readonly ClientRole[], (s: Services, call: Call) => Promise<unknown>]
  >([
    [
      'makes no operator in another tenant',
      home,
      both,
      admin,
      (services, call) =>
        createClient(services, call, {
          tenantId: other,
          clientId: 'backdoor',
          displayName: '',
          confidential: true,
          roles: both,
          scopes: [],
        }),
    ],
    [
      'changes no other tenant',
      home,
      both,
      admin,
      (services, call) => updateTenant(services, call, { tenantId: other, displayName: 'owned' }),
    ],
    [
      'ends no other tenant',
      home,
      both,
      admin,
      (services, call) => revokeAll(services, call, { kind: 'tenant', id: other }),
    ],
    [
      'gets no secret of an operator',
      home,
      both,
      admin,
      (services, call) => addClientSecret(services, call, { clientId: 'other-operator', reset: false }),
    ],
    [
      'registers nobody with a verified address',
      other,
      admin,
      [],
      (services, call) =>
        registerUser(services, call, { email: 'boss@example.com', emailVerified: true, password: PASSWORD }),
    ],
  ])('%s', async (_name, tenantId, had, has, work) => {
    made += 1;
    const clientId = `caller-${made}`;
    const secret = await makeClient(bed.store, tenantId, clientId, had);
    const call = { caller: await callerOf(bed.services, clientId, secret) };
    const services = racedBy({ kind: 'update_client', tenantId, clientId, roles: has });
    await expectRefused(work(services, call), 'caller_unauthenticated');
  });

  it('lets nobody register itself where the tenant was closed meanwhile', async () => {
    await makeTenant(bed.store, 'closing');
    const call = { caller: await callerOf(bed.services, 'closing') };
    const services = racedBy({ kind: 'update_tenant', tenantId: 'closing', policy: { selfRegistration: false } });
    const registering = registerUser(services, call, { loginName: 'eve', password: PASSWORD });
    await expectRefused(registering, 'permission_denied');
  });
});

describe('an owner that is removed from a device', () => {
  const tenantId = 'owners';
  const deviceId = 'th.owned';
  const ref = { by: 'device_id', deviceId } as const;
  const owned = { kind: 'update_subject', tenantId, subjectKind: 'device', subjectId: deviceId } as const;
  let call: Call;

  beforeAll(async () => {
    await makeTenant(bed.store, tenantId);
    await makeUser(bed.services, tenantId, { subjectId: 'ann', loginName: 'ann', password: PASSWORD });
    await makeDevice(bed.services, tenantId, { subjectId: deviceId, vendorId: 'lamp', password: PASSWORD });
    const tokens = await issue(bed.services, { caller: await callerOf(bed.services, tenantId) }, { credential: ANN });
    const caller = await authenticateTokenHolder(bed.services, tenantId, tokens.accessToken);
    call = { caller: caller as Call['caller'] };
  });

  beforeEach(() => make(bed.store, { ...owned, set: { ownerIds: ['ann'] } }));

  it.each<[string, (services: Services) => Promise<unknown>]>([
    ['update it', (services) => updateDevice(services, call, ref, { displayName: 'mine' })],
    ['take it back', (services) => addDeviceOwner(services, call, ref, 'ann')],
    ['disable it', (services) => endDevice(services, call, ref, 'disabled')],
    ['delete it', (services) => endDevice(services, call, ref, 'deleted')],
    ['enable it', (services) => enableDevice(services, call, ref)],
  ])('can’t %s', async (_name, work) => {
    const removed = { ...owned, set: {}, removeOwnerId: 'ann' };
    await make(bed.store, removed);
    const rows = await storedRows(bed.store, [SUBJECT as unknown as AnyTable]);
    await make(bed.store, { ...owned, set: { ownerIds: ['ann'] } });
    await expectRefused(work(racedBy(removed)), 'permission_denied');
    expect(await storedRows(bed.store, [SUBJECT as unknown as AnyTable])).toEqual(rows);
  });
});
