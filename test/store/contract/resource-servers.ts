import { beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import { one } from '../../../src/core/plan.ts';
import { isForClient } from '../../../src/core/rules/resource-servers.ts';
import { RESOURCE_SERVER, RESOURCE_SERVERS } from '../../../src/core/tables/resource-servers.ts';
import { execute, make } from '../../support.ts';
import {
  APP,
  aFamilyId,
  answerOf,
  begin,
  clientOf,
  issueOf,
  makeAcme,
  readingOf,
  refusalOf,
  revisionOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const API = 'https://api.example.com/';
const NAMED = { tenantId: TENANT, resourceServerId: API } as const;

function created(fields: { clientIds?: string[]; scopes?: string[]; tenantId?: string } = {}): CommandData {
  const standing = { displayName: 'API', scopes: ['read'], clientIds: [APP] };
  return { kind: 'create_resource_server', ...NAMED, ...standing, ...fields };
}

function updated(fields: object): CommandData {
  return { kind: 'update_resource_server', ...NAMED, ...fields };
}

function deleted(): CommandData {
  return { kind: 'delete_resource_server', ...NAMED, noFamilyId: aFamilyId() };
}

/** Whom tokens are for. */
export function resourceServers(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  const serverNow = async () => (await test.store.read({ found: one(RESOURCE_SERVER, NAMED) })).found;
  const versionNow = async () => (await test.store.readFamily(TENANT, aFamilyId())).clientVersion;

  it('are kept as they are made and changed, and each change moves the client version', async () => {
    const versions = [await versionNow()];
    await make(test.store, created());
    const row = { ...NAMED, displayName: 'API', scopes: ['read'], clientIds: [APP], createTime: test.clock.now };
    expect(await serverNow()).toEqual({ ...row, cutoff: await revisionOf(test.store) });
    versions.push(await versionNow());
    await make(test.store, updated({ clientIds: [] }));
    expect(await serverNow()).toMatchObject({ displayName: 'API', scopes: ['read'], clientIds: [] });
    versions.push(await versionNow());
    await make(test.store, deleted());
    expect(await serverNow()).toBeUndefined();
    versions.push(await versionNow());
    expect(versions).toEqual(versions.map((_, i) => (versions[0] ?? 0) + i));
  });

  it('are of one tenant, listed by id', async () => {
    await make(test.store, tenantOf('other'));
    await make(test.store, clientOf('others', 'other'));
    await make(test.store, created());
    await make(test.store, created({ tenantId: 'other', clientIds: ['others'] }));
    const list = await test.store.list(RESOURCE_SERVERS, { tenantId: TENANT }, { after: undefined, limit: 9 });
    expect(list.map(({ tenantId, clientIds }) => [tenantId, clientIds])).toEqual([[TENANT, [APP]]]);
  });

  it('name clients of the tenant, once each, and are there once', async () => {
    await make(test.store, tenantOf('other'));
    await make(test.store, clientOf('others', 'other'));
    const refusal = async (command: CommandData) => refusalOf(await execute(test.store, command));
    expect(await refusal(created({ clientIds: [APP, 'others'] }))).toBe('not_found');
    expect(await refusal(updated({ displayName: 'x' }))).toBe('not_found');
    expect(await refusal(deleted())).toBe('not_found');
    await make(test.store, created());
    expect(await refusal(created())).toBe('already_exists');
    expect(await refusal(updated({ clientIds: ['others'] }))).toBe('not_found');
  });

  it('are asked for by a login, whose family says so', async () => {
    const issued = async (fields: object) =>
      refusalOf(await execute(test.store, issueOf({ audience: API, ...fields })));
    expect(await issued({})).toBe('invalid_target');
    await make(test.store, created());
    expect(await issued({ scopes: ['read', 'write'] })).toBe('scope_not_allowed');
    const { familyId } = await begin(test.store, { audience: API });
    expect((await readingOf(test.store, familyId))?.family.audience).toBe(API);
    const [read] = await test.store.readFamilies(TENANT, [familyId]);
    expect(read?.reading?.family.audience).toBe(API);
    const { familyId: plain } = await begin(test.store);
    expect((await readingOf(test.store, plain))?.family.audience).toBeNull();
  });

  it('of an id that was there before are others, though nothing else ended meanwhile', async () => {
    await make(test.store, created());
    const { familyId } = await begin(test.store, { audience: API });
    const isFor = async (id: string) => {
      const family = (await readingOf(test.store, id))?.family;
      return family !== undefined && isForClient(family, await serverNow(), APP);
    };
    expect(await isFor(familyId)).toBe(true);
    answerOf(await execute(test.store, deleted()));
    expect(await isFor(familyId)).toBe(false);
    await make(test.store, created());
    expect(await isFor(familyId)).toBe(false);
    const { familyId: next } = await begin(test.store, { audience: API });
    expect(await isFor(next)).toBe(true);
  });
}
