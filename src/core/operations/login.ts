/** Proving a user or device by its password, in the same time and with the same answer whichever half is wrong. */
import type { Proof } from '../commands/issue.ts';
import { INVALID_CREDENTIALS } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import { addressCounters, type FailureCounter, nameCounter } from '../rules/counters.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { LoginHandle } from '../text/handles.ts';
import type { Password } from '../text/passwords.ts';
import type { Call } from './authenticate.ts';
import { guess } from './guess.ts';
import { hashOfName } from './notes.ts';

export interface Login {
  readonly subject: Subject;
  readonly proof: Extract<Proof, { by: 'password' }>;
  /** What the command forgets that the password is for. */
  readonly counters: readonly FailureCounter[];
}

/** Whose password it is, and what the caller needs for what the login is for. */
export interface PasswordGuess {
  readonly permission: Permission;
  readonly kind: Subject['kind'];
  /** Undefined for what can be nobody's name. */
  readonly handle: LoginHandle | undefined;
  /** The name as it was given. */
  readonly username: string;
  readonly password: Password;
  /** Work that both a right and a wrong password cost, done before the check. */
  readonly prepare?: () => Promise<void>;
}

/**
 * Checks a password, and does what it is for. Throws the same `invalid_credentials` for an unknown, disabled or wrongly proven subject,
 * and `login_locked` after too many of them.
 */
export async function withLogin<A>(
  services: Services,
  call: Call,
  { permission, kind, handle, username, password, prepare }: PasswordGuess,
  act: (login: Login) => Promise<A>,
): Promise<A> {
  const { store, passwords } = services;
  // Before anything is counted: what is not taken now costs nothing.
  await passwords.requireRoom();
  const found = await findSubject(store, call.caller.tenantId, handle);
  const subject = found?.kind === kind ? found : undefined;
  const counters = [counterOf(subject, handle, username)];
  // Of a known name too, so that the time tells nothing.
  const hash = hashOfName(services, call.caller.tenantId, textOf(handle, username));
  const who = subject === undefined ? { unknown: hash } : { subject: subject.subjectId };
  call.notes?.note({ credential: kind === 'user' ? 'user_password' : 'device_password', ...who });
  return guess(services, call, {
    permission,
    counters: { own: counters, address: addressCounters(call.address) },
    refusal: INVALID_CREDENTIALS,
    check: async (): Promise<Login | undefined> => {
      await prepare?.();
      const passwordHash = subject?.passwordHash ?? null;
      const matches = await passwords.verify(passwordHash, password, call.isAbandoned);
      return matches && subject !== undefined && passwordHash !== null && !subject.disabled
        ? { subject, proof: { by: 'password', passwordHash }, counters }
        : undefined;
    },
    act,
  });
}

/** All names of a subject count together, so that no alias or other case gives more attempts. */
function counterOf(subject: Subject | undefined, handle: LoginHandle | undefined, username: string): FailureCounter {
  return subject === undefined
    ? { kind: 'name', key: `name:${textOf(handle, username)}` }
    : nameCounter(subject.subjectId);
}

/** A name in the form that it is compared in. */
function textOf(handle: LoginHandle | undefined, username: string): string {
  return handle === undefined ? `text:${username}` : `${handle.kind}:${handle.key}`;
}

/**
 * Stores a stronger hash of a password that has just logged its owner in; before that, the work would tell that it is right. When it
 * fails, the next login tries again.
 */
export function strengthenHash(services: Services, { subject, proof }: Login, password: Password): void {
  const { store, passwords } = services;
  const { subjectId, tenantId } = subject;
  if (!passwords.needsRehash(proof.passwordHash)) {
    return;
  }
  passwords
    .hash(password)
    .then((newHash) => {
      const { passwordHash: oldHash } = proof;
      return store.execute({ kind: 'rehash', tenantId, subjectId, oldHash, newHash, authority: 'server' });
    })
    .catch(() => undefined);
}
