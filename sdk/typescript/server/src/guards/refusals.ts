/** How a request is refused: one table for HTTP and gRPC (RFC 6750 section 3). */
import { status } from '@grpc/grpc-js';
import { SymbolonError } from '../../../client/src/internal.ts';

export type RefusalKind =
  | 'no_token'
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'for_nobody'
  | 'not_allowed'
  | 'unknown';

interface Row {
  readonly http: number;
  readonly grpc: number;
  readonly message: string;
}

const TABLE: Readonly<Record<RefusalKind, Row>> = {
  // Without an error code: who did not know that a token is needed made no mistake (section 3.1).
  no_token: {
    http: 401,
    grpc: status.UNAUTHENTICATED,
    message: 'The authorization must be Bearer and an access token',
  },
  invalid_request: {
    ...{ http: 400, grpc: status.INVALID_ARGUMENT },
    message: 'The authorization must be there once, as Bearer, a space and one access token',
  },
  invalid_token: { http: 401, grpc: status.UNAUTHENTICATED, message: 'The access token is not live' },
  insufficient_scope: { http: 403, grpc: status.PERMISSION_DENIED, message: 'The access token lacks a scope' },
  // Of a method that a service gave no scopes, beside others that it gave some. No token is enough, so none is asked for.
  for_nobody: { http: 403, grpc: status.PERMISSION_DENIED, message: 'is for nobody: give it to scopes' },
  // More scopes would not help, so that RFC 6750 has no code for it.
  not_allowed: { http: 403, grpc: status.PERMISSION_DENIED, message: 'Not allowed' },
  // Nothing is known of the token. 401 would make a client throw it away.
  unknown: {
    http: 503,
    grpc: status.UNAVAILABLE,
    message: 'The access token can’t be checked now; keep it, and repeat',
  },
};

/** Where another token would not help. */
const WITHOUT_CHALLENGE: readonly RefusalKind[] = ['for_nobody', 'not_allowed', 'unknown'];

export interface RefusalDetails {
  readonly realm?: string | undefined;
  /** All that are needed, of which one at least is missing. */
  readonly scopes?: readonly string[];
  readonly retryAfterMs?: number | undefined;
  /** Of the method that is for nobody. */
  readonly path?: string;
  /** Why a permission was not allowed. */
  readonly reason?: string;
}

/** After how long to repeat where the verifier does not know. */
const RETRY_AFTER_MS = 1_000;

export class Refusal {
  readonly kind: RefusalKind;
  readonly httpStatus: number;
  /** Number of the status of gRPC. */
  readonly grpcCode: number;
  readonly message: string;
  /** For `WWW-Authenticate`; undefined where the token is not what is wrong. */
  readonly challenge: string | undefined;
  /** Undefined where repeating is of no use. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: RefusalKind, { realm, scopes = [], retryAfterMs = RETRY_AFTER_MS, path, reason }: RefusalDetails) {
    const { http, grpc, message } = TABLE[kind];
    this.kind = kind;
    this.httpStatus = http;
    this.grpcCode = grpc;
    this.message =
      reason !== undefined ? `Not allowed: ${reason}` : path === undefined ? message : `${path} ${message}`;
    this.retryAfterMs = kind === 'unknown' ? waitOf(retryAfterMs) : undefined;
    this.challenge = WITHOUT_CHALLENGE.includes(kind) ? undefined : challengeOf(kind, realm, scopes);
  }

  /** Of an answer over HTTP, by their names. */
  get headers(): Readonly<Record<string, string>> {
    return {
      // Of one who is refused now and let in later nothing must be kept on the way.
      'Cache-Control': 'no-store',
      ...(this.challenge === undefined ? {} : { 'WWW-Authenticate': this.challenge }),
      ...(this.retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(this.retryAfterMs / 1_000)) }),
    };
  }
}

/** Nothing is known: what the server was asked failed so. */
export function unknownBy(error: unknown): Refusal {
  return new Refusal('unknown', { retryAfterMs: error instanceof SymbolonError ? error.retryAfterMs : undefined });
}

/** Without one, all clients would repeat at once. */
function waitOf(retryAfterMs: number): number {
  return retryAfterMs > 0 && Number.isFinite(retryAfterMs) ? retryAfterMs : RETRY_AFTER_MS;
}

function challengeOf(kind: RefusalKind, realm: string | undefined, scopes: readonly string[]): string {
  const parts = [
    ...(realm === undefined ? [] : [`realm="${realm.replace(/["\\]/g, '\\$&')}"`]),
    ...(kind === 'no_token' ? [] : [`error="${kind}"`]),
    ...(kind === 'insufficient_scope' && scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
  ];
  return ['Bearer', parts.join(', ')].filter((part) => part !== '').join(' ');
}
