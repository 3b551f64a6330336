export type { Caller, CallerKind } from './caller.ts';
export { SymbolonError } from './errors.ts';
export type { ConnectionOptions, OnWatchEnd, VerifierOptions } from './options.ts';
export { Verifier } from './verifier.ts';
