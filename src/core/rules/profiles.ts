/** What holds of every user and device: which names it takes, who owns it, and which codes it is sent. */

import type { Change } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import { hasIdForm } from '../ids.ts';
import type { Instant } from '../model.ts';
import { each } from '../plan.ts';
import { HANDLE, type Handle, type Subject, type SubjectProfile } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { handlesOf, type LoginHandle } from '../text/handles.ts';
import { unproven } from './addresses.ts';
import { type CodeState, type NewCode, newCode } from './codes.ts';
import { invalid, taken } from './refusals.ts';

/** More than a household has; each is a word of one row. */
const MAX_OWNERS = 100;

/** Those of the names that somebody has. */
export function readHandles(tenantId: string, handles: readonly LoginHandle[]) {
  return each(
    HANDLE,
    handles.flatMap(({ kind, key }) => (kind === 'subject_id' ? [] : [{ tenantId, kind, key }])),
  );
}

export function refuseTaken(takenHandles: readonly Handle[], wanted: readonly LoginHandle[]): Refusal | undefined {
  const clash = wanted.find((handle) => takenHandles.some((other) => isSame(handle, other)));
  return clash && taken(clash.kind, clash.key);
}

/**
 * A name that somebody chooses must not be taken for another's id, nor an address for a name with its kind before it: who is looked
 * up by what was written down would be another (decision 0073).
 */
export function refuseMisleading({ loginName, vendorId, email }: Partial<SubjectProfile>): Refusal | undefined {
  if (typeof loginName === 'string' && hasIdForm(loginName)) {
    return invalid('login_name must not have the form of an id', 'login_name', loginName);
  }
  if (typeof vendorId === 'string' && hasIdForm(vendorId)) {
    return invalid('vendor_id must not have the form of an id', 'vendor_id', vendorId);
  }
  if (typeof email === 'string' && email.split('@', 1)[0]?.includes(':')) {
    return invalid('email must not have a colon before its @', 'email', email);
  }
  return undefined;
}

/** Those that are not among the others. */
export function without(handles: readonly LoginHandle[], others: readonly LoginHandle[]): LoginHandle[] {
  return handles.filter((handle) => !others.some((other) => isSame(handle, other)));
}

function isSame(one: Pick<LoginHandle, 'kind' | 'key'>, other: Pick<LoginHandle, 'kind' | 'key'>): boolean {
  return one.kind === other.kind && one.key === other.key;
}

export function handleRow({ tenantId, subjectId }: Subject, { kind, key }: LoginHandle): Handle {
  return { tenantId, kind: kind as Handle['kind'], key, subjectId };
}

/** The names that a subject loses and gains. */
export function movedHandles(before: Subject, after: Subject): { lost: LoginHandle[]; gained: LoginHandle[] } {
  const [had, has] = [handlesOf(before), handlesOf(after)];
  return { lost: without(had, has), gained: without(has, had) };
}

export function changedFields(before: Subject, after: Subject): Partial<Subject> {
  return Object.fromEntries(
    Object.entries(after).filter(([field, value]) => value !== before[field as keyof Subject]),
  ) as Partial<Subject>;
}

export function refuseOwners({ length }: readonly string[]): Refusal | undefined {
  return length > MAX_OWNERS ? invalid(`owner_ids must have at most ${MAX_OWNERS} entries`, 'owner_ids') : undefined;
}

/**
 * Those of the codes whose address is there and not proven. One that was sent too many already gets none, and nothing else fails
 * for it.
 */
export function codesFor(
  state: CodeState,
  tenant: Tenant,
  subject: Subject,
  codes: readonly NewCode[],
  now: Instant,
): Change[] {
  return codes.flatMap((code) => {
    const address = unproven(subject, code.purpose);
    const sent = address === null ? undefined : newCode(state, tenant, subject, code, address, now);
    return sent === undefined || 'refusal' in sent ? [] : sent.changes;
  });
}

/** A user logs in by a name and a password; a pseudo user has neither. */
export function refuseNames({ kind, loginName, email, phone, passwordHash }: Subject): Refusal | undefined {
  if (kind === 'device') {
    return undefined;
  }
  const isNamed = loginName !== null || email !== null || phone !== null;
  if (isNamed && passwordHash === null) {
    return invalid('password is missing: a user with a name needs one', 'password');
  }
  if (!isNamed && passwordHash !== null) {
    return invalid('A user with a password needs a login name, an e-mail address or a phone number', 'login_name');
  }
  return undefined;
}
