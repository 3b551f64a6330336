import { expect, it } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  begin,
  clientOf,
  generationOf,
  isRepeated,
  issueOf,
  makeAcme,
  newTokens,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  settingsOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const OTHER = 'other';
const taken = { refusal: { code: 'already_exists' } };

export function atomicity(test: UnderTest): void {
  it('refuses an id that a tenant or a client has, and makes no half of a tenant', async () => {
    await makeAcme(test.store);
    const before = await settingsOf(test.store);

    const again = { ...tenantOf(TENANT), displayName: 'Changed' } as ReturnType<typeof tenantOf>;
    expect(await test.store.execute(again)).toMatchObject(taken);
    expect(await test.store.execute(tenantOf(APP))).toMatchObject(taken);
    expect(await settingsOf(test.store)).toEqual(before);
    expect(await test.store.readTenant(APP)).toBeUndefined();
  });

  it('refuses a client id that is taken in any tenant, and adds no secret to who has it', async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf(OTHER));
    const before = await test.store.readClient(APP);

    expect(await test.store.execute({ ...clientOf(APP), secret: secret('cs_2') })).toMatchObject(taken);
    expect(await test.store.execute({ ...clientOf(APP, OTHER), secret: secret('cs_3') })).toMatchObject(taken);
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
      expect(await test.store.execute(subjectOf(asked)), clash).toMatchObject(taken);
      expect(await test.store.findSubject(TENANT, { kind: 'subject_id', key: 'user-bob' })).toBeUndefined();
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

    expect(await test.store.execute(subjectOf({ loginName: 'eve' }))).toMatchObject(taken);
    expect(await test.store.findSubject(TENANT, { kind: 'login_name', key: 'eve' })).toBeUndefined();
  });

  it('keeps nothing of an issue whose refresh token can’t be stored', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const tokens = { ...newTokens(), refreshDigest: first.tokens.refreshDigest };
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: aDigest() };
    const second = issueOf({ tokens, request });

    await expect(test.store.execute(second)).rejects.toBeInstanceOf(SymbolonError);

    expect(await readingOf(test.store, tokens.accessDigest)).toBeUndefined();
    await make(test.store, revokeFamily(second.familyId));
    expect(await revisionOf(test.store)).toBe(0);
    const retried = answerOf(await test.store.execute({ ...second, tokens: newTokens() }));
    expect(isRepeated(retried)).toBe(false);
  });

  it('keeps nothing of a refresh whose access token can’t be stored', async () => {
    await makeAcme(test.store);
    const { tokens } = await begin(test.store);
    const clashing = { ...newTokens(), accessTokenId: tokens.accessTokenId };

    await expect(test.store.execute(refreshOf(tokens.refreshDigest, { tokens: clashing }))).rejects.toThrow();

    expect(await generationOf(test.store, tokens.accessDigest)).toBe(0);
    const retried = answerOf(await test.store.execute(refreshOf(tokens.refreshDigest)));
    expect(isRepeated(retried)).toBe(false);
  });

  it('keeps the failed logins that an issue would have forgotten when it fails at last', async () => {
    await makeAcme(test.store);
    const counters = [{ key: `subject:${ANN}`, kind: 'name' }] as const;
    await make(test.store, { kind: 'fail_login', tenantId: TENANT, counters });
    const { tokens } = await begin(test.store);

    await expect(test.store.execute(issueOf({ tokens, counters }))).rejects.toThrow();

    expect(await test.store.readLoginFailures(TENANT, [`subject:${ANN}`])).toMatchObject([{ count: 1 }]);
  });

  it('lets a command that fails harm none of those beside it', async () => {
    await makeAcme(test.store);
    const { tokens: used } = await begin(test.store);
    const commands = Array.from({ length: 30 }, (_, i) => issueOf(i % 3 === 1 ? { tokens: used } : {}));

    const results = await Promise.allSettled(commands.map((command) => test.store.execute(command)));

    expect(results.map(({ status }) => status)).toEqual(
      commands.map(({ tokens }) => (tokens === used ? 'rejected' : 'fulfilled')),
    );
    for (const { tokens, familyId } of commands) {
      const reading = await readingOf(test.store, tokens.refreshDigest);
      expect(reading?.family.familyId === familyId).toBe(tokens !== used);
    }
  });

  it('commits what a refusal changes: an old refresh token ends its family', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const { tokens } = await begin(test.store);
    const refreshed = refreshOf(tokens.refreshDigest);
    await make(test.store, refreshed);

    const outcome = await test.store.execute(refreshOf(tokens.refreshDigest));

    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    const { reading, revision } = await test.store.readToken(TENANT, refreshed.tokens.accessDigest);
    expect({ revision, revokedRevision: reading?.family.revokedRevision }).toEqual({ revision: 1, revokedRevision: 1 });
  });
}

function secret(secretId: string) {
  return { secretId, digest: aDigest(), expireTime: null };
}
