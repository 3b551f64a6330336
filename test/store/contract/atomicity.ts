import { expect, it } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import { findSubject, readFailures, readTenant } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  aFamilyId,
  answerOf,
  begin,
  clientOf,
  isPairLive,
  isRepeated,
  issueOf,
  makeAcme,
  newTokens,
  refreshOf,
  refusalOf,
  settingsOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { completeOf, EMAIL, enableMfa, findById, makePerson, redeemOf, sendOf } from '../people.ts';
import { changedTables, rowsOf } from '../rows.ts';

const OTHER = 'other';
const ANNS = [{ key: `subject:${ANN}`, kind: 'name' }] as const;
const taken = { refusal: { code: 'already_exists' } };

export function atomicity(test: UnderTest): void {
  it('refuses an id that a tenant or a client has, and makes no half of a tenant', async () => {
    await makeAcme(test.store);
    const before = await settingsOf(test.store);

    const again = { ...tenantOf(TENANT), displayName: 'Changed' };
    expect(await execute(test.store, again)).toMatchObject(taken);
    expect(await execute(test.store, tenantOf(APP))).toMatchObject(taken);
    expect(await settingsOf(test.store)).toEqual(before);
    expect(await readTenant(test.store, APP)).toBeUndefined();
  });

  it('refuses a client id that is taken in any tenant, and adds no secret to who has it', async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf(OTHER));
    const before = await test.store.readClient(APP);

    expect(await execute(test.store, { ...clientOf(APP), secret: secret('cs_2') })).toMatchObject(taken);
    expect(await execute(test.store, { ...clientOf(APP, OTHER), secret: secret('cs_3') })).toMatchObject(taken);
    expect(await test.store.readClient(APP)).toEqual(before);
  });

  it('refuses a subject of whose names one is taken, and keeps the other names free', async () => {
    await make(test.store, tenantOf(TENANT));
    const names = {
      loginName: 'ann',
      email: 'ann@example.com',
      emailVerified: true,
      phone: '+819012341234',
      phoneVerified: true,
    };
    await make(test.store, subjectOf(names));

    for (const clash of ['loginName', 'email', 'phone'] as const) {
      const free = { loginName: 'bob', email: 'bob@example.com', phone: '+819012340000' };
      const asked = { ...names, ...free, [clash]: names[clash].toUpperCase(), subjectId: 'user-bob' };
      expect(await execute(test.store, subjectOf(asked)), clash).toMatchObject(taken);
      expect(await findById(test.store, 'user-bob')).toBeUndefined();
    }
    await make(
      test.store,
      subjectOf({
        ...names,
        subjectId: 'user-bob',
        loginName: 'bob',
        email: 'bob@example.com',
        phone: '+819012340000',
      }),
    );
  });

  it('refuses a subject id that is taken, and gives its owner no new name', async () => {
    await makeAcme(test.store);

    expect(await execute(test.store, subjectOf({ loginName: 'eve' }))).toMatchObject(taken);
    expect(await findSubject(test.store, TENANT, { kind: 'login_name', key: 'eve' })).toBeUndefined();
  });

  it('keeps nothing of an issue whose family can’t be stored', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const { familyId } = first;
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const second = issueOf({ familyId, request });
    const before = await rowsOf(test.store);

    await expect(execute(test.store, second)).rejects.toBeInstanceOf(SymbolonError);

    expect(await rowsOf(test.store)).toEqual(before);
    expect(await isPairLive(test, first)).toBe(true);
    const retried = answerOf(await execute(test.store, { ...second, familyId: aFamilyId() }));
    expect(isRepeated(retried)).toBe(false);
  });

  it('keeps nothing of a second step whose family can’t be stored: step, code and failures stay as they were', async () => {
    await makeAcme(test.store);
    const { familyId } = await begin(test.store);
    const sealed = await enableMfa(test.store);
    const pendingDigest = aDigest();
    await make(test.store, issueOf({ pendingDigest }));
    await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters: ANNS, end: 'wrong', failed: [] });
    const complete = completeOf(pendingDigest, { by: 'totp', sealed, step: 9 }, { counters: ANNS, familyId });
    const before = await rowsOf(test.store);

    await expect(execute(test.store, complete)).rejects.toBeInstanceOf(SymbolonError);

    expect(await rowsOf(test.store)).toEqual(before);
    await make(test.store, { ...complete, familyId: aFamilyId() });
  });

  it('keeps nothing of a registration whose family can’t be stored, which is the last that is written of it', async () => {
    await makeAcme(test.store);
    const { familyId } = await begin(test.store);
    const issue = { clientId: APP, refreshClientId: APP, scopes: [], familyId, tokens: newTokens() };
    const codes = [sendOf().code];
    const bob = { ...subjectOf({ subjectId: 'user-bob', loginName: 'bob', email: EMAIL }), issue, codes };
    const before = await rowsOf(test.store);

    await expect(execute(test.store, bob)).rejects.toBeInstanceOf(SymbolonError);

    expect(await rowsOf(test.store)).toEqual(before);
    await make(test.store, { ...bob, issue: { ...issue, familyId: aFamilyId() } });
    expect(changedTables(before, await rowsOf(test.store))).toEqual([
      ...['tenant', 'subject', 'handle', 'family', 'login_failures', 'code', 'message', 'audit'],
    ]);
  });

  it('keeps the code before one whose message can’t be stored', async () => {
    await makeAcme(test.store);
    await makePerson(test.store, 'user-bob');
    const first = sendOf({}, 'user-bob');
    await make(test.store, first);
    const before = await rowsOf(test.store);
    const { messageId } = first.code;

    await expect(execute(test.store, sendOf({ messageId }, 'user-bob'))).rejects.toBeInstanceOf(SymbolonError);

    expect(await rowsOf(test.store)).toEqual(before);
    await make(test.store, redeemOf(first));
  });

  it('keeps the failed logins that an issue would have forgotten when it fails at last', async () => {
    await makeAcme(test.store);
    await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters: ANNS, end: 'wrong', failed: [] });
    const { familyId } = await begin(test.store);

    await expect(execute(test.store, issueOf({ familyId, counters: ANNS }))).rejects.toThrow();

    expect(await readFailures(test.store, TENANT, ANNS)).toMatchObject([{ count: 1 }]);
  });

  it('lets a command that fails harm none of those beside it', async () => {
    await makeAcme(test.store);
    const used = await begin(test.store);
    const commands = Array.from({ length: 30 }, (_, i) => issueOf(i % 3 === 1 ? { familyId: used.familyId } : {}));

    const results = await Promise.allSettled(commands.map((command) => execute(test.store, command)));

    expect(results.map(({ status }) => status)).toEqual(
      commands.map(({ familyId }) => (familyId === used.familyId ? 'rejected' : 'fulfilled')),
    );
    for (const command of commands) {
      expect(await isPairLive(test, command)).toBe(command.familyId !== used.familyId);
    }
    expect(await isPairLive(test, used)).toBe(true);
  });

  it('commits what a refusal changes: an old refresh token ends its family', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const first = await begin(test.store);
    await make(test.store, refreshOf(first));

    const outcome = await execute(test.store, refreshOf(first));

    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    const { reading, revision } = await test.store.readFamily(TENANT, first.familyId);
    expect({ revision, revokedRevision: reading?.family.revokedRevision }).toEqual({ revision: 1, revokedRevision: 1 });
  });
}

function secret(secretId: string) {
  return { secretId, digest: aDigest(), expireTime: null };
}
