/**
 * Calls with one message each way, taken from Node's HTTP/2 before grpc-js sees them: what it does with such a call costs more than all
 * that we do with it (decision 0155). It has all others: streams, compressed messages, paths that are not there, other types of content.
 */
import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { type MethodDefinition, status } from '@grpc/grpc-js';
import { causesOf, publicError } from '../calls/errors.ts';
import type { Method } from '../calls/method.ts';
import { type CallContext, runCall } from '../calls/run.ts';
import { SymbolonError } from '../core/errors.ts';
import { ArrivingMessage, MAX_MESSAGE, PREFIX_BYTES } from './arriving-message.ts';
import type { CallHeaders } from './call-headers.ts';
import { DirectCall } from './direct-call.ts';
import { answer } from './http2-answers.ts';
import { LIMITS } from './limits.ts';
import { trailersOf } from './status-details.ts';

const MAX_ANSWER = LIMITS['grpc.max_send_message_length'] ?? 0;
const TYPES: ReadonlySet<unknown> = new Set(['application/grpc', 'application/grpc+proto']);

const OPENING: OutgoingHttpHeaders = { ':status': 200, 'content-type': 'application/grpc+proto' };
const WITH_TRAILERS = { waitForTrailers: true };
const DONE: OutgoingHttpHeaders = { 'grpc-status': status.OK };

const TOO_LONG: OutgoingHttpHeaders = {
  'grpc-status': status.RESOURCE_EXHAUSTED,
  'grpc-message': encodeURI(`The message must be at most ${MAX_MESSAGE} bytes`),
};
/** As statuscodes.md of the gRPC protocol has it for a call with another number of messages than its method takes. */
const NOT_ONE: OutgoingHttpHeaders = {
  'grpc-status': status.UNIMPLEMENTED,
  'grpc-message': encodeURI('The call must have exactly one message, and all of it'),
};
/** As grpc-js has it. Pages are cut far below, so this tells of a fault of ours, which the client can do something about. */
const TOO_LONG_AN_ANSWER = new SymbolonError(
  'overloaded',
  `The answer would be more than ${MAX_ANSWER} bytes. Ask for less at once`,
);
const COMPRESSED = new SymbolonError(
  'invalid_argument',
  'The message says that it is compressed, and grpc-encoding does not say how',
);

/** A method with its name and its messages. */
export interface UnaryMethod {
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly method: Method<unknown, unknown>;
  /** Writes a response, where it is worth while to do without the copies of `definition`. */
  readonly write: ((response: unknown, writer: BinaryWriter) => BinaryWriter) | undefined;
}

export class DirectCalls {
  readonly #context: CallContext;
  readonly #methods: ReadonlyMap<string, UnaryMethod>;
  /** Its room is used again and again. */
  #writer = new BinaryWriter();

  constructor(context: CallContext, methods: readonly UnaryMethod[]) {
    this.#context = context;
    this.#methods = new Map(methods.map((each) => [each.definition.path, each]));
  }

  /** False: it is for grpc-js. */
  take(stream: ServerHttp2Stream, headers: CallHeaders): boolean {
    const unary = this.#methods.get(String(headers[':path']));
    const encoding = headers['grpc-encoding'];
    const isPlain = encoding === undefined || encoding === 'identity';
    if (unary === undefined || !isPlain || headers[':method'] !== 'POST' || !TYPES.has(headers['content-type'])) {
      return false;
    }
    const began = headers['grpc-timeout'] === undefined ? 0 : Date.now();
    const message = new ArrivingMessage();
    stream.on('error', ignore);
    stream.on('data', (chunk: Buffer) => {
      if (isAnswered(stream)) {
        return;
      }
      message.add(chunk);
      if (message.isTooLong || message.isMoreThanOne) {
        answer(stream, message.isTooLong ? TOO_LONG : NOT_ONE);
        message.drop();
      }
    });
    stream.once('end', () => {
      if (!isAnswered(stream)) {
        this.#run(unary, stream, headers, message, began);
      }
    });
    return true;
  }

  #run(
    unary: UnaryMethod,
    stream: ServerHttp2Stream,
    headers: CallHeaders,
    arrived: ArrivingMessage,
    began: number,
  ): void {
    if (!arrived.isWhole) {
      fail(stream, NOT_ONE);
      return;
    }
    const { definition, method } = unary;
    const call = new DirectCall(stream, headers, definition.requestDeserialize(arrived.message), began);
    if (arrived.isCompressed) {
      fail(stream, trailersOf(COMPRESSED, call.requestId));
      return;
    }
    runCall(
      this.#context,
      method,
      call,
      (response) => this.#succeed(unary, stream, call, response),
      (error) => fail(stream, trailersOf(error, call.requestId)),
    );
  }

  #succeed(unary: UnaryMethod, stream: ServerHttp2Stream, call: DirectCall<unknown>, response: unknown): void {
    let message: Uint8Array;
    try {
      message = this.#bytesOf(unary, response);
    } catch (error) {
      const { requestId } = call;
      const told = publicError(error, requestId);
      this.#context.log.error({ requestId, cause: causesOf(error) }, 'an answer could not be written');
      fail(stream, trailersOf(told, requestId));
      return;
    }
    if (message.length > MAX_ANSWER) {
      const { requestId } = call;
      this.#context.log.error({ requestId, bytes: message.length }, 'an answer was too long');
      fail(stream, trailersOf(TOO_LONG_AN_ANSWER, requestId));
      return;
    }
    succeed(stream, message);
  }

  #bytesOf({ definition, write }: UnaryMethod, response: unknown): Uint8Array {
    if (write === undefined) {
      return definition.responseSerialize(response);
    }
    try {
      return write(response, this.#writer).finish();
    } catch (error) {
      // What was written of it must not stand before the next.
      this.#writer = new BinaryWriter();
      throw error;
    }
  }
}

const ignore = () => undefined;

/** Also by what looks after streams, or not to be answered any more. */
function isAnswered(stream: ServerHttp2Stream): boolean {
  return stream.headersSent || stream.closed || stream.destroyed;
}

function succeed(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (isAnswered(stream)) {
    return;
  }
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, PREFIX_BYTES);
  stream.respond(OPENING, WITH_TRAILERS);
  stream.once('wantTrailers', sendDone);
  stream.end(bytes);
}

function sendDone(this: ServerHttp2Stream): void {
  this.sendTrailers(DONE);
}

function fail(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  if (!isAnswered(stream)) {
    stream.respond({ ...OPENING, ...trailers }, { endStream: true });
  }
}
