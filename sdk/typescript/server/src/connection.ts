/** The way to the server. */
import { type ClientDuplexStream, connectivityState, Metadata } from '@grpc/grpc-js';
import {
  AccessServiceService,
  type BatchCheckResponse,
  type CheckRequest,
} from '../../../../gen/ts/symbolon/v1/access_service.ts';
import {
  type BatchIntrospectResponse,
  TokenServiceService,
  type WatchRevocationsRequest,
} from '../../../../gen/ts/symbolon/v1/token_service.ts';
import { callerMetadata, channelOptions, credentialsOf, requireSecret, TIMEOUT_MS } from '../../client/src/internal.ts';
import { Line } from './line.ts';
import type { VerifierOptions } from './options.ts';

const CHANNEL_OPTIONS = {
  // A connection of its own, so that another client is another connection: that of a cut cable looks alive for long.
  'grpc.use_local_subchannel_pool': 1,
  // As the watch itself waits: a server that is back must not be waited for longer.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [],
    methodConfig: [
      {
        name: [
          { service: 'symbolon.v1.TokenService', method: 'BatchIntrospect' },
          { service: 'symbolon.v1.AccessService', method: 'BatchCheck' },
        ],
        retryPolicy: {
          ...{ maxAttempts: 3, initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 3 },
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
} as const;

/** What comes is bytes: what can't be read is a matter of the watch, and not of grpc-js. */
export type WatchCall = ClientDuplexStream<WatchRevocationsRequest, Buffer>;

export class Connection {
  readonly #options: VerifierOptions;
  #metadata = new Metadata();
  #line: Line;
  /** The one before, for the calls that are under way on it. */
  #retired: Line | undefined;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.useClientSecret(options.clientSecret);
    this.#line = this.#connect();
  }

  /** For calls from now on. @throws SymbolonError when it can't be one */
  useClientSecret(clientSecret: string): void {
    requireSecret('clientSecret', clientSecret);
    this.#metadata = callerMetadata(this.#options.clientId, clientSecret);
  }

  #connect(): Line {
    const { address } = this.#options;
    return new Line(address, credentialsOf(this.#options), { ...CHANNEL_OPTIONS, ...channelOptions(address) });
  }

  /** Whether what is sent now leaves now. */
  get isConnected(): boolean {
    return this.#line.client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** Goes on over another line. Calls on the old one end by themselves, for as long as the next one is good. */
  renew(): void {
    this.#retired?.cut();
    this.#line.retire();
    this.#retired = this.#line;
    this.#line = this.#connect();
  }

  introspect(tokens: readonly string[], done: (error: unknown, response?: BatchIntrospectResponse) => void): void {
    const line = this.#line;
    const request = { tokens: [...tokens], atLeastRevision: 0, maxStaleness: undefined };
    const deadline = Date.now() + (this.#options.timeoutMs ?? TIMEOUT_MS);
    line.began();
    line.client.batchIntrospect(request, this.#metadata, { deadline }, (error, response) => {
      line.ended();
      done(error, response);
    });
  }

  checkPermissions(
    checks: readonly CheckRequest[],
    done: (error: unknown, response?: BatchCheckResponse) => void,
  ): void {
    const line = this.#line;
    const { path, requestSerialize, responseDeserialize } = AccessServiceService.batchCheck;
    const request = { checks: [...checks], atLeastRevision: 0 };
    const deadline = Date.now() + (this.#options.timeoutMs ?? TIMEOUT_MS);
    const ended = (error: unknown, response?: BatchCheckResponse) => {
      line.ended();
      done(error, response);
    };
    line.began();
    line.client.makeUnaryRequest(
      ...([path, requestSerialize, responseDeserialize, request, this.#metadata, { deadline }] as const),
      ended,
    );
  }

  watch(): WatchCall {
    const { path, requestSerialize } = TokenServiceService.watchRevocations;
    return this.#line.client.makeBidiStreamRequest(path, requestSerialize, (bytes) => bytes, this.#metadata);
  }

  close(): void {
    this.#retired?.cut();
    this.#line.cut();
  }
}
