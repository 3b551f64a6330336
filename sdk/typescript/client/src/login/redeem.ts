/** Tokens for the code that a browser brought back. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { BegunCode } from './code.ts';
import type { Limits } from './port.ts';
import { isLost } from './repeat.ts';
import type { SignInParts, Steps } from './sign-ins.ts';

/** The code is sent once: a used one that comes back ends the login that it gave (RFC 6749 section 4.1.2). */
export async function redeemed(
  { calls, client, keeper }: SignInParts,
  { redirectUri, codeVerifier }: BegunCode,
  code: string,
  limits: Limits,
): ReturnType<Steps> {
  const credential = { $case: 'authorizationCode', value: { code, redirectUri, codeVerifier } } as const;
  const sent = keeper.now();
  try {
    return { answer: await calls.issue({ credential, resource: client.resource ?? '' }, limits), sent };
  } catch (error) {
    throw isLost(error) && !limits.signal.aborted ? lostForGood(error) : error;
  }
}

/** Nobody knows what became of something that is good once. */
function lostForGood(cause: unknown): SymbolonError {
  const error = new SymbolonError('UNAVAILABLE', 'the answer was lost, and the code is good once: sign in again');
  error.cause = cause;
  return error;
}
