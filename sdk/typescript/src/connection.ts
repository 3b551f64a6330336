/** The way to the server. */
import { ChannelCredentials, Metadata } from '@grpc/grpc-js';
import { type BatchIntrospectResponse, TokenServiceClient } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from './errors.ts';

export interface ConnectionOptions {
  /** `host:port` of the server, or another address that gRPC knows. */
  readonly address: string;
  /** A confidential client of the tenant with the role INTROSPECT, or an admin. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the authorities that the server's certificate comes from. Absent: those that Node knows. */
  readonly rootCertificates?: string | Buffer;
  /** Speaks without TLS, which shows secrets and tokens to the network. Without being asked for it is only done on loopback. */
  readonly plaintext?: boolean;
  /** After how many milliseconds a call to the server is given up. 2,000 unless set. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;

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
        name: [{ service: 'symbolon.v1.TokenService', method: 'BatchIntrospect' }],
        retryPolicy: {
          ...{ maxAttempts: 3, initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 3 },
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
} as const;

export type WatchCall = ReturnType<TokenServiceClient['watchRevocations']>;

export class Connection {
  readonly #address: string;
  readonly #credentials: ChannelCredentials;
  readonly #metadata = new Metadata();
  readonly #timeoutMs: number;
  #client: TokenServiceClient;

  constructor(options: ConnectionOptions) {
    const { address, clientId, clientSecret, timeoutMs = TIMEOUT_MS } = options;
    requireText('address', address);
    requireText('clientId', clientId);
    requireText('clientSecret', clientSecret);
    this.#address = address;
    this.#credentials = credentialsOf(options);
    this.#timeoutMs = timeoutMs;
    this.#metadata.set('authorization', `Basic ${Buffer.from(pairOf(clientId, clientSecret)).toString('base64')}`);
    this.#client = this.#connect();
  }

  #connect(): TokenServiceClient {
    return new TokenServiceClient(this.#address, this.#credentials, CHANNEL_OPTIONS);
  }

  /** Goes on over another line. Calls on the old one end by themselves. */
  renew(): void {
    this.#client.close();
    this.#client = this.#connect();
  }

  introspect(tokens: readonly string[], done: (error: unknown, response?: BatchIntrospectResponse) => void): void {
    const request = { tokens: [...tokens], atLeastRevision: 0, maxStaleness: undefined };
    const deadline = Date.now() + this.#timeoutMs;
    this.#client.batchIntrospect(request, this.#metadata, { deadline }, done);
  }

  watch(): WatchCall {
    return this.#client.watchRevocations(this.#metadata);
  }

  close(): void {
    this.#client.close();
  }
}

/** Form-encoded as RFC 6749 section 2.3.1 has it: a secret may have a colon in it. */
function pairOf(clientId: string, clientSecret: string): string {
  return `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
}

function credentialsOf({ address, rootCertificates, plaintext }: ConnectionOptions): ChannelCredentials {
  if (plaintext ?? (rootCertificates === undefined && isLoopback(address))) {
    return ChannelCredentials.createInsecure();
  }
  return ChannelCredentials.createSsl(rootCertificates === undefined ? null : Buffer.from(rootCertificates));
}

function isLoopback(address: string): boolean {
  return /^(?:(?:dns|ipv4):(?:\/\/\/)?)?(?:localhost|127\.\d+\.\d+\.\d+)(?::\d+)?$|^(?:ipv6:)?\[::1\](?::\d+)?$|^unix:/.test(
    address,
  );
}

function requireText(name: string, text: unknown): void {
  if (typeof text !== 'string' || text === '') {
    throw new SymbolonError('INVALID_ARGUMENT', `${name} must be a text that is not empty`);
  }
}
