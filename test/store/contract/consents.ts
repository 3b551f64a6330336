/** What a user granted to a client: what hangs on it, and what its end ends, on every engine and by every way to read. */
import { beforeEach, expect, it } from 'vitest';
import type { Authorize } from '../../../src/core/commands/authorize.ts';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { CallerAuthority } from '../../../src/core/rules/authority.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { isLive } from '../../../src/core/rules/liveness.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  aFamilyId,
  answerOf,
  begin,
  clientOf,
  cutOff,
  makeAcme,
  newTokens,
  refreshOf,
  refusalOf,
  revisionOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const WEB = 'web';
const BACK = 'https://web.example/back';
const BOB = 'user-bob';
const CONSENT_ID = consentIdOf(TENANT, ANN, WEB);

function grantOf(overrides: Partial<Authorize> = {}): Authorize {
  return {
    ...{ kind: 'authorize', tenantId: TENANT, subjectId: ANN, clientId: WEB, scopes: ['read'], audience: null },
    redirectUri: BACK,
    response: { type: 'token', familyId: aFamilyId(), tokens: newTokens() },
    ...overrides,
  };
}

const withdrawal = (consentId = CONSENT_ID, tenantId = TENANT, onlyUserId?: string) =>
  ({ kind: 'withdraw_consent', tenantId, consentId, onlyUserId }) as const;

export function consents(test: UnderTest): void {
  let login: Issue;
  const loggedIn = (consentId: string | null = CONSENT_ID) =>
    begin(test.store, { clientId: WEB, refreshClientId: WEB, consentId });

  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, subjectOf({ subjectId: BOB, loginName: 'bob' }));
    const { client, ...rest } = clientOf(WEB);
    const grants = ['implicit', 'refresh_token'] as const;
    await make(test.store, { ...rest, client: { ...client, grants, redirectUris: [BACK] } });
    await make(test.store, grantOf());
    await make(test.store, grantOf({ subjectId: BOB }));
    login = await loggedIn();
  });

  /** By each way to read, which must agree. */
  async function isTokenLive({ familyId, tokens }: Pick<Issue, 'familyId' | 'tokens'>): Promise<boolean> {
    const { reading } = await test.store.readFamily(TENANT, familyId);
    const [one, two] = [test.store.findFamily?.(TENANT, familyId), await test.store.readFamilies(null, [familyId])];
    expect(two[0]?.reading).toEqual(reading);
    expect(one?.reading ?? reading).toEqual(reading);
    return reading !== undefined && isLive(reading, tokens.accessDigest, test.clock.now);
  }
  const refreshing = async (issue: Issue) =>
    refusalOf(await execute(test.store, refreshOf(issue, { clientId: WEB, tokens: newTokens() })));

  it('carries logins, and ends them when it is withdrawn, with one event', async () => {
    const [other, password] = [await loggedIn(consentIdOf(TENANT, BOB, WEB)), await loggedIn(null)];
    const lives = async () => [await isTokenLive(login), await isTokenLive(other), await isTokenLive(password)];
    expect(await lives()).toEqual([true, true, true]);
    const before = (await revisionOf(test.store)) ?? 0;
    const done = answerOf(await execute(test.store, { ...withdrawal(), authority: 'server' }));
    expect(done).toEqual({ revision: before + 1, withdrawn: true });
    expect(await lives()).toEqual([false, true, true]);
    const [log] = await test.store.readRevocations([{ tenantId: TENANT, after: before }], 9);
    expect(log).toMatchObject({ events: [{ scope: 'consent', key: `${ANN} ${WEB}`, cause: 'consent_withdrawn' }] });
    expect([await refreshing(login), await refreshing(password)]).toEqual(['invalid_refresh_token', undefined]);
    const records = await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 99 });
    expect(records.at(-1)).toMatchObject({
      action: 'withdraw_consent',
      targetId: CONSENT_ID,
      details: `client ${WEB}`,
    });
  });

  it('is withdrawn once, and is told so again', async () => {
    const first = answerOf(await execute(test.store, { ...withdrawal(), authority: 'server' }));
    const again = answerOf(await execute(test.store, { ...withdrawal(), authority: 'server' }));
    expect(again).toEqual({ ...first, withdrawn: false });
  });

  it('revives nothing when it is given anew, and carries what comes then', async () => {
    await make(test.store, withdrawal());
    await make(test.store, grantOf({ scopes: ['write'] }));
    const after = await loggedIn();
    expect([await isTokenLive(login), await isTokenLive(after)]).toEqual([false, true]);
    expect([await refreshing(login), await refreshing(after)]).toEqual(['invalid_refresh_token', undefined]);
  });

  it('of another user or tenant is as unknown', async () => {
    await make(test.store, tenantOf('other'));
    for (const command of [
      withdrawal('co_nothing'),
      withdrawal(CONSENT_ID, 'other'),
      withdrawal(CONSENT_ID, TENANT, BOB),
    ]) {
      expect(refusalOf(await execute(test.store, command))).toBe('not_found');
    }
    expect(await isTokenLive(login)).toBe(true);
    await make(test.store, withdrawal(CONSENT_ID, TENANT, ANN));
    expect(await isTokenLive(login)).toBe(false);
  });

  it('ends what its bearer may do inside a transaction', async () => {
    const proof = { by: 'token', familyId: login.familyId, subjectId: ANN, consentId: CONSENT_ID } as const;
    const clientVersion = (await test.store.readClient(WEB))?.clientVersion ?? -1;
    const authority: readonly CallerAuthority[] = [
      {
        ...{ permission: 'act_for_user', tenantId: TENANT, clientId: WEB, clientVersion },
        proof: { ...proof, expireTime: login.expireTime ?? test.clock.now + 1_000 },
      },
    ];
    const asBearer = async () => refusalOf(await test.store.execute({ ...withdrawal('co_nothing'), authority }));
    expect(await asBearer()).toBe('not_found');
    await make(test.store, withdrawal());
    expect(await asBearer()).toBe('caller_unauthenticated');
  });

  it('goes with its user and its client, and its logins with it', async () => {
    const other = await loggedIn(consentIdOf(TENANT, BOB, WEB));
    await make(test.store, cutOff('user', BOB, 'deleted'));
    expect([await isTokenLive(other), await isTokenLive(login)]).toEqual([false, true]);
    await make(test.store, cutOff('client', WEB, 'deleted'));
    expect(await isTokenLive(login)).toBe(false);
    expect(refusalOf(await execute(test.store, withdrawal()))).toBe('not_found');
  });
}
