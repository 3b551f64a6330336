/** Handlers for grpc-js out of methods: how a call of gRPC is read and answered. What is between is the same at every door. */
import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { CallRecord, type Door } from '../calls/call-record.ts';
import { newDeadline } from '../calls/deadline.ts';
import type { Method } from '../calls/method.ts';
import { addressOf } from '../calls/peer.ts';
import { REQUEST_ID_KEY, requestIdOf } from '../calls/request-id.ts';
import { type CallContext, type ReceivedCall, runCall } from '../calls/run.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import { decodeMessage, Malformed } from './messages/decode.ts';
import { grpcStatus } from './status-details.ts';

/** What all calls of grpc-js tell; those that stream have no request of their own. */
type ServerCall<Request> = Pick<
  ServerUnaryCall<Request | Malformed, unknown>,
  'metadata' | 'cancelled' | 'getDeadline' | 'getPath' | 'getPeer'
> & { readonly request?: Request | Malformed };

export class GrpcCall<Request> extends CallRecord implements ReceivedCall<Request> {
  readonly #call: ServerCall<Request>;
  #requestId: string | undefined;

  constructor(call: ServerCall<Request>) {
    super();
    this.#call = call;
  }

  get record(): CallRecord {
    return this;
  }

  override get door(): Door {
    return 'grpc';
  }

  override get route(): string {
    return this.#call.getPath();
  }

  get authorization(): string | undefined {
    return this.header('authorization');
  }

  override header(name: string): string | undefined {
    const values = this.#call.metadata.get(name);
    const [value] = values;
    return values.length === 1 && typeof value === 'string' ? value : undefined;
  }

  get request(): Request {
    const { request } = this.#call;
    if (request instanceof Malformed) {
      throw new SymbolonError('invalid_argument', request.message);
    }
    return request as Request;
  }

  /** Making one up costs more than most of the call, so that is done only for those who ask. */
  override get requestId(): string {
    this.#requestId ??= requestIdOf(this.#call.metadata.get(REQUEST_ID_KEY)[0]);
    return this.#requestId;
  }

  get deadline(): Instant {
    const deadline = this.#call.getDeadline();
    return Math.min(newDeadline(), typeof deadline === 'number' ? deadline : deadline.getTime());
  }

  get isCancelled(): boolean {
    return this.#call.cancelled;
  }

  override get remoteAddress(): string | undefined {
    return addressOf(this.#call.getPeer());
  }
}

/** Makes a handler of grpc-js out of a method. */
export function unary<Request, Response>(
  context: CallContext,
  method: Method<Request, Response>,
): handleUnaryCall<Request | Malformed, Response> {
  return (call, callback) => {
    const received = new GrpcCall(call);
    runCall(
      context,
      method,
      received,
      (response) => callback(null, response),
      (error) => callback(grpcStatus(error, received.requestId)),
    );
  };
}

/** A deserializer for grpc-js that hands malformed bytes on to the handler; thrown here they would be an INTERNAL error. */
export function lenient<T>(type: Parameters<typeof decodeMessage<T>>[0]): (bytes: Buffer) => T | Malformed {
  return (bytes) => decodeMessage(type, bytes);
}
