import { beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../../src/core/commands/index.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  aFamilyId,
  begin,
  clientOf,
  cutOff,
  issueOf,
  makeAcme,
  PAGE,
  pageOf,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

function addSecret(secretId: string): CommandData {
  const secret = { secretId, digest: aDigest(), expireTime: null };
  return { kind: 'add_client_secret', tenantId: TENANT, clientId: APP, secret, endTokens: false };
}

function endSecret(secretId: string): CommandData {
  return { kind: 'expire_client_secret', tenantId: TENANT, clientId: APP, secretId, expireTime: 1 };
}

/** What lets an operation believe what it remembers of a client: the version that comes with every family it reads. */
export function clientVersions(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  async function version(tenantId: string = TENANT): Promise<number> {
    return (await test.store.readFamily(tenantId, aFamilyId())).clientVersion;
  }

  function enable(kind: 'client' | 'tenant', id: string): CommandData {
    return { kind: 'enable', tenantId: TENANT, target: { kind, id } };
  }

  it('is told with a client as it is told with a family, of any client of the tenant', async () => {
    for (const command of [clientOf('robot'), cutOff('client', 'robot', 'disabled'), cutOff('client', APP)]) {
      await make(test.store, command);
      const { familyId } = await begin(test.store);
      const read = await Promise.all([
        version(),
        test.store.readFamily(TENANT, familyId).then((reading) => reading.clientVersion),
        test.store.readFamily(null, familyId).then((reading) => reading.clientVersion),
        test.store.readClient(APP).then((reading) => reading?.clientVersion),
        test.store.readClient(TENANT).then((reading) => reading?.clientVersion),
      ]);
      expect(new Set(read).size).toBe(1);
    }
  });

  it.each<[string, CommandData[]]>([
    ['a client is made', [clientOf('robot')]],
    ['a client is changed', [{ kind: 'update_client', tenantId: TENANT, clientId: APP, displayName: 'Another' }]],
    ['a client gets a secret', [addSecret('cs_2')]],
    ['a secret is ended', [addSecret('cs_2'), endSecret('cs_2')]],
    ['a client is disabled', [cutOff('client', APP, 'disabled')]],
    ['a client is enabled', [cutOff('client', APP, 'disabled'), enable('client', APP)]],
    ['a client is cut off', [cutOff('client', APP)]],
    ['a client without a secret is deleted', [pageOf(), cutOff('client', PAGE, 'deleted')]],
    ['a client with a secret is deleted', [cutOff('client', APP, 'deleted')]],
    ['a client of that id is made again', [cutOff('client', APP, 'deleted'), clientOf(APP)]],
    ['the tenant is disabled', [cutOff('tenant', TENANT, 'disabled')]],
    ['the tenant is enabled', [cutOff('tenant', TENANT, 'disabled'), enable('tenant', TENANT)]],
  ])('changes when %s, to what it never was before', async (_, commands) => {
    const seen = [await version()];
    for (const command of commands) {
      await make(test.store, command);
      seen.push(await version());
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('stays as it is when tokens, users and failed logins come and go', async () => {
    const before = await version();
    const [first, second] = [await begin(test.store), await begin(test.store)];
    for (const command of [
      refreshOf(first),
      revokeFamily(second.familyId),
      subjectOf({ subjectId: 'user-bob' }),
      cutOff('user', 'user-bob', 'deleted'),
      {
        kind: 'end_guess',
        tenantId: TENANT,
        counters: [{ key: `subject:${ANN}`, kind: 'name' }],
        end: 'wrong',
        failed: [],
      },
      issueOf(),
    ] satisfies CommandData[]) {
      await make(test.store, command);
    }
    expect(await version()).toBe(before);
  });

  it('is the tenant’s own', async () => {
    await make(test.store, tenantOf('other'));
    await make(test.store, clientOf('other-app', 'other'));
    const before = await version();
    await make(test.store, cutOff('client', 'other-app', 'deleted', 'other'));

    expect(await version()).toBe(before);
  });

  test.lasting('survives a restart', async () => {
    await make(test.store, cutOff('client', APP, 'disabled'));
    const before = await version();
    await test.reopen();

    expect(await version()).toBe(before);
  });
}
