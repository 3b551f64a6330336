/** The second step of a login: a time-based one-time password (RFC 6238) or a recovery code. */
import type { CompleteMfa, FailureCounter, SecondFactor } from '../commands.ts';
import { lockRefusal } from '../decide/login.ts';
import type { Totp } from '../directory-model.ts';
import { INVALID_SECOND_FACTOR, SymbolonError } from '../errors.ts';
import { familyId, ID_BYTES } from '../ids.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import { matchingStep } from '../totp.ts';
import type { Call } from './authenticate.ts';
import { type IssuedTokens, issuedTokens, makePair } from './new-tokens.ts';
import { requireText } from './validate.ts';

export type GivenFactor =
  | { readonly by: 'totp'; readonly code: string }
  | { readonly by: 'recovery_code'; readonly code: string };

export interface SecondFactorCredential {
  readonly kind: 'second_factor';
  readonly mfaToken: string;
  readonly factor: GivenFactor;
}

const LONGEST_TOKEN = 4_096;
const LONGEST_CODE = 64;

/** Begins the family of a login whose password was right. */
export async function completeLogin(
  services: Services,
  call: Call,
  { mfaToken, factor }: SecondFactorCredential,
): Promise<IssuedTokens> {
  requireText(mfaToken, 'mfa_token', LONGEST_TOKEN);
  const { store, random } = services;
  const { tenantId, clientId: refreshClientId } = call.caller;
  const challengeDigest = digestOf(mfaToken);
  const challenge = isToken(mfaToken) ? await store.readMfaChallenge(tenantId, challengeDigest) : undefined;
  if (challenge === undefined) {
    throw SymbolonError.of(INVALID_SECOND_FACTOR);
  }
  const { subjectId, clientId } = challenge;
  const counters = secondFactorCounters(subjectId, call.address);
  const proven = await proveSecondFactor(services, call, subjectId, factor);
  const { pair, tokens } = makePair(random, 'USER');
  const command: CompleteMfa = {
    kind: 'complete_mfa',
    tenantId,
    clientId,
    subjectId,
    refreshClientId,
    challengeDigest,
    factor: proven,
    counters: [...counters, { kind: 'name', key: `subject:${subjectId}` }],
    familyId: familyId(random(ID_BYTES)),
    tokens,
  };
  const outcome = await store.execute(command, call);
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  return issuedTokens(outcome.answer.issued, pair);
}

/** Checks a factor against what the user has enrolled; a wrong one is counted, over all logins of the user. */
export async function proveSecondFactor(
  services: Services,
  call: Call,
  subjectId: string,
  factor: GivenFactor,
): Promise<SecondFactor> {
  requireText(factor.code, factor.by === 'totp' ? 'totp_code' : 'recovery_code', LONGEST_CODE);
  const { store, clock } = services;
  const { tenantId } = call.caller;
  const counters = secondFactorCounters(subjectId, call.address);
  const failures = await store.readLoginFailures(
    tenantId,
    counters.map(({ key }) => key),
  );
  const locked = lockRefusal(counters, failures, clock());
  if (locked !== undefined) {
    throw SymbolonError.of(locked);
  }
  const totp = await store.readTotp(tenantId, subjectId);
  const proven = totp?.active === true ? check(services, totp, factor) : undefined;
  if (proven !== undefined) {
    return proven;
  }
  const outcome = await store.execute({ kind: 'fail_login', tenantId, counters }, call);
  throw SymbolonError.of('refusal' in outcome ? outcome.refusal : INVALID_SECOND_FACTOR);
}

/** A code that was used before is as wrong as any other. */
function check({ keys, clock }: Services, totp: Totp, { by, code }: GivenFactor): SecondFactor | undefined {
  if (by === 'totp') {
    const step = matchingStep(openSecret(keys, totp), code, clock());
    return step === undefined || step <= totp.lastStep ? undefined : { by, sealed: totp.sealed, step };
  }
  const digest = recoveryDigest(keys, totp.subjectId, code);
  const isLeft = totp.recoveryDigests.some((each) => Buffer.from(each).equals(digest));
  return isLeft ? { by, digest } : undefined;
}

export const TOTP_PURPOSE = 'totp';

export function openSecret(keys: Services['keys'], { sealed }: Pick<Totp, 'sealed'>): string {
  const secret = keys.unseal(TOTP_PURPOSE, sealed);
  if (secret === undefined) {
    throw new SymbolonError(
      'internal',
      'The second factor can’t be opened: the server’s key is not the one it was sealed with',
    );
  }
  return secret;
}

/** People type them with or without the hyphen, in any case. */
export function recoveryDigest(keys: Services['keys'], subjectId: string, code: string): Uint8Array {
  return keys.digest('recovery code', `${subjectId}\0${code.replace(/[\s-]/g, '').toUpperCase()}`);
}

export function secondFactorCounters(subjectId: string, address: string | undefined): FailureCounter[] {
  const counters: FailureCounter[] = [{ kind: 'second_factor', key: `second_factor:${subjectId}` }];
  if (address !== undefined) {
    counters.push({ kind: 'address', key: `address:${address}` });
  }
  return counters;
}
