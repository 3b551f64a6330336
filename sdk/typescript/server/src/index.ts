export type { ConnectionOptions } from '../../client/src/internal.ts';
export type { Access, AccessReason, Permission, Target } from './access.ts';
export type { Caller, CallerKind } from './caller.ts';
export { SymbolonError } from './errors.ts';
export type { OnWatchEnd, VerifierOptions } from './options.ts';
export { Verifier } from './verifier.ts';
