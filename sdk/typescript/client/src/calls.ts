/** The methods of a service as functions that answer promises. */
import { once } from 'node:events';
import { type Client, type Metadata, type MethodDefinition, type ServiceDefinition, status } from '@grpc/grpc-js';
import { SymbolonError } from './errors/symbolon-error.ts';
import { toSymbolonError } from './grpc-errors.ts';
import { MAX_TIMEOUT_MS, type Names, requireNames, requireNumber } from './options.ts';

export interface CallOptions {
  /** After how many milliseconds the call is given up: what the client's option says unless set. A stream has no end unless set. */
  readonly timeoutMs?: number;
  /** Aborting it ends the call with CANCELLED. Whether the server did it is unknown then. */
  readonly signal?: AbortSignal;
}

/** Fields that are left out have the default of their type. Messages inside are whole, or made by `fromPartial` of their type. */
export type Unary<Request, Response> = (request: Partial<Request>, options?: CallOptions) => Promise<Response>;

/** The call begins with the first message that is asked for, and ends when the loop over them is left. */
export type Streaming<Request, Response> = (
  requests: AsyncIterable<Partial<Request>>,
  options?: CallOptions,
) => AsyncGenerator<Response, void, undefined>;

interface Method<Request, Response> {
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Each method under its own name: `issue`, `introspect`, … */
export type Calls<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends Method<infer Request, infer Response>
    ? Service[Name] extends { readonly responseStream: true }
      ? Streaming<Request, Response>
      : Unary<Request, Response>
    : never;
};

/** What a call needs of its client. */
export interface Line {
  isClosed(): boolean;
  /** A call begins, with what is there now. */
  open(): { readonly grpc: Client; readonly metadata: Metadata };
  /** A call that began has ended. */
  ended(): void;
  readonly timeoutMs: number;
}

type Definition = MethodDefinition<object, object>;

/** No one of a contract has a method of only one stream. */
export function callsOf<Service extends ServiceDefinition>(line: Line, service: Service): Calls<Service> {
  const entries = Object.entries(service).map(([name, method]) => [
    name,
    method.responseStream
      ? (requests: AsyncIterable<object>, options: CallOptions = {}) => stream(line, method, requests, options)
      : (request: object, options: CallOptions = {}) => unary(line, method, request, options),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

async function unary(line: Line, method: Definition, request: object, options: CallOptions): Promise<object> {
  const { timeoutMs = line.timeoutMs, signal } = checked(options);
  const bytes = serialize(method, request);
  requireNotOver(line, method, signal);
  const { grpc, metadata } = line.open();
  return new Promise((resolve, reject) => {
    const cancel = () => call.cancel();
    const call = grpc.makeUnaryRequest(
      ...([method.path, same, method.responseDeserialize, bytes, metadata] as const),
      { deadline: Date.now() + timeoutMs },
      (error, response) => {
        signal?.removeEventListener('abort', cancel);
        line.ended();
        if (error === null && response !== undefined) {
          resolve(response);
        } else {
          reject(failed(line, method, error, signal));
        }
      },
    );
    signal?.addEventListener('abort', cancel);
  });
}

async function* stream(line: Line, method: Definition, requests: AsyncIterable<object>, options: CallOptions) {
  const { timeoutMs, signal } = checked(options);
  requireNotOver(line, method, signal);
  const { grpc, metadata } = line.open();
  const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  const call = grpc.makeBidiStreamRequest(method.path, same, method.responseDeserialize, metadata, { deadline });
  const cancel = () => call.cancel();
  signal?.addEventListener('abort', cancel);
  const write = async () => {
    for await (const request of requests) {
      if (!call.write(serialize(method, request))) {
        await once(call, 'drain');
      }
    }
    call.end();
  };
  try {
    write().catch((error: unknown) => call.destroy(error instanceof Error ? error : new Error(String(error))));
    yield* call;
  } catch (error) {
    throw failed(line, method, error, signal);
  } finally {
    signal?.removeEventListener('abort', cancel);
    call.cancel();
    line.ended();
  }
}

const CALL_OPTIONS: Names<CallOptions> = { timeoutMs: true, signal: true };

function checked(options: CallOptions): CallOptions {
  requireNames(options, CALL_OPTIONS);
  requireNumber('timeoutMs', options.timeoutMs, MAX_TIMEOUT_MS);
  return options;
}

function serialize(method: Definition, request: object): Buffer {
  try {
    // What an empty message reads as has every default, and every name.
    const empty = method.requestDeserialize(Buffer.alloc(0));
    const unknown = Object.keys(request).find((name) => !Object.hasOwn(empty, name));
    if (unknown !== undefined) {
      throw new TypeError(`it has no ${unknown}, but ${Object.keys(empty).join(', ')}`);
    }
    return method.requestSerialize({ ...empty, ...request });
  } catch (error) {
    throw new SymbolonError('INVALID_ARGUMENT', `${nameOf(method)}: the request can't be written: ${error}`);
  }
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

function requireNotOver(line: Line, method: Definition, signal: AbortSignal | undefined): void {
  if (signal?.aborted || line.isClosed()) {
    throw failed(line, method, undefined, signal);
  }
}

function failed(line: Line, method: Definition, cause: unknown, signal: AbortSignal | undefined): SymbolonError {
  if (signal?.aborted && isOf(cause, status.CANCELLED)) {
    const error = new SymbolonError('CANCELLED', `${nameOf(method)}: CANCELLED: its signal was aborted`);
    error.cause = signal.reason;
    return error;
  }
  // grpc-js says UNAVAILABLE of a call that waited for a connection, and repeating it would be of no use.
  if (line.isClosed() && isOf(cause, status.UNAVAILABLE)) {
    return new SymbolonError('CANCELLED', `${nameOf(method)}: CANCELLED: the client is closed: make a new one`);
  }
  return toSymbolonError(nameOf(method), cause);
}

/** Undefined: the call was never made. */
function isOf(cause: unknown, code: status): boolean {
  return cause === undefined || (cause instanceof Error && 'code' in cause && cause.code === code);
}

function nameOf({ path }: Definition): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
