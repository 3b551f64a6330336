/** A server of the protocol whose streams a test plays by hand, over a real socket: for what the real server never does. */
import type { EventEmitter } from 'node:events';
import { Metadata, Server, ServerCredentials, type ServerDuplexStream, type ServiceError, status } from '@grpc/grpc-js';
import { ErrorInfo, RetryInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../gen/ts/google/rpc/status.ts';
import { DOMAIN } from '../../../gen/ts/symbolon/domain.ts';
import {
  AccessServiceService,
  type BatchCheckRequest,
  type CheckRequest,
  type CheckResponse,
} from '../../../gen/ts/symbolon/v1/access_service.ts';
import {
  type IntrospectResponse,
  TokenKind,
  TokenServiceService,
  type WatchRevocationsRequest,
  WatchRevocationsResponse,
} from '../../../gen/ts/symbolon/v1/token_service.ts';
import { Verifier, type VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';
import { eventually } from '../../process/program.ts';

/** Bytes are sent as they are. */
type Call = ServerDuplexStream<WatchRevocationsRequest, WatchRevocationsResponse | Buffer>;

const WATCH = {
  ...TokenServiceService.watchRevocations,
  responseSerialize: (response: WatchRevocationsResponse | Buffer) =>
    Buffer.isBuffer(response) ? response : TokenServiceService.watchRevocations.responseSerialize(response),
};

/** One stream, with all that was said on it. */
export class ScriptedStream {
  readonly requests: WatchRevocationsRequest[] = [];
  hasEnded = false;
  /** Address and port of the connection's other end. */
  readonly peer: string;
  readonly #call: Call;
  readonly #echoed: (newest: number) => number;
  #revision: number | undefined;

  /** `echoed`: which heartbeat is answered after the newest came. */
  constructor(call: Call, echoed: (newest: number) => number) {
    this.#call = call;
    this.#echoed = echoed;
    this.peer = call.getPeer();
    call.on('data', (request: WatchRevocationsRequest) => {
      this.requests.push(request);
      // Once it has said something it answers every heartbeat, so that no test hangs on how quick a machine is.
      if (this.#revision !== undefined && request.heartbeat > 0) {
        this.send({ revision: this.#revision });
      }
    });
    call.on('cancelled', () => {
      this.hasEnded = true;
    });
    call.on('error', () => {});
  }

  /** Nothing was said on it yet by the server. */
  get isNew(): boolean {
    return this.#revision === undefined;
  }

  get start() {
    return this.requests[0]?.start;
  }

  get authorization(): string {
    return String(this.#call.metadata.get('authorization'));
  }

  get heartbeat(): number {
    return Math.max(...this.requests.map(({ heartbeat }) => heartbeat));
  }

  get acknowledged(): number {
    return Math.max(...this.requests.map(({ acknowledgedRevision }) => acknowledgedRevision));
  }

  /** By default an answer to the newest heartbeat, without events. */
  send(response: Partial<WatchRevocationsResponse>): void {
    const { revision = 0 } = response;
    this.#revision = revision;
    this.#call.write({
      ...{ previousRevision: revision, revision, events: [], heartbeat: this.#echoed(this.heartbeat), afresh: false },
      ...{ acknowledgeNow: false, longestBound: undefined },
      ...response,
    });
  }

  /** Whatever it is. */
  sendBytes(bytes: Uint8Array): void {
    this.#call.write(Buffer.from(bytes));
  }

  fail(code: status, details: string, metadata = new Metadata()): void {
    this.#call.emit('error', { code, details, metadata } as ServiceError);
  }

  /** As a server ends a stream when another one of the same verifier begins. */
  replaced(): void {
    const info = ErrorInfo.encode({ reason: 'WATCHER_REPLACED', domain: DOMAIN, metadata: {} }).finish();
    this.#failWith(status.ABORTED, 'ErrorInfo', info);
  }

  /** With how long to wait. */
  failFor(code: status, seconds: number): void {
    this.#failWith(code, 'RetryInfo', RetryInfo.encode({ retryDelay: { seconds, nanos: 0 } }).finish());
  }

  #failWith(code: status, type: string, value: Uint8Array): void {
    const { details, metadata } = failureWith(code, [type, value]);
    this.fail(code, details, metadata);
  }
}

/** A failure as the server says it, with one detail of `google.rpc`. */
export function failureWith(code: status, detail: readonly [type: string, value: Uint8Array] | undefined) {
  const metadata = new Metadata();
  if (detail !== undefined) {
    const [type, value] = detail;
    const details = [{ typeUrl: `type.googleapis.com/google.rpc.${type}`, value: Buffer.from(value) }];
    metadata.set('grpc-status-details-bin', Buffer.from(Status.encode({ code, message: '', details }).finish()));
  }
  return { code, details: 'as the test has it', metadata };
}

/** Servers answer the newest heartbeat. A verifier must not count on that. */
export type Echo = 'newest' | 'first' | 'never sent' | 'none';

/** What a server of an older contract does not know. */
export type Lack = 'batchIntrospect' | 'watchRevocations';

export class ScriptedServer implements AsyncDisposable {
  readonly streams: ScriptedStream[] = [];
  /** The tokens of each call. */
  readonly calls: (readonly string[])[] = [];
  /** What tokens that are live are answered with. */
  live: Partial<IntrospectResponse> | undefined = {};
  revision = 1;
  port = 0;
  error: Partial<ServiceError> | undefined;
  /** Answers are read at once, and leave when this comes about. */
  held: Promise<unknown> | undefined;
  /** Whether each stream that begins is answered at once, as the real server does: a verifier on a slow machine begins many. */
  greets = false;
  /** The revision that a stream was told last. */
  told: number | undefined;
  /** For how long it says that a verifier may be open at most. */
  longestBound: WatchRevocationsResponse['longestBound'];
  answersTooFew = false;
  /** Which heartbeat messages answer. */
  echo: Echo = 'newest';
  /** Of these tokens nothing is live. */
  dead: ReadonlySet<string> = new Set();
  /** How many calls of Introspect or Issue were given up. */
  cancelled = 0;
  /** Calls of Introspect and Issue: their names. The first of them fail with UNAVAILABLE, as many as `refused` says. */
  readonly bareCalls: string[] = [];
  refused = 0;
  /** What questions about permissions are answered with, and how many were asked. */
  access: Pick<CheckResponse, 'allowed' | 'reason' | 'userId' | 'timeToLive'> | undefined;
  accessAsked = 0;
  readonly #server = new Server();

  static async start(lack?: Lack): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    const { batchIntrospect, introspect, issue } = TokenServiceService;
    const has = ([name]: [string, unknown]) => name !== lack;
    const methods = Object.entries({ batchIntrospect, introspect, issue, watchRevocations: WATCH }).filter(has);
    const handlers: object = {
      ...{ batchIntrospect: scripted.#batch, watchRevocations: scripted.#watch },
      introspect: scripted.#bare('introspect', ({ token }: { token: string }) => scripted.#answer(token)),
      issue: scripted.#bare('issue', () => ({})),
    };
    scripted.#server.addService(Object.fromEntries(methods) as never, handlers as never);
    scripted.#server.addService(AccessServiceService, {
      check: scripted.#access((token: CheckRequest) => scripted.#checked(token)),
      batchCheck: scripted.#access(({ checks }: BatchCheckRequest) => ({
        answers: checks.map((each) => scripted.#checked(each)),
      })),
    } as never);
    scripted.port = await new Promise((resolve, reject) =>
      scripted.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    );
    return scripted;
  }

  verifier(options: Partial<VerifierOptions> = {}): Verifier {
    return new Verifier({
      address: `127.0.0.1:${this.port}`,
      clientId: 'verifier',
      clientSecret: 'sys_secret',
      // Tests end watches by the dozen.
      onWatchEnd: () => {},
      ...options,
    });
  }

  /** The stream of this number, once its first request is there. */
  stream(index: number): Promise<ScriptedStream> {
    return eventually(`stream ${index}`, () =>
      this.streams[index]?.start === undefined ? undefined : this.streams[index],
    );
  }

  /** A verifier that is open at revision 1. */
  async opened(options: Partial<VerifierOptions> = {}): Promise<{ verifier: Verifier; stream: ScriptedStream }> {
    const verifier = this.verifier(options);
    const stream = await this.stream(this.streams.length);
    stream.send({ revision: this.revision, afresh: true });
    await eventually('open', () => verifier.isOpen || undefined);
    return { verifier, stream };
  }

  readonly #watch = (call: Call): void => {
    const stream = new ScriptedStream(call, (newest) => this.#echoed(newest));
    this.streams.push(stream);
    call.once('data', () => {
      if (this.greets) {
        const revision = this.told ?? this.revision;
        const { longestBound } = this;
        stream.send({ revision, afresh: stream.start?.resumeRevision !== revision, longestBound });
      }
    });
  };

  #echoed(newest: number): number {
    switch (this.echo) {
      case 'first':
        return Math.min(
          ...this.streams.flatMap(({ requests }) => requests.slice(0, 1)).map(({ heartbeat }) => heartbeat),
        );
      case 'never sent':
        return newest + 1_000;
      case 'none':
        return 0;
      default:
        return newest;
    }
  }

  readonly #batch = (
    { request }: { request: { tokens: string[] } },
    done: (error: Partial<ServiceError> | null, response?: { answers: IntrospectResponse[] }) => void,
  ): void => {
    this.calls.push(request.tokens);
    if (this.error !== undefined) {
      done(this.error);
      return;
    }
    const answers = request.tokens.map((token) => this.#answer(token));
    const response = { answers: this.answersTooFew ? answers.slice(1) : answers };
    if (this.held === undefined) {
      done(null, response);
    } else {
      void this.held.then(() => done(null, response));
    }
  };

  #bare<Request>(name: string, answer: (request: Request) => object) {
    type Call = EventEmitter & { request: Request };
    return (call: Call, done: (error: object | null, response?: object) => void): void => {
      const { request } = call;
      this.bareCalls.push(name);
      call.on('cancelled', () => {
        this.cancelled += 1;
      });
      if (this.bareCalls.length <= this.refused) {
        done({ code: status.UNAVAILABLE, details: 'as the test has it', metadata: new Metadata() });
      } else if (this.held === undefined) {
        done(null, answer(request));
      } else {
        void this.held.then(() => done(null, answer(request)));
      }
    };
  }

  #access<Request>(answer: (request: Request) => object) {
    return ({ request }: { request: Request }, done: (error: object | null, response?: object) => void): void => {
      if (this.error !== undefined) {
        this.accessAsked += 1;
        done(this.error);
        return;
      }
      // Read now, whenever it leaves.
      const response = answer(request);
      if (this.held === undefined) {
        done(null, response);
      } else {
        void this.held.then(() => done(null, response));
      }
    };
  }

  #checked({ token }: CheckRequest): CheckResponse {
    this.accessAsked += 1;
    const { allowed = false, reason = 0, userId = '', timeToLive } = this.access ?? {};
    return { ...{ allowed, reason, userId }, timeToLive: allowed ? timeToLive : undefined, token: this.#answer(token) };
  }

  #answer(token: string): IntrospectResponse {
    const now = { seconds: 0, nanos: 0 };
    return {
      ...{
        active: this.live !== undefined && !this.dead.has(token),
        tokenId: `ta_${token}`,
        kind: TokenKind.USER,
        tenantId: 'demo',
      },
      ...{ clientId: 'app', subjectId: 'ann', scopes: [], issueTime: now, expireTime: now, familyId: `fm_${token}` },
      ...{ revision: this.revision, timeToLive: { seconds: 3_600, nanos: 0 }, audience: '', consentId: '' },
      ...this.live,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }
}

/** An event with a target that no contract of today has. */
export function eventOfTomorrow(revision: number): Partial<WatchRevocationsResponse> {
  const event = WatchRevocationsResponse.encode(
    WatchRevocationsResponse.decode(
      // Field 2, one event: field 1 its revision, field 19 a text.
      Buffer.from([0x12, 6, 0x08, revision, 0x9a, 0x01, 1, 0x61]),
    ),
  ).finish();
  return { ...WatchRevocationsResponse.decode(event), previousRevision: revision - 1, revision };
}
