/** What is told of a call that failed. */
import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ErrorInfo, RetryInfo } from '../../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../../gen/ts/google/rpc/status.ts';
import { DOMAIN } from '../../../../gen/ts/symbolon/domain.ts';
import { withMend } from './mends.ts';

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
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** After how many milliseconds to repeat it, where the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, { reason = '', retryAfterMs }: Partial<Details> = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryable = RETRYABLE.includes(code);
    this.retryAfterMs = retryAfterMs;
  }
}

interface Details {
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
}

/** `doing`: what failed, as in "The token can't be checked". */
export function toSymbolonError(doing: string, error: unknown): SymbolonError {
  if (!isServiceError(error)) {
    return error instanceof SymbolonError ? error : new SymbolonError('INTERNAL', `${doing}: ${textOf(error)}`);
  }
  const code = status[error.code] ?? 'UNKNOWN';
  const details = detailsOf(error.metadata);
  return new SymbolonError(code, `${doing}: ${code}: ${withMend(code, details.reason ?? '', error.details)}`, details);
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function detailsOf(metadata: Metadata | undefined): Partial<Details> {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  try {
    return Buffer.isBuffer(bytes) ? parseDetails(bytes) : {};
  } catch {
    // Of something between here and the server. The status says enough.
    return {};
  }
}

function parseDetails(bytes: Buffer): Partial<Details> {
  const { details } = Status.decode(bytes);
  const all = (name: string) => details.filter(({ typeUrl }) => typeUrl.endsWith(`/google.rpc.${name}`));
  // One of another domain is of something between here and the server, and its reasons are not of the contract.
  const info = all('ErrorInfo')
    .map(({ value }) => ErrorInfo.decode(value))
    .find(({ domain }) => domain === DOMAIN);
  const [retry] = all('RetryInfo');
  const delay = retry === undefined ? undefined : RetryInfo.decode(retry.value).retryDelay;
  return {
    reason: info?.reason ?? '',
    retryAfterMs: delay === undefined ? undefined : delay.seconds * 1_000 + delay.nanos / 1_000_000,
  };
}
