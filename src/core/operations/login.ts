/** Proving a user or device by its password, in the same time and with the same answer whichever half is wrong. */
import type { Proof } from '../commands/issue.ts';
import { INVALID_CREDENTIALS, type Refusal, SymbolonError } from '../errors.ts';
import type { LoginHandle } from '../handles.ts';
import type { Permission } from '../permissions.ts';
import { addressCounters, type FailureCounter, lockRefusal, nameCounter } from '../rules/guesses.ts';
import { findSubject, readFailures } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Call } from './authenticate.ts';
import { execute } from './perform.ts';

export interface Login {
  readonly subject: Subject;
  readonly proof: Extract<Proof, { by: 'password' }>;
  readonly counters: readonly FailureCounter[];
}

/**
 * Checks a password. `handle` is undefined for what can be nobody's name, `username` is what it was. Throws the same
 * `invalid_credentials` for an unknown, disabled or wrongly proven subject, and `login_locked` after too many of them. `permission`: what
 * the caller needs for what the login is for.
 */
export async function login(
  services: Services,
  call: Call,
  permission: Permission,
  kind: Subject['kind'],
  handle: LoginHandle | undefined,
  username: string,
  password: string,
): Promise<Login> {
  const { store, passwords, clock } = services;
  const { tenantId } = call.caller;
  const found = handle === undefined ? undefined : await findSubject(store, tenantId, handle);
  const subject = found?.kind === kind ? found : undefined;
  const counters = countersOf(subject, handle, username, call.address);
  // A locked name costs no hashing. The lock is checked again in the transaction, where no parallel guess can slip by.
  const locked = lockRefusal(counters, await readFailures(store, tenantId, counters), clock());
  if (locked !== undefined) {
    throw SymbolonError.of(locked);
  }
  const passwordHash = subject?.passwordHash ?? null;
  const matches = await passwords.verify(passwordHash, password);
  if (!matches || subject === undefined || passwordHash === null || subject.disabled) {
    throw await countFailure(services, call, permission, counters);
  }
  return { subject, proof: { by: 'password', passwordHash }, counters };
}

/** Counts a wrong guess, and answers what its caller is told. */
export async function countFailure(
  services: Services,
  call: Call,
  permission: Permission,
  counters: readonly FailureCounter[],
  refusal: Refusal = INVALID_CREDENTIALS,
): Promise<SymbolonError> {
  const { tenantId } = call.caller;
  const outcome = await execute(services, call, permission, { kind: 'fail_login', tenantId, counters });
  return SymbolonError.of('refusal' in outcome ? outcome.refusal : refusal);
}

/** All names of a subject count together, so that no alias or other case gives more attempts. */
function countersOf(
  subject: Subject | undefined,
  handle: LoginHandle | undefined,
  username: string,
  address: string | undefined,
): FailureCounter[] {
  const name = handle === undefined ? `text:${username}` : `${handle.kind}:${handle.key}`;
  const own: FailureCounter =
    subject === undefined ? { kind: 'name', key: `name:${name}` } : nameCounter(subject.subjectId);
  return [own, ...addressCounters(address)];
}

/** Stores a stronger hash of a password that was just proven right. When it fails, the next login tries again. */
export function strengthenHash(services: Services, { subject, proof }: Login, password: string): void {
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
