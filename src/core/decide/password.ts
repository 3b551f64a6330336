import type { Change, Decision } from '../changes.ts';
import type { Rehash } from '../commands.ts';
import type { ChangePassword } from '../directory-commands.ts';
import { INVALID_CREDENTIALS } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { voidCode } from './code.ts';
import { endTokensOf, refuse, subjectOf, unmet } from './decision.ts';
import { forgetFailures, lockRefusal } from './login.ts';

/** Every token of the subject dies with its old password: whoever knew that may hold some of them. */
export function changePassword(state: State, command: ChangePassword, now: Instant): Decision<ChangePassword> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { tenant, subject } = found;
  const { tenantId, subjectId, oldHash, newHash, counters = [] } = command;
  const locked = lockRefusal(counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  // By its owner, who must be able to log in, and whose old password may have been changed since it was checked.
  if (oldHash !== undefined && (subject.disabled || tenant.disabled || subject.passwordHash !== oldHash)) {
    return refuse(INVALID_CREDENTIALS);
  }
  if (subject.kind === 'user' && subject.passwordHash === null) {
    return refuse(unmet('The user has no name that a password could go with. Give it one with its first password'));
  }
  const ended = endTokensOf(tenant, { kind: subject.kind, id: subjectId }, 'password_changed', now);
  const changes: Change[] = [
    { change: 'set_password_hash', subjectId, passwordHash: newHash },
    // Whoever asked for it may be whom the password was changed against.
    ...voidCode(subjectId, 'reset_password'),
    ...forgetFailures(tenantId, counters, state.loginFailures),
    ...ended.changes,
  ];
  return { changes, outcome: { answer: { revision: ended.revision, revoked: true } } };
}

/** Replaces a password's hash by a stronger one of the same password; a password changed meanwhile stays. */
export function rehash(state: State, command: Rehash): Decision<Rehash> {
  const { subjectId, oldHash, newHash } = command;
  const isCurrent = state.subject?.passwordHash === oldHash;
  return {
    changes: isCurrent ? [{ change: 'set_password_hash', subjectId, passwordHash: newHash }] : [],
    outcome: { answer: {} },
  };
}
