/** What is told of a call that failed. */
import { ErrorInfo, RetryInfo } from '../../../../../gen/ts/google/rpc/error_details.ts';
import { DOMAIN } from '../../../../../gen/ts/symbolon/domain.ts';

/** Codes after which the same call may succeed. */
const RETRYABLE: readonly string[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'ABORTED'];

/**
 * A call that failed, or could not be made. Where a token was to be checked it says nothing of the token: refuse the request with
 * UNAVAILABLE or 503, and not with UNAUTHENTICATED or 401, for these tell a client to throw its token away.
 */
export class SymbolonError extends Error {
  override readonly name = 'SymbolonError';
  /** The name of the gRPC status, such as `UNAVAILABLE`. */
  readonly code: string;
  /** The ErrorReason of the contract without its prefix. Empty when no server said one. */
  readonly reason: string;
  /** What the server tells besides: `requestId`, `field` of what is taken, `endedBy` of a token that ended. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** After how many milliseconds to repeat it, where the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, { reason = '', metadata = {}, retryAfterMs }: Partial<Details> = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.metadata = metadata;
    this.retryable = RETRYABLE.includes(code);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Details {
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
}

/** A detail of `google.rpc.Status`, by the full name of its message. */
export interface Detail {
  readonly type: string;
  readonly value: Uint8Array;
}

export function parseDetails(details: readonly Detail[]): Partial<Details> {
  const all = (name: string) => details.filter(({ type }) => type === `google.rpc.${name}`);
  // One of another domain is of something between here and the server, and its reasons are not of the contract.
  const info = all('ErrorInfo')
    .map(({ value }) => ErrorInfo.decode(value))
    .find(({ domain }) => domain === DOMAIN);
  const [retry] = all('RetryInfo');
  const delay = retry === undefined ? undefined : RetryInfo.decode(retry.value).retryDelay;
  return {
    reason: info?.reason ?? '',
    metadata: { ...info?.metadata },
    retryAfterMs: delay === undefined ? undefined : delay.seconds * 1_000 + delay.nanos / 1_000_000,
  };
}

/** `doing`: what failed, as in "The token can't be checked". Of what was thrown here, and not said by a server. */
export function ownError(doing: string, error: unknown): SymbolonError {
  return error instanceof SymbolonError ? error : new SymbolonError('INTERNAL', `${doing}: ${textOf(error)}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
