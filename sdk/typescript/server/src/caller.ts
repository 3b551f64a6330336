import type { Ids } from './core/protocol.ts';

/** What a token stands for. `unknown`: something newer than this package. */
export type CallerKind = 'user' | 'device' | 'application' | 'admin' | 'anonymous' | 'unknown';

/** Who presents a live token, and what it may do. Frozen: all who check the same token share it. */
export interface Caller extends Ids {
  readonly kind: CallerKind;
  /** The user, device or client that the token stands for. */
  readonly subjectId: string;
  /** The client that the token was issued to. */
  readonly clientId: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
  /** The public id of the token: safe to log. */
  readonly tokenId: string;
  /** The login that the token came of. */
  readonly familyId: string;
  /** By the server's clock. */
  readonly issueTime: Date;
  readonly expireTime: Date;
  /** The id of the resource server that the token is for alone (RFC 8707). Undefined: for all. */
  readonly audience?: string | undefined;
}
