/** Real clients of the gRPC server. */

import {
  type CallOptions,
  ChannelCredentials,
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  loadPackageDefinition,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { ErrorInfo, RetryInfo } from '../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../gen/ts/google/rpc/status.ts';
import {
  type IntrospectRequest,
  type IntrospectResponse,
  type IssuedTokens,
  type IssueRequest,
  type IssueResponse,
  RevocationWait,
  RevokeRequest,
  type RevokeResponse,
  TokenServiceClient,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { tokensIn } from '../issue-result.ts';
import { untilLeased } from './program.ts';

/** For the tests' calls, not the server's: longer than its own deadline. */
const CALL_DEADLINE_MS = 20_000;

/** A call that failed, as a caller sees it. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly status: string;
  /** The name of the ErrorReason; empty when the status carries none, as when there is no server. */
  readonly reason: string;
  readonly retryDelay: RetryInfo['retryDelay'];

  constructor({ code, details, metadata }: ServiceError) {
    const { reason, retryDelay } = detailsOf(metadata);
    super(`${status[code]} ${reason} ${details}`);
    this.status = status[code];
    this.reason = reason;
    this.retryDelay = retryDelay;
  }
}

function detailsOf(metadata: Metadata): Pick<CallFailed, 'reason' | 'retryDelay'> {
  const [bytes] = metadata.get('grpc-status-details-bin');
  const details = Buffer.isBuffer(bytes) ? Status.decode(bytes).details : [];
  const find = (name: string) => details.find(({ typeUrl }) => typeUrl.endsWith(name))?.value;
  const info = find('.ErrorInfo');
  const retry = find('.RetryInfo');
  return {
    reason: info === undefined ? '' : ErrorInfo.decode(info).reason,
    retryDelay: retry === undefined ? undefined : RetryInfo.decode(retry).retryDelay,
  };
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

export function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
}

/** One caller of TokenService on a connection of its own. */
export class TokenClient implements Disposable {
  readonly #client: TokenServiceClient;
  readonly #metadata = new Metadata();
  /** Whether it repeats what a node on PostgreSQL did not begin because it had lost its lease, as on a machine that stood still. */
  #isPersistent = false;

  constructor(address: string, authorization: string, credentials = ChannelCredentials.createInsecure()) {
    // Without this, clients of one address share a connection.
    this.#client = new TokenServiceClient(address, credentials, { 'grpc.use_local_subchannel_pool': 1 });
    this.#metadata.set('authorization', authorization);
  }

  persistently(): this {
    this.#isPersistent = true;
    return this;
  }

  static admin({ grpc, admin }: DemoRecord): TokenClient {
    return new TokenClient(grpc, basic(admin.client_id, admin.client_secret));
  }

  async issue(request: Partial<IssueRequest>): Promise<IssuedTokens> {
    const whole = { credential: undefined, expireTime: undefined, scopes: [], requestId: '', resource: '', ...request };
    return present(tokensIn(await this.#call(this.#client.issue, whole)));
  }

  /** A user's login that a second factor may have to follow. */
  issueOrChallenge(username: string, password: string): Promise<IssueResponse> {
    const credential = { $case: 'userPassword', value: { username, password } } as const;
    return this.#call(this.#client.issue, {
      credential,
      expireTime: undefined,
      scopes: [],
      requestId: '',
      resource: '',
    });
  }

  /** A user's login. */
  logIn(username: string, password: string): Promise<IssuedTokens> {
    return this.issue({ credential: { $case: 'userPassword', value: { username, password } } });
  }

  /** Tokens of a client, which cost no password hash. */
  issueToClient({ client_id, client_secret }: DemoRecord['admin'], requestId = ''): Promise<IssuedTokens> {
    const value = { clientId: client_id, clientSecret: client_secret };
    return this.issue({ credential: { $case: 'clientSecret', value }, requestId });
  }

  async refresh(refreshToken: string): Promise<IssuedTokens> {
    const request = { refreshToken, expireTime: undefined, resource: '' };
    return present((await this.#call(this.#client.refresh, request)).tokens);
  }

  introspect(token: string, bounds: Partial<IntrospectRequest> = {}): Promise<IntrospectResponse> {
    return this.#call(this.#client.introspect, { token, atLeastRevision: 0, maxStaleness: undefined, ...bounds });
  }

  async isActive(token: string): Promise<boolean> {
    return (await this.introspect(token)).active;
  }

  async batchIntrospect(tokens: readonly string[]): Promise<readonly IntrospectResponse[]> {
    const request = { tokens: [...tokens], atLeastRevision: 0, maxStaleness: undefined };
    return (await this.#call(this.#client.batchIntrospect, request)).answers;
  }

  /** Answers the revision. */
  async revoke(target: RevokeRequest['target'], wait: RevocationWait = RevocationWait.UNSPECIFIED): Promise<number> {
    return (await this.#call(this.#client.revoke, RevokeRequest.fromPartial({ target, wait }))).revision;
  }

  /** Answers when no verifier takes the token for live any more. */
  revokeAndWait(token: string): Promise<RevokeResponse> {
    const target = { $case: 'token' as const, value: token };
    return this.#call(this.#client.revoke, RevokeRequest.fromPartial({ target, wait: RevocationWait.VERIFIERS }));
  }

  revokeToken(token: string): Promise<number> {
    return this.revoke({ $case: 'token', value: token });
  }

  #call<Request, Response>(method: Method<Request, Response>, request: Request): Promise<Response> {
    const ask = () => this.#callOnce(method, request);
    return this.#isPersistent ? untilLeased(ask) : ask();
  }

  #callOnce<Request, Response>(method: Method<Request, Response>, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + CALL_DEADLINE_MS };
      method.call(this.#client, request, this.#metadata, options, (error, response) =>
        error === null ? resolve(response) : reject(new CallFailed(error)),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('the answer holds no tokens');
  }
  return value;
}

/** How a call that must fail did: its status and reason. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailed> {
  const answer: unknown = await call.catch((error: unknown) => error);
  if (answer instanceof CallFailed) {
    return answer;
  }
  throw new Error(`the call did not fail: ${JSON.stringify(answer)}`);
}

export const WRITE_HEALTH = 'symbolon.store.write';

interface HealthAnswer {
  readonly status: string;
}

interface HealthMethods extends Client {
  check: Method<{ service: string }, HealthAnswer>;
  watch(request: { service: string }): ClientReadableStream<HealthAnswer>;
}

const HEALTH = loadPackageDefinition(loadSync(protoPath, { enums: String, defaults: true })) as unknown as {
  grpc: { health: { v1: { Health: new (address: string, credentials: ChannelCredentials) => HealthMethods } } };
};

/** A client of grpc.health.v1. */
export class HealthClient implements Disposable {
  readonly #client: HealthMethods;

  constructor(address: string) {
    this.#client = new HEALTH.grpc.health.v1.Health(address, ChannelCredentials.createInsecure());
  }

  check(service: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + CALL_DEADLINE_MS };
      this.#client.check({ service }, new Metadata(), options, (error, answer) =>
        error === null ? resolve(answer.status) : reject(new CallFailed(error)),
      );
    });
  }

  /** The statuses that a Watch was told; it grows. The stream stays open until the server or `dispose` ends it. */
  watch(service: string): string[] {
    const told: string[] = [];
    this.#client
      .watch({ service })
      .on('data', (answer: HealthAnswer) => told.push(answer.status))
      .on('error', () => told.push('ended'))
      .on('end', () => told.push('ended'));
    return told;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
