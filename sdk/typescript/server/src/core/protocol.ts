/** What a verifier and the server tell each other, as plain values. docs/verifier.md says why each is as it is. */

/** What a token can be ended by. */
export interface Ids {
  readonly familyId: string;
  readonly subjectId: string;
  readonly clientId: string;
}

/** What an event ended. Undefined is one that this verifier does not know: everything may have ended. */
export type Target =
  | { readonly kind: 'family' | 'subject' | 'client'; readonly id: string }
  | { readonly kind: 'consent'; readonly subjectId: string; readonly clientId: string }
  | { readonly kind: 'tenant' }
  | undefined;

export interface Event {
  readonly revision: number;
  readonly target: Target;
}

/** One message of a stream: applied as a whole. */
export interface Message {
  readonly previousRevision: number;
  /** Those of (`previousRevision`, `revision`], in order. */
  readonly events: readonly Event[];
  readonly revision: number;
  /** The newest heartbeat that had arrived before `revision` was begun to be read. 0: none. */
  readonly heartbeat: number;
  readonly isAfresh: boolean;
  /** The longest that the server lets a verifier be open, in its first message. */
  readonly longestBoundMs: number | undefined;
}

/** What the server says of one question about a permission. */
export interface AccessAnswer<Caller extends Ids> {
  /** What it was read at. */
  readonly revision: number;
  /** Undefined: it is not allowed. `userId`: by whose right it is; empty: by no user's. */
  readonly allowed: { readonly caller: Caller; readonly userId: string; readonly timeToLiveMs: number } | undefined;
}

/** What the server says of one token. */
export interface Answer<Caller extends Ids> {
  /** What it was read at. */
  readonly revision: number;
  /** Undefined: the token is not live. */
  readonly live: { readonly caller: Caller; readonly timeToLiveMs: number } | undefined;
}
