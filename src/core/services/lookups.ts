/** Reads that several operations make. */

import { one } from '../plan.ts';
import { type FailureCounter, readCounters } from '../rules/counters.ts';
import type { LoginFailures } from '../tables/login-failures.ts';
import { SINGLE_USE, type SingleUse, type SingleUsePurpose } from '../tables/single-use.ts';
import { HANDLE, SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import type { LoginHandle } from '../text/handles.ts';
import type { Store } from './store.ts';

type Reader = Pick<Store, 'read'>;

export async function readTenant(store: Reader, tenantId: string): Promise<Tenant | undefined> {
  return (await store.read({ tenant: one(TENANT, { tenantId }) })).tenant;
}

/** A name that nobody can have. */
const NOBODY: LoginHandle = { kind: 'login_name', key: '' };

/**
 * A subject of another tenant is as unknown. What nobody has, and what can be no name (undefined), takes as many reads as a name that
 * somebody has, so that the time tells nothing.
 */
export async function findSubject(
  store: Reader,
  tenantId: string,
  { kind, key }: LoginHandle = NOBODY,
): Promise<Subject | undefined> {
  if (kind === 'subject_id') {
    return (await store.read({ subject: one(SUBJECT, { subjectId: key, tenantId }) })).subject;
  }
  const { handle } = await store.read({ handle: one(HANDLE, { tenantId, kind, key }) });
  const subjectId = handle?.subjectId ?? '';
  return (await store.read({ subject: one(SUBJECT, { subjectId, tenantId }) })).subject;
}

export async function readFailures(
  store: Reader,
  tenantId: string,
  counters: readonly FailureCounter[],
): Promise<readonly LoginFailures[]> {
  return (await store.read({ failures: readCounters(tenantId, counters) })).failures;
}

export async function readSingleUse(
  store: Reader,
  tenantId: string,
  purpose: SingleUsePurpose,
  digest: Uint8Array,
): Promise<SingleUse | undefined> {
  return (await store.read({ found: one(SINGLE_USE, { digest, tenantId, purpose }) })).found;
}
