/** What a store of the first schema holds: a tenant with a client, a user who is logged in, and a device. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { AUDIT_START } from '../../src/core/audit.ts';
import { DEFAULT_POLICY } from '../../src/core/lifetimes.ts';
import type { Store } from '../../src/core/store.ts';
import { make } from '../support.ts';
import { ANN, APP, answerOf, HASH, issueOf, refreshOf, settingsOf, TENANT } from './fixtures.ts';
import { EMAIL, plain, redeemOf, sendOf } from './people.ts';

const DIGEST = new Uint8Array(createHash('sha256').update('access').digest());
const REFRESH_DIGEST = new Uint8Array(createHash('sha256').update('refresh').digest());
const ISSUED = Date.UTC(2029, 11, 31);
const EXPIRES = Date.UTC(2030, 5, 1);

/** `flags` and `bytes` are how the engine writes them. */
export function rowsOfStepOne(flags: readonly [no: string, yes: string], bytes: (hex: string) => string): string {
  const [no, yes] = flags;
  const [digest, refreshDigest] = [DIGEST, REFRESH_DIGEST].map((each) => bytes(Buffer.from(each).toString('hex')));
  return `
    INSERT INTO tenant (tenant_id, display_name, disabled, default_token_lifetime_ms, longest_token_lifetime_ms, refresh_enabled,
      refresh_lifetime_ms, refresh_repeat_window_ms, login_attempts, login_window_ms, login_lock_period_ms, revision, cutoff,
      create_time)
    VALUES ('${TENANT}', 'Acme', ${no}, 3600000, 7200000, ${yes}, 90000, 600, 7, 8, 9, 3, 1, ${ISSUED});
    INSERT INTO client (client_id, tenant_id, display_name, confidential, roles, scopes, disabled, cutoff, create_time)
    VALUES ('${APP}', '${TENANT}', 'App', ${yes}, 'admin', 'read write', ${no}, 2, ${ISSUED});
    INSERT INTO client_secret (client_id, secret_id, digest, expire_time) VALUES ('${APP}', 'cs_1', ${digest}, NULL);
    INSERT INTO subject (subject_id, tenant_id, kind, password_hash, disabled, cutoff, create_time, login_name, email,
      email_verified, phone, phone_verified, vendor_id)
    VALUES ('${ANN}', '${TENANT}', 'user', '${HASH}', ${no}, 0, ${ISSUED}, 'ann', '${EMAIL}', ${no}, NULL, ${no}, NULL),
      ('th.1', '${TENANT}', 'device', NULL, ${no}, 0, ${ISSUED}, NULL, NULL, ${no}, NULL, ${no}, 'lamp');
    INSERT INTO handle (tenant_id, kind, key, subject_id) VALUES ('${TENANT}', 'login_name', 'ann', '${ANN}');
    INSERT INTO family (family_id, tenant_id, client_id, refresh_client_id, subject_kind, subject_id, kind, scopes, generation,
      issue_revision, issue_time, expire_time)
    VALUES ('fm_1', '${TENANT}', '${APP}', '${APP}', 'user', '${ANN}', 'USER', 'read', 0, 3, ${ISSUED}, ${EXPIRES});
    INSERT INTO token (digest, token_id, family_id, generation, is_refresh, issue_time, expire_time, keep_until)
    VALUES (${digest}, 'tk_1', 'fm_1', 0, ${no}, ${ISSUED}, ${EXPIRES}, ${EXPIRES}),
      (${refreshDigest}, 'tk_2', 'fm_1', 0, ${yes}, ${ISSUED}, ${EXPIRES}, ${EXPIRES});
  `;
}

/** That a store which was migrated has all of it, with the defaults of what is new, and goes on. */
export async function expectMigrated(store: Store): Promise<void> {
  const policy = {
    ...DEFAULT_POLICY,
    defaultTokenLifetimeMs: 3_600_000,
    longestTokenLifetimeMs: 7_200_000,
    refreshEnabled: true,
    refreshLifetimeMs: 90_000,
    refreshRepeatWindowMs: 600,
    loginAttempts: 7,
    loginWindowMs: 8,
    loginLockPeriodMs: 9,
  };
  const tenant = { tenantId: TENANT, displayName: 'Acme', disabled: false, revision: 3, cutoff: 1, createTime: ISSUED };
  expect(await settingsOf(store)).toEqual({ ...tenant, policy });
  expect(plain(await store.readTenant(TENANT))).toMatchObject({ auditSequence: 0, auditHash: AUDIT_START });
  expect(await store.listClients(TENANT, { limit: 9 })).toMatchObject([{ clientId: APP, roles: ['admin'], cutoff: 2 }]);

  const [ann] = await store.listSubjects(TENANT, 'user', { limit: 9 });
  const unsaid = { displayName: '', attributes: '{}', ownerIds: [], mfaEnabled: false };
  expect(ann).toMatchObject({ subjectId: ANN, loginName: 'ann', email: EMAIL, emailVerified: false, ...unsaid });
  expect(await store.findSubject(TENANT, { kind: 'login_name', key: 'ann' })).toEqual(ann);
  const of = { subjectKind: 'user', subjectId: ANN } as const;
  const [listing] = await store.listFamilies(TENANT, of, { now: ISSUED, leastRevision: 0 }, { limit: 9 });
  expect(listing?.family).toMatchObject({ familyId: 'fm_1', generation: 0, scopes: ['read'] });
  expect(listing?.tokens.map(({ tokenId }) => tokenId)).toEqual(['tk_1', 'tk_2']);
  expect((await store.readToken(TENANT, DIGEST)).reading?.token.tokenId).toBe('tk_1');

  answerOf(await store.execute(refreshOf(REFRESH_DIGEST)));
  answerOf(await store.execute(issueOf()));
  const sent = sendOf();
  await make(store, sent);
  await make(store, redeemOf(sent));
  const log = await store.listAuditRecords(TENANT, { limit: 9 });
  expect(log.map(({ sequence, action }) => [sequence, action])).toEqual([
    [1, 'send_code'],
    [2, 'redeem_code'],
  ]);
}
