import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, each, one } from '../../../src/core/plan.ts';
import { CLIENT } from '../../../src/core/tables/clients.ts';
import { FAMILIES, FAMILY } from '../../../src/core/tables/families.ts';
import { TENANT as TENANTS } from '../../../src/core/tables/tenants.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import {
  ANN,
  APP,
  aFamilyId,
  begin,
  clientOf,
  issueOf,
  make,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
} from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let clock: TestClock;
let store: SqliteStore;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new TestClock();
  store = await SqliteStore.open({ path: join(directory.path, 'symbolon.db'), clock: clock.read });
  await makeAcme(store);
});

afterEach(async () => {
  await store.close();
  directory.remove();
});

describe('a family', () => {
  it.each([
    ['of its tenant', TENANT],
    ['without a tenant', null],
  ])('is read anew each time, %s', async (_, tenantId) => {
    const issued = await begin(store);
    const { familyId } = issued;

    for (let read = 0; read < 2; read++) {
      expect(await store.readFamily(tenantId, familyId)).toMatchObject({
        reading: {
          family: { familyId, tenantId: TENANT, subjectId: ANN, generation: 0, revokedRevision: null, kind: 'USER' },
          tenant: { disabled: false, cutoff: 0 },
          client: { tenantId: TENANT, disabled: false, cutoff: 0 },
          subject: { tenantId: TENANT, disabled: false, cutoff: 0 },
        },
        revision: 0,
        clientVersion: 1,
      });
    }
    const refresh = refreshOf(issued);
    await make(store, refresh);
    await make(store, clientOf('another'));
    await make(store, revokeFamily(familyId));

    const { reading, revision, clientVersion } = await store.readFamily(tenantId, familyId);
    expect(reading?.family).toMatchObject({ generation: 1, revokedRevision: 1 });
    expect(Buffer.from(refresh.tokens.accessDigest).equals(reading?.family.accessDigest ?? Buffer.of())).toBe(true);
    expect([revision, clientVersion]).toEqual([1, 2]);
  });

  it('of another tenant is as unknown, also once it is remembered', async () => {
    await make(store, tenantOf('other'));
    const { familyId } = await begin(store);
    const nothing = { reading: undefined, revision: 0, clientVersion: 0 };

    expect(await store.readFamily('other', familyId)).toEqual(nothing);
    expect((await store.readFamily(TENANT, familyId)).reading).toBeDefined();
    expect(await store.readFamily('other', familyId)).toEqual(nothing);
    expect(await store.readFamily('other', aFamilyId())).toEqual(nothing);
  });

  it('that nobody has says so, and so does a tenant', async () => {
    const nothing = { reading: undefined, revision: 0, clientVersion: -1 };

    expect(await store.readFamily(null, aFamilyId())).toEqual(nothing);
    expect(await store.readFamily('nobody', aFamilyId())).toEqual(nothing);
    await expect(store.readFamily(TENANT, 'fm_short')).rejects.toMatchObject({ code: 'internal' });
  });

  it('that was purged is unknown, though it was remembered', async () => {
    const { familyId } = await begin(store, { expireTime: clock.now + 1_000 });
    expect((await store.readFamily(TENANT, familyId)).reading).toBeDefined();
    clock.advance(100 * 365 * 24 * 3_600_000);

    expect(await store.purgeExpired(10)).toBe(1);
    expect(await store.readFamily(TENANT, familyId)).toMatchObject({ reading: undefined, clientVersion: 1 });
    expect(await store.readFamily(null, familyId)).toMatchObject({ reading: undefined });
  });

  it('is read with the subject that was deleted, and the client', async () => {
    const { familyId } = await begin(store);
    const cutOff = { kind: 'cut_off', authority: 'server', tenantId: TENANT, cause: 'deleted' } as const;
    await make(store, { ...cutOff, target: { kind: 'user', id: ANN } });
    await make(store, { ...cutOff, target: { kind: 'client', id: APP } });

    const { reading } = await store.readFamily(TENANT, familyId);
    expect(reading).toMatchObject({ client: undefined, subject: undefined, tenant: { disabled: false } });
  });

  it('is listed after another by its id', async () => {
    const commands = Array.from({ length: 5 }, () => issueOf());
    await Promise.all(commands.map((command) => store.execute(command)));
    const ids = commands.map(({ familyId }) => familyId).sort();
    const by = { tenantId: TENANT, subjectId: ANN };

    const first = await store.list(FAMILIES, by, { limit: 2 });
    const rest = await store.list(FAMILIES, by, { after: [ids[1] ?? ''], limit: 9 });
    expect([...first, ...rest].map(({ familyId }) => familyId)).toEqual(ids);
  });
});

describe('a client', () => {
  it('is read with its tenant and all of its secrets', async () => {
    await make(store, { ...clientOf('robot'), secret: undefined });

    expect(await store.readClient(APP)).toMatchObject({
      client: { clientId: APP, tenantId: TENANT, confidential: true, roles: [], scopes: ['read', 'write'] },
      tenant: { disabled: false, revision: 0 },
      secrets: [{ clientId: APP, secretId: 'cs_app', expireTime: null }],
      clientVersion: 2,
    });
    expect(await store.readClient('robot')).toMatchObject({ client: { clientId: 'robot' }, secrets: [] });
    expect(await store.readClient('nobody')).toBeUndefined();
  });
});

describe('reads', () => {
  it('answer what each of them asks for', async () => {
    const { familyId } = await begin(store);
    await make(store, subjectOf('user-eve'));

    const state = await store.read({
      tenant: one(TENANTS, { tenantId: TENANT }),
      same: one(TENANTS, { tenantId: TENANT }),
      none: one(CLIENT, undefined),
      clients: all(CLIENT, { tenantId: TENANT }),
      families: each(FAMILY, [{ familyId }, { familyId: aFamilyId() }]),
    });

    expect(state.tenant).toMatchObject({ tenantId: TENANT, displayName: TENANT });
    expect(state.same).toBe(state.tenant);
    expect(state.none).toBeUndefined();
    expect(state.clients.map(({ clientId }) => clientId)).toEqual([TENANT, APP]);
    expect(state.families.map((family) => family.familyId)).toEqual([familyId]);
  });

  it('are refused as unavailable once the store is closed', async () => {
    await store.close();

    const unavailable = { code: 'store_unavailable', message: 'The store is closed' };
    await expect(store.read({ none: one(CLIENT, { clientId: APP }) })).rejects.toMatchObject(unavailable);
    await expect(store.readFamily(TENANT, aFamilyId())).rejects.toMatchObject(unavailable);
    await expect(store.readClient(APP)).rejects.toMatchObject(unavailable);
    await expect(store.list(FAMILIES, {}, { limit: 1 })).rejects.toMatchObject(unavailable);
  });
});
