/** WatchRevocations as grpc-js takes it: a call that is whole only when it ends. What is sent on it is decided in src/watch. */
import { type handleBidiStreamingCall, Metadata, type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { WatchRevocationsRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { beginCall, finishCall } from '../calls/call-record.ts';
import { newDeadline, within } from '../calls/deadline.ts';
import { publicError } from '../calls/errors.ts';
import { type CallContext, callerOf } from '../calls/run.ts';
import { SymbolonError } from '../core/errors.ts';
import type { WatchHub } from '../watch/hub.ts';
import { type Standing, standingOf } from '../watch/standing.ts';
import type { Sink, WatchMessage, WatchStream } from '../watch/watch-stream.ts';
import { cutOff } from './http2-servers.ts';
import { Malformed } from './messages/decode.ts';
import { parseWatchRequest, parseWatchStart, toWatchBytes } from './messages/watch.ts';
import { grpcStatus } from './status-details.ts';
import { GrpcCall } from './unary.ts';

/** For the bytes that were sent last, and the status behind them: who reads nothing does not get them. */
const LINGER_MS = 5_000;

type Request = WatchRevocationsRequest | Malformed;
type Call = ServerDuplexStream<Request, Buffer>;

/** Without a hub, at the socket of the operator, nobody watches. */
export function watchRevocations(
  context: CallContext,
  hub: WatchHub | undefined,
): handleBidiStreamingCall<Request, Buffer> {
  return (call) => {
    if (hub === undefined) {
      call.emit('error', { code: status.UNIMPLEMENTED, details: 'WatchRevocations is at the gRPC address alone' });
      return;
    }
    new WatchCall(context, hub, call).begin();
  };
}

class WatchRecord extends GrpcCall<unknown> {
  override get lasts(): boolean {
    return true;
  }
}

class WatchCall implements Sink {
  readonly #context: CallContext;
  readonly #hub: WatchHub;
  readonly #call: Call;
  readonly #record: WatchRecord;
  #standing: Standing | undefined;
  #stream: WatchStream | undefined;
  #isOver = false;

  constructor(context: CallContext, hub: WatchHub, call: Call) {
    this.#context = context;
    this.#hub = hub;
    this.#call = call;
    this.#record = new WatchRecord(call);
  }

  begin(): void {
    const call = this.#call;
    beginCall(this.#context, this.#record, 'WatchRevocations', 'info');
    call.on('cancelled', () => this.#gone());
    this.#findStanding().then(
      (standing) => {
        this.#standing = standing;
        call.on('data', (request: Request) => this.#receive(request));
        // Of a stream that is cancelled grpc-js tells its end first.
        call.on('end', () => setImmediate(() => this.#wishesNoMore()));
      },
      (error: unknown) => this.end(error),
    );
  }

  send(message: WatchMessage, onTaken: () => void): void {
    this.#call.write(toWatchBytes(message), (error: Error | null | undefined) => {
      if (error === null || error === undefined) {
        onTaken();
      }
    });
  }

  end(thrown: unknown): void {
    if (this.#isOver) {
      return;
    }
    const error = thrown === undefined ? undefined : publicError(thrown, this.#record.requestId);
    this.#finish(error?.code ?? 'ok', error);
    const call = this.#call;
    if (call.cancelled) {
      return;
    }
    if (error === undefined) {
      call.end();
    } else {
      call.emit('error', grpcStatus(error, this.#record.requestId));
    }
    const timer = setTimeout(() => cutOff(call), LINGER_MS);
    call.once('cancelled', () => clearTimeout(timer));
  }

  /** What may be watched is what may be asked for: the caller's own tenant, with the right to introspect. */
  async #findStanding(): Promise<Standing> {
    const { services } = this.#context;
    const caller = await within(newDeadline(), callerOf(this.#context, this.#record));
    this.#record.caller = caller;
    return standingOf(services, caller);
  }

  #receive(request: Request): void {
    if (this.#isOver) {
      return;
    }
    try {
      if (request instanceof Malformed) {
        throw new SymbolonError('invalid_argument', request.message);
      }
      if (this.#stream === undefined) {
        this.#open(request);
      } else {
        this.#stream.receive(parseWatchRequest(request));
      }
    } catch (error) {
      this.#endWith(error);
    }
  }

  #open(request: WatchRevocationsRequest): void {
    const { caller } = this.#record;
    const start = parseWatchStart(request);
    if (caller === undefined || this.#standing === undefined) {
      throw new SymbolonError('internal', 'a watcher without a caller');
    }
    const { tenantId, clientId } = caller;
    this.#stream = this.#hub.open({ ...start, tenantId, clientId, standing: this.#standing, sink: this });
    // At once: until it is answered it takes a place of messages that are on their way, and a fleet of verifiers comes together.
    this.#call.sendMetadata(new Metadata());
  }

  #endWith(error: unknown): void {
    if (this.#stream === undefined) {
      this.end(error);
    } else {
      this.#stream.end(publicError(error, this.#record.requestId));
    }
  }

  /** It has closed its half: all that it was sent, it was sent. */
  #wishesNoMore(): void {
    if (this.#isOver) {
      return;
    }
    if (this.#stream === undefined) {
      this.end(new SymbolonError('invalid_argument', 'start is missing: it must be in the first request'));
    } else {
      this.#stream.close();
    }
  }

  /** It was cancelled, its deadline has passed, its connection is lost; or the status has left. */
  #gone(): void {
    if (!this.#isOver) {
      this.#finish('aborted', undefined);
      this.#stream?.close();
    }
  }

  #finish(code: string, error: SymbolonError | undefined): void {
    this.#isOver = true;
    this.#record.code = code;
    this.#record.cause = error?.cause;
    finishCall(this.#context, this.#record);
  }
}
