/** What a service is told when nothing is known of a token. */
import { SymbolonError, toSymbolonError as toError } from '../../client/src/internal.ts';

export { SymbolonError };

/** Codes that say that somebody has to mend something first, and what. */
const MENDS = {
  UNAUTHENTICATED: 'Give the verifier a clientId and clientSecret that are good',
  PERMISSION_DENIED: 'Give the client the role INTROSPECT',
  UNIMPLEMENTED: 'Bring the server to the version of this package',
};

/** Whether the same call fails again until somebody mends what is wrong. */
export function isHopeless({ code }: SymbolonError): boolean {
  return Object.hasOwn(MENDS, code);
}

/** `doing`: what failed, as in "The token can't be checked". */
export function toSymbolonError(doing: string, error: unknown): SymbolonError {
  return toError(doing, error, MENDS);
}
