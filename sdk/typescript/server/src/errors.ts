/** What a service is told when nothing is known of a token. */
import { SymbolonError } from '../../client/src/internal.ts';

export { SymbolonError, toSymbolonError } from '../../client/src/internal.ts';

/** What a token can look like. Anything else is not live, and nobody need be asked. */
export const TOKEN = /^[\w-]{1,120}$/;

/** For how long no check asks again after the server refused this client: each would be refused, and they may be thousands a second. */
export const REFUSED_MS = 1_000;

export const closed = () => new SymbolonError('CANCELLED', 'The verifier is closed: make a new one');

/** Codes that say that somebody has to mend something first. */
const HOPELESS: readonly string[] = ['UNAUTHENTICATED', 'PERMISSION_DENIED', 'UNIMPLEMENTED'];

/** Whether the same call fails again until somebody mends what is wrong. */
export function isHopeless({ code }: SymbolonError): boolean {
  return HOPELESS.includes(code);
}
