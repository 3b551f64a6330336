/** The second factor of a user: turning it on and off, and the second step of a login. */
import { timingSafeEqual } from 'node:crypto';
import type { Change, Decision } from '../changes.ts';
import type { CompleteMfa, Issue, SecondFactor } from '../commands.ts';
import type { ConfirmTotp, EnrolTotp, RemoveTotp } from '../directory-commands.ts';
import type { MfaChallenge, Totp } from '../directory-model.ts';
import { INVALID_CREDENTIALS, INVALID_SECOND_FACTOR } from '../errors.ts';
import { isFamilyLive } from '../liveness.ts';
import type { Digest, Instant, Subject } from '../model.ts';
import type { State } from '../state.ts';
import { INVALID_CODE } from './code.ts';
import { notFound, refuse, subjectOf, unmet } from './decision.ts';
import { begin } from './issue.ts';
import { forgetFailures, lockRefusal } from './login.ts';

/** Asks nothing of a login yet: a secret that did not arrive would lock its user out. */
export function enrolTotp(state: State, command: EnrolTotp, now: Instant): Decision<EnrolTotp> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { tenantId, subjectId, kind, passwordHash } = found.subject;
  const { oldHash, counters = [] } = command;
  const locked = lockRefusal(counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  if (oldHash !== undefined && oldHash !== passwordHash) {
    return refuse(INVALID_CREDENTIALS);
  }
  if (kind !== 'user') {
    return refuse(notFound('user', subjectId));
  }
  if (state.totp?.active === true) {
    return refuse(unmet('The user has a second factor already. Remove it first'));
  }
  if (passwordHash === null) {
    return refuse(unmet('The user has no password that a second factor could follow'));
  }
  const totp: Totp = { subjectId, tenantId, sealed: command.sealed, active: false, lastStep: 0, recoveryDigests: [] };
  return {
    changes: [{ change: 'put_totp', totp }, ...forgetFailures(tenantId, counters, state.loginFailures)],
    outcome: { answer: {} },
  };
}

export function confirmTotp(state: State, command: ConfirmTotp, now: Instant): Decision<ConfirmTotp> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { totp } = state;
  const locked = lockRefusal(command.counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  // Enrolled anew since the code was checked, or by two at once.
  if (totp === undefined || totp.active || !isEqual(totp.sealed, command.sealed)) {
    return refuse(INVALID_CODE);
  }
  const { step: lastStep, recoveryDigests, tenantId, counters } = command;
  return {
    changes: [
      { change: 'put_totp', totp: { ...totp, active: true, lastStep, recoveryDigests } },
      withMfa(found.subject, true),
      ...forgetFailures(tenantId, counters, state.loginFailures),
    ],
    outcome: { answer: {} },
  };
}

/** What the operation found right is looked at again here, where no other guess can come in between. */
export function removeTotp(state: State, command: RemoveTotp, now: Instant): Decision<RemoveTotp> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { subject } = found;
  const { totp } = state;
  const { tenantId, factor, counters = [], onlyUnconfirmed } = command;
  const locked = lockRefusal(counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  if (totp === undefined) {
    return refuse(unmet('The user has no second factor'));
  }
  // Confirmed since it was looked at.
  const isTooLate = onlyUnconfirmed && totp.active;
  if (isTooLate || (factor !== undefined && spend(totp, factor) === undefined)) {
    return refuse(INVALID_SECOND_FACTOR);
  }
  const { subjectId } = subject;
  return {
    changes: [
      { change: 'delete_totp', subjectId },
      withMfa(subject, false),
      ...forgetFailures(tenantId, counters, state.loginFailures),
    ],
    outcome: { answer: {} },
  };
}

function withMfa(subject: Subject, mfaEnabled: boolean): Change {
  return { change: 'update_subject', subject: { ...subject, mfaEnabled }, lostHandles: [], gainedHandles: [] };
}

/** The second step: what the operation found right is looked at again here, where no other can come in between. */
export function completeMfa(state: State, command: CompleteMfa, now: Instant): Decision<CompleteMfa> {
  const locked = lockRefusal(command.counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  const { mfaChallenge: challenge, totp } = state;
  if (challenge === undefined || !isOpen(challenge, state, command, now)) {
    return refuse(INVALID_SECOND_FACTOR);
  }
  const spent = totp?.active === true ? spend(totp, command.factor) : undefined;
  if (spent === undefined) {
    return refuse(INVALID_SECOND_FACTOR);
  }
  const { tenantId, clientId, refreshClientId, familyId, tokens, subjectId, counters } = command;
  const login: Issue = {
    kind: 'issue',
    tenantId,
    clientId,
    refreshClientId,
    subjectKind: 'user',
    subjectId,
    proof: { by: 'password', passwordHash: '' },
    counters,
    scopes: challenge.scopes,
    ...(challenge.tokenExpireTime === null ? {} : { expireTime: challenge.tokenExpireTime }),
    familyId,
    tokens,
  };
  const { changes, outcome } = begin(state, login, now);
  if ('refusal' in outcome) {
    return refuse(outcome.refusal);
  }
  return {
    changes: [
      { change: 'delete_mfa_challenge', digest: challenge.digest },
      { change: 'put_totp', totp: spent },
      ...changes,
    ],
    outcome: { answer: { issued: outcome.answer.issued } },
  };
}

/** Whether the first step still stands: whatever ends a user's tokens ends it too. */
function isOpen(challenge: MfaChallenge, state: State, command: CompleteMfa, now: Instant): boolean {
  const { tenant, client, subject } = state;
  const { tenantId, clientId, refreshClientId, subjectId, issueRevision, expireTime } = challenge;
  const isNamed =
    tenantId === command.tenantId &&
    clientId === command.clientId &&
    refreshClientId === command.refreshClientId &&
    subjectId === command.subjectId;
  const family = { tenantId, issueRevision, expireTime, revokedRevision: null, subjectKind: 'user' } as const;
  return isNamed && tenant !== undefined && isFamilyLive({ family, tenant, client, subject }, now);
}

/** The second factor after this use of it; undefined when it was used before. */
function spend(totp: Totp, factor: SecondFactor): Totp | undefined {
  if (factor.by === 'totp') {
    return isEqual(totp.sealed, factor.sealed) && factor.step > totp.lastStep
      ? { ...totp, lastStep: factor.step }
      : undefined;
  }
  const left = totp.recoveryDigests.filter((digest) => !isEqual(digest, factor.digest));
  return left.length < totp.recoveryDigests.length ? { ...totp, recoveryDigests: left } : undefined;
}

function isEqual(one: Digest, other: Digest): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
