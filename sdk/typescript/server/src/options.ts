/** What a service gives a verifier. */
import {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  checkConnection,
  type Names,
  requireNames,
  requireNumber,
  requireOption,
  requireSecret,
  type SymbolonError,
} from '../../client/src/internal.ts';

/** What ended a stream, and in how many whole milliseconds the next one begins. It is called by itself: what it throws is an uncaught exception of the process. */
export type OnWatchEnd = (error: SymbolonError, retryInMs: number) => void;

/** The client is a confidential one of the tenant with the role INTROSPECT, or an admin. */
export interface VerifierOptions extends ConnectionOptions {
  readonly clientSecret: string;
  /** How many live tokens are kept, at about a kibibyte each. 100,000 unless set. */
  readonly maxEntries?: number;
  /** Is told when the watch ends and is begun again. Until then checks ask the server. Node warns of it unless this is set. */
  readonly onWatchEnd?: OnWatchEnd;
}

const NAMES: Names<VerifierOptions> = { ...CONNECTION_OPTIONS, clientSecret: true, maxEntries: true, onWatchEnd: true };

/** @throws SymbolonError that names the option and the mend, and shows no value but numbers */
export function checkOptions(options: VerifierOptions): void {
  requireNames(options, NAMES);
  const { clientSecret, maxEntries, onWatchEnd } = options;
  checkConnection(options);
  requireSecret('clientSecret', clientSecret);
  requireNumber('maxEntries', maxEntries);
  requireOption(onWatchEnd === undefined || typeof onWatchEnd === 'function', 'onWatchEnd must be a function');
}
