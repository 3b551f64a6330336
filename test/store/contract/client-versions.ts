import { beforeEach, expect, it } from 'vitest';
import type { Command } from '../../../src/core/commands.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  begin,
  clientOf,
  cutOff,
  issueOf,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

/** What lets an operation believe what it remembers of a client: the version that comes with every token it reads. */
export function clientVersions(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  async function version(tenantId: string = TENANT): Promise<number> {
    return (await test.store.readToken(tenantId, aDigest())).clientVersion;
  }

  function enable(kind: 'client' | 'tenant', id: string): Command {
    return { kind: 'enable', tenantId: TENANT, principal: { kind, id } };
  }

  it('is told with a client as it is told with a token, of any client of the tenant', async () => {
    for (const command of [clientOf('robot'), cutOff('client', 'robot', 'disabled'), cutOff('client', APP)]) {
      await make(test.store, command);
      const { tokens } = await begin(test.store);
      const read = await Promise.all([
        version(),
        test.store.readToken(TENANT, tokens.accessDigest).then((reading) => reading.clientVersion),
        test.store.readClient(APP).then((reading) => reading?.clientVersion),
        test.store.readClient(TENANT).then((reading) => reading?.clientVersion),
      ]);
      expect(new Set(read).size).toBe(1);
    }
  });

  it.each<[string, Command[]]>([
    ['a client is disabled', [cutOff('client', APP, 'disabled')]],
    ['a client is enabled', [cutOff('client', APP, 'disabled'), enable('client', APP)]],
    ['a client is cut off', [cutOff('client', APP)]],
    ['a client without a secret is deleted', [cutOff('client', TENANT, 'deleted')]],
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
      refreshOf(first.tokens.refreshDigest),
      revokeFamily(second.familyId),
      subjectOf({ subjectId: 'user-bob' }),
      cutOff('user', 'user-bob', 'deleted'),
      { kind: 'fail_login', tenantId: TENANT, counters: [{ key: `subject:${ANN}`, kind: 'name' }] },
      issueOf(),
    ] satisfies Command[]) {
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

  it('survives a restart', async () => {
    await make(test.store, cutOff('client', APP, 'disabled'));
    const before = await version();
    await test.reopen();

    expect(await version()).toBe(before);
  });
}
