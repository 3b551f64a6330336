/** Users and devices: registering them, and what changes of them. */
import { mergeAttributes, refuseAttributes } from '../attributes.ts';
import type { Change, Decision } from '../changes.ts';
import type { IssuedRecord } from '../commands.ts';
import type { CreateSubject, NewCode, UpdateSubject } from '../directory-commands.ts';
import type { CodePurpose } from '../directory-model.ts';
import type { Refusal } from '../errors.ts';
import { emailHandle, handlesOf, type LoginHandle } from '../handles.ts';
import type { Instant, JsonText, Subject, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { killCode, newCode } from './code.ts';
import { bornAt, invalid, notFound, refuse, taken, unmet } from './decision.ts';
import { begin } from './issue.ts';

/** More than a household has; each is a word of one row. */
const MOST_OWNERS = 100;

export function createSubject(state: State, command: CreateSubject, now: Instant): Decision<CreateSubject> {
  const { tenantId, subjectId, kind } = command.subject;
  const { tenant } = state;
  if (tenant === undefined) {
    return refuse(notFound('tenant', tenantId));
  }
  if (state.subject !== undefined) {
    return refuse(taken(`${kind}_id`, subjectId));
  }
  const subject = withVerification(
    tenant,
    { email: command.subject.email, phone: command.subject.phone },
    {
      displayName: '',
      attributes: '{}',
      ownerIds: [],
      ...command.subject,
      mfaEnabled: false,
      disabled: false,
      cutoff: bornAt(tenant),
      createTime: now,
    },
  );
  const refusal = takenHandle(state, handlesOf(subject)) ?? refuseOwners(subject.ownerIds);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const changes: Change[] = [{ change: 'insert_subject', subject, handles: handlesOf(subject) }];
  changes.push(...codesFor(state, tenant, subject, command.codes ?? [], now));
  if (command.issue === undefined) {
    return { changes, outcome: { answer: { subject } } };
  }
  const first = firstTokens({ ...state, subject }, subject, command.issue, now);
  return 'refusal' in first
    ? refuse(first.refusal)
    : { changes: [...changes, ...first.changes], outcome: { answer: { subject, issued: first.issued } } };
}

/** The first login of a subject, without a check of the password that it was made with. */
function firstTokens(
  state: State,
  subject: Subject,
  wish: NonNullable<CreateSubject['issue']>,
  now: Instant,
): { changes: readonly Change[]; issued: IssuedRecord } | { refusal: Refusal } {
  const { tenantId, subjectId, kind, passwordHash } = subject;
  const { changes, outcome } = begin(
    state,
    {
      kind: 'issue',
      tenantId,
      ...wish,
      subjectKind: kind,
      subjectId,
      proof: { by: 'password', passwordHash: passwordHash ?? '' },
      counters: [],
    },
    now,
  );
  if ('refusal' in outcome) {
    return outcome;
  }
  return { changes, issued: outcome.answer.issued };
}

export function updateSubject(state: State, command: UpdateSubject, now: Instant): Decision<UpdateSubject> {
  const { tenant, subject: before } = state;
  const { subjectKind, subjectId } = command;
  if (tenant === undefined || before?.tenantId !== command.tenantId || before.kind !== subjectKind) {
    return refuse(notFound(subjectKind, subjectId));
  }
  const owners = ownersOf(before, command);
  if ('refusal' in owners) {
    return refuse(owners.refusal);
  }
  const { firstPasswordHash } = command;
  if (firstPasswordHash !== undefined && before.passwordHash !== null) {
    return refuse(unmet('The user has a password already'));
  }
  const attributes = patchedAttributes(before, command);
  if (typeof attributes !== 'string') {
    return refuse(attributes);
  }
  if (!isAsSeen(before, command)) {
    return refuse(unmet('The address was changed meanwhile'));
  }
  const after = withVerification(tenant, command.set, {
    ...before,
    ...forgetVerification(before, command.set),
    ...command.set,
    attributes,
    ownerIds: owners.ownerIds,
    passwordHash: firstPasswordHash ?? before.passwordHash,
  });
  const refusal = refuseNames(after);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const [had, has] = [handlesOf(before), handlesOf(after)];
  const gainedHandles = without(has, had);
  const clash = takenHandle(state, gainedHandles);
  if (clash !== undefined) {
    return refuse(clash);
  }
  const changes: Change[] = [
    { change: 'update_subject', subject: after, lostHandles: without(had, has), gainedHandles },
    ...changedAddresses(before, after).flatMap((purpose) => killCode(state, subjectId, purpose)),
    ...codesFor(state, tenant, after, (command.codes ?? []).filter(isForChange(before, after)), now),
  ];
  if (firstPasswordHash !== undefined) {
    changes.push({ change: 'set_password_hash', subjectId, passwordHash: firstPasswordHash });
  }
  return { changes, outcome: { answer: { subject: after } } };
}

/** In the transaction, so that two who set different members lose neither. */
function patchedAttributes({ attributes }: Subject, { set, attributesPatch }: UpdateSubject): JsonText | Refusal {
  if (attributesPatch === undefined) {
    return set.attributes ?? attributes;
  }
  const merged = mergeAttributes(set.attributes ?? attributes, attributesPatch);
  return refuseAttributes(merged) ?? merged;
}

/** An address that is replaced by another is as unverified as any new one. */
function forgetVerification(before: Subject, set: UpdateSubject['set']): Partial<Subject> {
  const emailChanges = set.email !== undefined && !sameEmail(set.email, before.email);
  const phoneChanges = set.phone !== undefined && set.phone !== before.phone;
  return { ...(emailChanges ? { emailVerified: false } : {}), ...(phoneChanges ? { phoneVerified: false } : {}) };
}

function sameEmail(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && emailHandle(one).key === emailHandle(other).key;
}

/** Where the tenant asks for no verification, an address that is set counts as verified; one that is absent never does. */
function withVerification({ policy }: Tenant, set: UpdateSubject['set'], subject: Subject): Subject {
  const byPolicy = {
    email: (set.email ?? null) !== null && set.emailVerified !== false && !policy.emailVerificationRequired,
    phone: (set.phone ?? null) !== null && set.phoneVerified !== false && !policy.phoneVerificationRequired,
  };
  return {
    ...subject,
    emailVerified: subject.email !== null && (subject.emailVerified || byPolicy.email),
    phoneVerified: subject.phone !== null && (subject.phoneVerified || byPolicy.phone),
  };
}

/** An address that is marked as verified must be the one that was looked at, for that is the one whose look-up name was loaded. */
function isAsSeen(before: Subject, { set, seen = {} }: UpdateSubject): boolean {
  const email = set.email !== undefined || set.emailVerified !== true || seen.email === before.email;
  const phone = set.phone !== undefined || set.phoneVerified !== true || seen.phone === before.phone;
  return email && phone;
}

function changedAddresses(before: Subject, after: Subject): CodePurpose[] {
  return [
    ...(before.email === after.email ? [] : (['verify_email'] as const)),
    ...(before.phone === after.phone ? [] : (['verify_phone'] as const)),
  ];
}

/** A user logs in by a name and a password; a pseudo user has neither. */
function refuseNames({ kind, loginName, email, phone, passwordHash }: Subject): Refusal | undefined {
  if (kind === 'device') {
    return undefined;
  }
  const isNamed = loginName !== null || email !== null || phone !== null;
  if (isNamed && passwordHash === null) {
    return invalid('A user with a name needs a password', 'password');
  }
  if (!isNamed && passwordHash !== null) {
    return invalid('A user with a password needs a login name, an e-mail address or a phone number', 'login_name');
  }
  return undefined;
}

function ownersOf(
  { ownerIds }: Subject,
  { set, addOwnerId, removeOwnerId, subjectId }: UpdateSubject,
): { ownerIds: readonly string[] } | { refusal: Refusal } {
  const given = set.ownerIds ?? ownerIds;
  if (addOwnerId !== undefined && given.includes(addOwnerId)) {
    return { refusal: taken('owner_id', addOwnerId) };
  }
  if (removeOwnerId !== undefined && !given.includes(removeOwnerId)) {
    return { refusal: notFound('owner', `${removeOwnerId} of the device ${subjectId}`) };
  }
  const left = given.filter((id) => id !== removeOwnerId);
  const owners = addOwnerId === undefined ? left : [...left, addOwnerId];
  const refusal = refuseOwners(owners);
  return refusal === undefined ? { ownerIds: owners } : { refusal };
}

function refuseOwners({ length }: readonly string[]): Refusal | undefined {
  return length > MOST_OWNERS ? invalid(`A device can have ${MOST_OWNERS} owners at most`, 'owner_ids') : undefined;
}

function isForChange(before: Subject, after: Subject): (code: NewCode) => boolean {
  return ({ purpose }) => (purpose === 'verify_email' ? after.email !== before.email : after.phone !== before.phone);
}

/**
 * Those of the codes whose address is there and not verified. One that was sent too many already gets none, and nothing else fails
 * for it.
 */
function codesFor(state: State, tenant: Tenant, subject: Subject, codes: readonly NewCode[], now: Instant): Change[] {
  return codes.flatMap((code) => {
    const [address, isVerified] =
      code.purpose === 'verify_email' ? [subject.email, subject.emailVerified] : [subject.phone, subject.phoneVerified];
    const sent = address === null || isVerified ? undefined : newCode(state, tenant, subject, code, address, now);
    return sent === undefined || 'refusal' in sent ? [] : sent.changes;
  });
}

function takenHandle({ takenHandles }: State, wanted: readonly LoginHandle[]): Refusal | undefined {
  const clash = wanted.find(({ kind, key }) => takenHandles.some((other) => other.kind === kind && other.key === key));
  return clash && taken(clash.kind, clash.key);
}

function without(handles: readonly LoginHandle[], others: readonly LoginHandle[]): LoginHandle[] {
  return handles.filter(({ kind, key }) => !others.some((other) => other.kind === kind && other.key === key));
}
