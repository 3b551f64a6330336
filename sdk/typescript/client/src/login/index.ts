/** What both entries show of a Login. */
export { SymbolonError } from '../errors/symbolon-error.ts';
export type { Account, CodeSent, FactorOptions, FirstNames, UserChanges } from './account.ts';
export type { BegunCode, CodeOptions } from './code.ts';
export type { ShownCode } from './device-code.ts';
export type { LoginEvent, SignedOutReason } from './events.ts';
export type { ResetChannel } from './forgotten.ts';
export type { CurrentUser, LoginKind, LoginOptions, NewUser } from './options.ts';
export type { WaitOptions } from './port.ts';
export type { SecondFactor } from './second-factor.ts';
export { type LoginStore, MemoryStore } from './store.ts';
