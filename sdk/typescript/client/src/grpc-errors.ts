/** What grpc-js tells of a call that failed, as the error of the packages. */
import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { Status } from '../../../../gen/ts/google/rpc/status.ts';
import { withMend } from './errors/mends.ts';
import { type Details, ownError, parseDetails, SymbolonError } from './errors/symbolon-error.ts';

/** `doing`: what failed, as in "The token can't be checked". */
export function toSymbolonError(doing: string, error: unknown): SymbolonError {
  if (!isServiceError(error)) {
    return ownError(doing, error);
  }
  const code = status[error.code] ?? 'UNKNOWN';
  const details = detailsOf(error.metadata);
  return new SymbolonError(code, `${doing}: ${code}: ${withMend(code, details.reason ?? '', error.details)}`, details);
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}

function detailsOf(metadata: Metadata | undefined): Partial<Details> {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  try {
    const { details } = Status.decode(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0));
    return parseDetails(
      details.map(({ typeUrl, value }) => ({ type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value })),
    );
  } catch {
    // Of something between here and the server. The status says enough.
    return {};
  }
}
