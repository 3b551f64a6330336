/** What a service is told when nothing is known of a token. */
import type { SymbolonError } from '../../client/src/internal.ts';

export { SymbolonError, toSymbolonError } from '../../client/src/internal.ts';

/** Codes that say that somebody has to mend something first. */
const HOPELESS: readonly string[] = ['UNAUTHENTICATED', 'PERMISSION_DENIED', 'UNIMPLEMENTED'];

/** Whether the same call fails again until somebody mends what is wrong. */
export function isHopeless({ code }: SymbolonError): boolean {
  return HOPELESS.includes(code);
}
