/** The words of docs/architecture.md, as plain data. Times are epoch milliseconds, lifetimes milliseconds. */

/** A point in time: epoch milliseconds, UTC. */
export type Instant = number;

/** A text that holds a JSON object. */
export type JsonText = string;

export type TokenKind = 'USER' | 'DEVICE' | 'APPLICATION' | 'ADMIN' | 'ANONYMOUS';

/** What a token stands for: `client` for APPLICATION, ADMIN and ANONYMOUS tokens. */
export type SubjectKind = 'user' | 'device' | 'client';

export type TokenUse = 'access' | 'refresh';

/** Why tokens were revoked. `restored`: a backup was put back, which knows nothing of what was revoked after it. */
export type RevocationCause =
  | 'revoked'
  | 'refresh_reuse'
  | 'code_reuse'
  | 'disabled'
  | 'deleted'
  | 'restored'
  | 'password_changed'
  | 'consent_withdrawn'
  | 'secret_reset';

/** Why a token is live no more. */
export type EndedBy = 'expired' | RevocationCause;

/** SHA-256 of a secret: 32 bytes. */
export type Digest = Uint8Array;

/** A tenant, client, user or device, as what a cutoff, a disabling or a deletion is about. */
export interface Target {
  readonly kind: 'tenant' | 'client' | 'user' | 'device';
  readonly id: string;
}
