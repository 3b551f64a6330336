export type { Caller, CallerKind } from './caller.ts';
export type { ConnectionOptions } from './connection.ts';
export { SymbolonError } from './errors.ts';
export { Verifier, type VerifierOptions } from './verifier.ts';
export type { OnWatchEnd } from './watch.ts';
