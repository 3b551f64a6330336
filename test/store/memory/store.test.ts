/** What of the port the contract leaves to an engine that can't be opened again. */
import { beforeEach, expect, it } from 'vitest';
import type { Command } from '../../../src/core/commands/index.ts';
import { all, one } from '../../../src/core/plan.ts';
import { policyOfProfile } from '../../../src/core/policy.ts';
import { CLIENT, CLIENTS } from '../../../src/core/tables/clients.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { TENANT } from '../../../src/core/tables/tenants.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../../../src/core/token-form.ts';
import { MemoryStore } from '../../../src/store/memory/store.ts';

const NOW = 1_000;
const FAMILY_ID = newFamilyId(NOW, new Uint8Array(FAMILY_RANDOM_BYTES));

let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore({ clock: () => NOW });
  await store.execute(tenantOf('acme'));
});

function tenantOf(tenantId: string): Command {
  const policy = { ...policyOfProfile('kii'), refreshEnabled: true };
  const fields = { tenantId, displayName: tenantId, policy, publicScopes: [] };
  return { kind: 'create_tenant', authority: 'server', ...fields };
}

function clientOf(clientId: string, displayName: string): Command {
  const client = { clientId, tenantId: 'acme', displayName, confidential: false, roles: [], scopes: [] };
  return { kind: 'create_client', authority: 'server', client };
}

function anonymousIssue(accessDigest = new Uint8Array(32)): Command {
  const tokens = { keyId: '0', accessDigest, refreshDigest: new Uint8Array(32) };
  const ids = { tenantId: 'acme', clientId: 'acme', refreshClientId: 'acme', subjectId: 'acme', familyId: FAMILY_ID };
  const grant = { ...ids, tokenKind: 'ANONYMOUS', scopes: [], tokens } as const;
  return { kind: 'issue', authority: 'server', proof: { by: 'name' }, counters: [], ...grant };
}

it('does what it is told in the order of the calls, each on what those before it left', async () => {
  const outcomes = ['first', 'second'].map((name) => store.execute(clientOf('app', name)));
  const read = store.read({ app: one(CLIENT, { clientId: 'app' }) });
  outcomes.push(store.execute(clientOf('other', 'third')));
  const list = store.list(CLIENTS, { tenantId: 'acme' }, { limit: 9 });

  expect(await Promise.all(outcomes)).toMatchObject([{ answer: {} }, { refusal: { code: 'already_exists' } }, {}]);
  expect((await read).app).toMatchObject({ displayName: 'first' });
  expect((await list).map(({ clientId }) => clientId)).toEqual(['acme', 'app', 'other']);
});

it('does nothing of a command whose deadline has passed', async () => {
  const late = store.execute(tenantOf('late'), { deadline: Date.now() - 1 });
  await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(await store.read({ tenants: all(TENANT, {}) })).toMatchObject({ tenants: [{ tenantId: 'acme' }] });
  expect(await store.execute(tenantOf('timely'), { deadline: Date.now() + 60_000 })).toHaveProperty('answer');
});

it('fails, and changes nothing, when a key is taken that no rule looked at', async () => {
  await store.execute(anonymousIssue());
  const again = store.execute(anonymousIssue(new Uint8Array(32).fill(1)));
  await expect(again).rejects.toMatchObject({ code: 'internal', message: 'The store failed' });
  const { family } = await store.read({ family: one(FAMILY, { familyId: FAMILY_ID }) });
  expect(family?.accessDigest).toEqual(new Uint8Array(32));
});

it('tells of a family to its own tenant, and to who names none', async () => {
  await store.execute(anonymousIssue());
  await store.execute(tenantOf('other'));
  const found = await store.readFamily('acme', FAMILY_ID);
  const tenant = { disabled: false, cutoff: 0 };
  const holder = { tenantId: 'acme', ...tenant };
  expect(found).toMatchObject({
    revision: 0,
    clientVersion: 0,
    reading: { tenant, client: holder, subject: undefined },
  });
  expect(found.reading?.family).toMatchObject({ familyId: FAMILY_ID, repeatUntil: 0 });
  expect(Object.keys(found.reading?.family ?? {})).not.toContain('refresh');
  expect(await store.readFamily(null, FAMILY_ID)).toEqual(found);

  const unknown = newFamilyId(NOW, new Uint8Array(FAMILY_RANDOM_BYTES).fill(1));
  const nothing = { reading: undefined, revision: 0, clientVersion: -1 };
  expect(await store.readFamily('other', FAMILY_ID)).toEqual({ ...nothing, clientVersion: 0 });
  expect(await store.readFamily('nobody', FAMILY_ID)).toEqual(nothing);
  expect(await store.readFamily(null, unknown)).toEqual(nothing);
});

it('tells of a client with its tenant', async () => {
  const found = await store.readClient('acme');
  const tenant = { disabled: false, revision: 0 };
  expect(found).toMatchObject({ client: { clientId: 'acme' }, tenant, clientVersion: 0, secrets: [] });
  expect(await store.readClient('nobody')).toBeUndefined();
});

it('refuses every use after it was closed, and says so', async () => {
  const healths: boolean[] = [];
  store.onHealthChange(() => healths.push(store.isWritable() || store.isReadable()));
  expect([store.isWritable(), store.isReadable()]).toEqual([true, true]);
  await store.close();
  await store.close();

  expect(healths).toEqual([false]);
  for (const use of [
    () => store.execute(tenantOf('other')),
    () => store.readFamily(null, FAMILY_ID),
    () => store.readClient('acme'),
    () => store.read({ tenants: all(TENANT, {}) }),
    () => store.list(CLIENTS, { tenantId: 'acme' }, { limit: 1 }),
    () => store.purgeExpired(1),
  ]) {
    await expect(use()).rejects.toMatchObject({ code: 'store_unavailable' });
  }
});
