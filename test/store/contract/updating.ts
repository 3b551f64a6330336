import { expect, it } from 'vitest';
import type { AddClientSecret } from '../../../src/core/commands/add-client-secret.ts';
import type { ChangePassword } from '../../../src/core/commands/change-password.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  begin,
  HASH,
  isPairLive,
  issueOf,
  makeAcme,
  refreshOf,
  refusalOf,
  revisionOf,
  settingsOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { findById } from '../people.ts';

const NEW_HASH = '$argon2id$new';
const HOUR = 3_600_000;

function changePassword(overrides: Partial<ChangePassword> = {}): ChangePassword {
  return { kind: 'change_password', tenantId: TENANT, subjectId: ANN, newHash: NEW_HASH, ...overrides };
}

function addSecret(secretId: string, overrides: Partial<AddClientSecret> = {}): AddClientSecret {
  const secret = { secretId, digest: aDigest(), expireTime: null };
  return { kind: 'add_client_secret', tenantId: TENANT, clientId: APP, secret, endTokens: false, ...overrides };
}

export function updating(test: UnderTest): void {
  it('changes of a tenant what is given, and nothing else', async () => {
    await makeAcme(test.store);
    const before = await settingsOf(test.store);
    const policy = { defaultTokenLifetimeMs: HOUR, refreshEnabled: false, loginAttempts: 3, resetCodeLifetimeMs: 7 };

    const outcome = await execute(test.store, { kind: 'update_tenant', tenantId: TENANT, policy });

    const after = { ...before, policy: { ...before?.policy, ...policy } };
    expect(answerOf(outcome).tenant).toMatchObject(after);
    expect(await settingsOf(test.store)).toEqual(after);
    await make(test.store, { kind: 'update_tenant', tenantId: TENANT, displayName: 'Acme & Söhne' });
    expect(await settingsOf(test.store)).toEqual({ ...after, displayName: 'Acme & Söhne' });
  });

  it('refuses a policy that contradicts itself, and a tenant that is not there', async () => {
    await makeAcme(test.store, { longestTokenLifetimeMs: 2 * HOUR, defaultTokenLifetimeMs: HOUR });
    const before = await settingsOf(test.store);
    const update = { kind: 'update_tenant', tenantId: TENANT, policy: { longestTokenLifetimeMs: HOUR - 1 } } as const;
    expect(refusalOf(await execute(test.store, update))).toBe('invalid_argument');
    expect(refusalOf(await execute(test.store, { ...update, tenantId: 'nobody' }))).toBe('not_found');
    expect(await settingsOf(test.store)).toEqual(before);
  });

  it('ends every token of a user whose password changes, in one event, and lets the new password in', async () => {
    await makeAcme(test.store);
    const logins = [await begin(test.store), await begin(test.store)];

    const { revision, revoked } = answerOf(await execute(test.store, changePassword({ oldHash: HASH })));

    expect({ revision, revoked }).toEqual({ revision: 1, revoked: true });
    expect(await revisionOf(test.store)).toBe(1);
    for (const login of logins) {
      expect(await isPairLive(test, login)).toBe(false);
      expect(refusalOf(await execute(test.store, refreshOf(login)))).toBe('invalid_refresh_token');
    }
    expect(refusalOf(await execute(test.store, issueOf()))).toBe('invalid_credentials');
    const proof = { by: 'password', passwordHash: NEW_HASH } as const;
    expect(await isPairLive(test, await begin(test.store, { proof }))).toBe(true);
  });

  it('takes no password change whose old password was changed meanwhile, or whose owner is disabled', async () => {
    await makeAcme(test.store);
    const login = await begin(test.store);
    expect(refusalOf(await execute(test.store, changePassword({ oldHash: 'another' })))).toBe('invalid_credentials');
    expect(refusalOf(await execute(test.store, changePassword({ subjectId: 'user-bob' })))).toBe('not_found');
    await make(test.store, tenantOf('other'));
    expect(refusalOf(await execute(test.store, changePassword({ tenantId: 'other' })))).toBe('not_found');
    expect(await isPairLive(test, login)).toBe(true);

    const target = { kind: 'user', id: ANN } as const;
    await make(test.store, { kind: 'cut_off', tenantId: TENANT, target, cause: 'disabled' });
    expect(refusalOf(await execute(test.store, changePassword({ oldHash: HASH })))).toBe('invalid_credentials');
    // An admin may, and the user stays disabled.
    answerOf(await execute(test.store, changePassword()));
    const proof = { by: 'password', passwordHash: NEW_HASH } as const;
    expect(refusalOf(await execute(test.store, issueOf({ proof })))).toBe('invalid_credentials');
  });

  it('lets exactly one of twenty parallel changes from one old password win', async () => {
    await makeAcme(test.store);
    const changes = Array.from({ length: 20 }, (_, i) => changePassword({ oldHash: HASH, newHash: `new-${i}` }));

    const outcomes = await Promise.all(changes.map((change) => execute(test.store, change)));

    const won = changes.filter((_, i) => 'answer' in (outcomes[i] ?? {}));
    expect(won).toHaveLength(1);
    const subject = await findById(test.store, ANN);
    expect(subject?.passwordHash).toBe(won[0]?.newHash);
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('lets secrets of a client overlap, and changes what is known of it', async () => {
    await makeAcme(test.store);
    const before = await test.store.readClient(APP);
    const expireTime = test.clock.now + HOUR;

    const answer = answerOf(await execute(test.store, addSecret('cs_2', { othersExpireTime: expireTime })));

    expect(answer).toEqual({ revision: 0, revoked: false });
    const after = await test.store.readClient(APP);
    const expiries = after?.secrets.map((secret) => [secret.secretId, secret.expireTime]);
    expect(new Map(expiries as [string, number | null][])).toEqual(
      new Map([
        ['cs_app', expireTime],
        ['cs_2', null],
      ]),
    );
    expect(after?.clientVersion).toBeGreaterThan(before?.clientVersion ?? Number.POSITIVE_INFINITY);
    // A time that is set already is never moved further.
    await make(test.store, addSecret('cs_3', { othersExpireTime: expireTime + HOUR }));
    const again = (await test.store.readClient(APP))?.secrets.find(({ secretId }) => secretId === 'cs_app');
    expect(again?.expireTime).toBe(expireTime);
  });

  it('ends the tokens of a client whose secret is reset', async () => {
    await makeAcme(test.store);
    const login = await begin(test.store);
    const reset = addSecret('cs_2', { othersExpireTime: test.clock.now, endTokens: true });
    expect(answerOf(await execute(test.store, reset))).toEqual({ revision: 1, revoked: true });
    expect(await isPairLive(test, login)).toBe(false);
    expect(await isPairLive(test, await begin(test.store))).toBe(true);
  });

  it('gives no secret to a public client, to nobody, to another tenant’s, nor an eleventh', async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf('other'));
    expect(refusalOf(await execute(test.store, addSecret('x', { clientId: TENANT })))).toBe('invalid_argument');
    expect(refusalOf(await execute(test.store, addSecret('x', { clientId: 'nobody' })))).toBe('not_found');
    expect(refusalOf(await execute(test.store, addSecret('x', { tenantId: 'other' })))).toBe('not_found');
    for (let i = 0; i < 9; i++) {
      await make(test.store, addSecret(`cs_${i}`));
    }
    expect(refusalOf(await execute(test.store, addSecret('cs_10')))).toBe('invalid_argument');
    // Those that end now make room.
    await make(test.store, addSecret('cs_10', { othersExpireTime: test.clock.now }));
  });
}
