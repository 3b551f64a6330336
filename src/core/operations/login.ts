/** Proving a user or device by its password, in the same time and with the same answer whichever half is wrong. */
import type { FailureCounter, Proof } from '../commands.ts';
import { lockRefusal } from '../decide/login.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import type { LoginHandle } from '../handles.ts';
import type { Subject } from '../model.ts';
import type { Services } from '../services.ts';
import type { Call } from './authenticate.ts';

export interface Login {
  readonly subject: Subject;
  readonly proof: Extract<Proof, { by: 'password' }>;
  readonly counters: readonly FailureCounter[];
}

/**
 * Checks a password. `handle` is undefined for what can be nobody's name, `username` is what it was. Throws the same
 * `invalid_credentials` for an unknown, disabled or wrongly proven subject, and `login_locked` after too many of them.
 */
export async function login(
  services: Services,
  call: Call,
  kind: Subject['kind'],
  handle: LoginHandle | undefined,
  username: string,
  password: string,
): Promise<Login> {
  const { store, passwords, clock } = services;
  const { tenantId } = call.caller;
  const found = handle === undefined ? undefined : await store.findSubject(tenantId, handle);
  const subject = found?.kind === kind ? found : undefined;
  const counters = countersOf(subject, handle, username, call.address);
  const keys = counters.map((counter) => counter.key);
  // A locked name costs no hashing. The lock is checked again in the transaction, where no parallel guess can slip by.
  const locked = lockRefusal(counters, await store.readLoginFailures(tenantId, keys), clock());
  if (locked !== undefined) {
    throw SymbolonError.of(locked);
  }
  const passwordHash = subject?.passwordHash ?? null;
  const matches = await passwords.verify(passwordHash, password);
  if (!matches || subject === undefined || passwordHash === null || subject.disabled) {
    throw await countFailure(services, call, counters);
  }
  return { subject, proof: { by: 'password', passwordHash }, counters };
}

async function countFailure(
  services: Services,
  call: Call,
  counters: readonly FailureCounter[],
): Promise<SymbolonError> {
  const { tenantId } = call.caller;
  const outcome = await services.store.execute({ kind: 'fail_login', tenantId, counters }, call);
  return SymbolonError.of('refusal' in outcome ? outcome.refusal : INVALID_CREDENTIALS);
}

/** All names of a subject count together, so that no alias or other case gives more attempts. */
function countersOf(
  subject: Subject | undefined,
  handle: LoginHandle | undefined,
  username: string,
  address: string | undefined,
): FailureCounter[] {
  const name = handle === undefined ? `text:${username}` : `${handle.kind}:${handle.key}`;
  const counters: FailureCounter[] = [
    { kind: 'name', key: subject === undefined ? `name:${name}` : `subject:${subject.subjectId}` },
  ];
  if (address !== undefined) {
    counters.push({ kind: 'address', key: `address:${address}` });
  }
  return counters;
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
    .then((newHash) => store.execute({ kind: 'rehash', tenantId, subjectId, oldHash: proof.passwordHash, newHash }))
    .catch(() => undefined);
}
