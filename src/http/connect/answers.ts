/** What is sent back in the shape of the protocol that was spoken. */
import { ErrorInfo, RetryInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../gen/ts/google/rpc/status.ts';
import { ERROR_TABLE } from '../../calls/errors.ts';
import { toStatus } from '../../calls/status.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Answer } from '../answer.ts';
import type { Failure, FailureCode, HttpCode } from '../failure.ts';
import { codeOf, RESOURCE_EXHAUSTED, UNAVAILABLE, UNIMPLEMENTED, UNKNOWN } from './codes.ts';
import { writeFrames } from './frames.ts';
import { headersOf } from './headers.ts';
import { contentTypeOf, type Spoken } from './spoken.ts';

/** `message`: of protobuf or JSON, as it is spoken. */
export function successAnswer(spoken: Spoken, message: Uint8Array): Answer {
  const body =
    spoken.protocol === 'connect' ? Buffer.from(message) : writeFrames(message, { 'grpc-status': '0' }, spoken.isText);
  return { status: 200, headers: headersOf(contentTypeOf(spoken)), body };
}

/** What ended before an operation began, in the codes of gRPC. */
const HTTP_CODES: Partial<Record<HttpCode, number>> = {
  route_not_found: UNIMPLEMENTED,
  method_not_allowed: UNIMPLEMENTED,
  unsupported_media_type: UNIMPLEMENTED,
  body_too_large: RESOURCE_EXHAUSTED,
  draining: UNAVAILABLE,
};

export function failureAnswer(spoken: Spoken, failure: Failure, requestId: string): Answer {
  const status = statusOf(failure, requestId);
  // Without a challenge: at a page of this origin a browser would ask people for a client's secret.
  const { 'WWW-Authenticate': _challenge, ...headers } = failure.headers;
  if (spoken.protocol === 'grpc-web') {
    const body = writeFrames(undefined, trailersOf(status), spoken.isText);
    // A method that is not allowed is told to whatever made the request: no client of gRPC-Web does.
    const http = failure.code === 'method_not_allowed' ? failure.status : 200;
    return { status: http, headers: { ...headers, ...headersOf(contentTypeOf(spoken)) }, body };
  }
  const { name, http } = codeOf(status.code);
  return {
    status: isOfCore(failure.code) ? http : failure.status,
    headers: { ...headers, ...headersOf('application/json') },
    body: Buffer.from(JSON.stringify({ code: name, message: status.message, details: status.details.map(toDetail) })),
  };
}

function statusOf({ code, message, retryAfterMs, about, endedBy }: Failure, requestId: string): Status {
  if (code === 'malformed_request') {
    return toStatus({ code: 'invalid_argument', message, retryAfterMs }, requestId);
  }
  return isOfCore(code)
    ? toStatus({ code, message, retryAfterMs, about, endedBy }, requestId)
    : { code: HTTP_CODES[code] ?? UNKNOWN, message, details: [] };
}

function isOfCore(code: FailureCode): code is ErrorCode {
  return code in ERROR_TABLE;
}

function trailersOf(status: Status): Record<string, string> {
  return {
    'grpc-status': String(status.code),
    'grpc-message': encodeURI(status.message),
    'grpc-status-details-bin': Buffer.from(Status.encode(status).finish()).toString('base64').replace(/=+$/, ''),
  };
}

/** `debug` is for those who read JSON by themselves: clients of Connect read `value`. */
function toDetail({ typeUrl, value }: Status['details'][number]) {
  const type = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
  return { type, value: Buffer.from(value).toString('base64').replace(/=+$/, ''), debug: debugOf(type, value) };
}

function debugOf(type: string, value: Uint8Array): object {
  if (type === 'google.rpc.ErrorInfo') {
    return ErrorInfo.decode(value);
  }
  const { seconds = 0, nanos = 0 } = RetryInfo.decode(value).retryDelay ?? {};
  return { retryDelay: `${seconds + nanos / 1e9}s` };
}
