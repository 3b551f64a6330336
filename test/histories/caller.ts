/** One client of all nodes, on a connection of its own to each, whose calls may go without an answer. */

import {
  Client,
  type ClientUnaryCall,
  ChannelCredentials as Credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  type IssuedTokens,
  type IssueRequest,
  RevokeAllRequest,
  RevokeRequest,
  TokenServiceService,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { DisableUserRequest, UserServiceService } from '../../gen/ts/symbolon/v1/user_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { tokensIn } from '../issue-result.ts';
import { Line } from '../line.ts';
import { basic, CallFailed } from '../process/grpc-client.ts';
import type { Asked, Output, Pair, Recorder } from './history.ts';
import type { Fate, Login } from './program.ts';

/** However busy the machine is, a call that takes longer hangs. */
const MAX_CALL_MS = 30_000;
/** How a call ends whose outcome is unknown; so does one that fails without a reason, for no server said so. */
const WITHOUT_ANSWER = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'];
const REFUSALS: Readonly<Record<string, Output['kind']>> = {
  INVALID_REFRESH_TOKEN: 'refused',
  REQUEST_ID_REUSED: 'reused',
  INVALID_CREDENTIALS: 'denied',
};
const OPTIONS = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 20,
  'grpc.max_reconnect_backoff_ms': 200,
};

interface Connection {
  readonly line: Line;
  readonly client: Client;
}

/** Answers a pair along with what is recorded of it. */
export interface Answered {
  readonly output: Output;
  readonly pair?: Pair;
}

export class Caller implements AsyncDisposable {
  readonly #connections: readonly Connection[];
  readonly #recorder: Recorder;
  readonly #admin: DemoRecord['admin'];
  readonly #metadata = new Metadata({ waitForReady: true });

  private constructor(connections: readonly Connection[], recorder: Recorder, { admin }: DemoRecord) {
    this.#connections = connections;
    this.#recorder = recorder;
    this.#admin = admin;
    this.#metadata.set('authorization', basic(admin.client_id, admin.client_secret));
  }

  static async open(addresses: readonly string[], recorder: Recorder, demo: DemoRecord): Promise<Caller> {
    const connect = async (address: string): Promise<Connection> => {
      const line = await Line.start(portOf(address));
      return { line, client: new Client(`127.0.0.1:${line.port}`, Credentials.createInsecure(), OPTIONS) };
    };
    return new Caller(await Promise.all(addresses.map(connect)), recorder, demo);
  }

  /** A node serves at another address from now on. */
  moved(node: number, address: string): void {
    this.#connections[node]?.line.leadTo(portOf(address));
  }

  /** Undefined when the outcome is unknown. */
  async call(login: Login, asked: Asked, node: number, fate: Fate): Promise<Answered | undefined> {
    try {
      return await this.#send(login, asked, this.#connections[node] as Connection, fate);
    } catch (error) {
      if (!(error instanceof CallFailed)) {
        throw error;
      }
      const { reason, status, message } = error;
      if (reason === '' || WITHOUT_ANSWER.includes(status)) {
        return undefined;
      }
      const kind = REFUSALS[reason];
      return { output: kind === undefined ? { kind: 'failed', error: message } : { kind } };
    }
  }

  async #send(login: Login, asked: Asked, to: Connection, fate: Fate): Promise<Answered> {
    const user = { $case: 'userId', value: login.user?.userId ?? '' } as const;
    switch (asked.kind) {
      case 'issue': {
        const { requestId } = login;
        const request = {
          credential: this.#credentialOf(login),
          expireTime: undefined,
          scopes: [],
          requestId,
          resource: '',
        };
        return this.#paired(tokensIn(await unary(to, TokenServiceService.issue, request, this.#metadata, fate)));
      }
      case 'refresh': {
        const request = { refreshToken: asked.pair.refreshToken, expireTime: undefined, resource: '' };
        return this.#paired((await unary(to, TokenServiceService.refresh, request, this.#metadata, fate)).tokens);
      }
      case 'introspect':
        return this.#introspect(asked.pair, to, fate);
      case 'revoke': {
        const request = RevokeRequest.fromPartial({ target: targetOf(asked) });
        return done(await unary(to, TokenServiceService.revoke, request, this.#metadata, fate));
      }
      case 'revoke_all':
        return done(
          await unary(
            to,
            TokenServiceService.revokeAll,
            RevokeAllRequest.fromPartial({ target: user }),
            this.#metadata,
            fate,
          ),
        );
      case 'disable':
        return done(
          await unary(
            to,
            UserServiceService.disableUser,
            DisableUserRequest.fromPartial({ user: { user } }),
            this.#metadata,
            fate,
          ),
        );
      case 'enable':
        return done(await unary(to, UserServiceService.enableUser, { user: { user } }, this.#metadata, fate));
    }
  }

  #credentialOf({ user }: Login): IssueRequest['credential'] {
    const { client_id: clientId, client_secret: clientSecret } = this.#admin;
    return user === null
      ? { $case: 'clientSecret', value: { clientId, clientSecret } }
      : { $case: 'userPassword', value: { username: user.username, password: user.password } };
  }

  #paired(tokens: IssuedTokens | undefined): Answered {
    const pair = tokens && this.#recorder.pairOf(tokens);
    return pair === undefined
      ? { output: { kind: 'failed', error: 'the pair contradicts itself' } }
      : { output: { kind: 'pair', pair: pair.pair, generation: pair.generation }, pair };
  }

  async #introspect(pair: Pair, to: Connection, fate: Fate): Promise<Answered> {
    const request = { token: pair.accessToken, atLeastRevision: 0, maxStaleness: undefined };
    const said = await unary(to, TokenServiceService.introspect, request, this.#metadata, fate);
    const { active, revision, tokenId, familyId, subjectId } = said;
    if (!active) {
      return { output: { kind: 'inactive', revision } };
    }
    const isOfPair = tokenId === pair.tokenId && familyId === pair.familyId && subjectId === pair.subjectId;
    return isOfPair
      ? { output: { kind: 'active', pair: pair.pair, generation: pair.generation, revision } }
      : { output: { kind: 'failed', error: `another token was described: ${tokenId}` } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client, line } of this.#connections) {
      client.close();
      await line[Symbol.asyncDispose]();
    }
  }
}

/** Not every answer tells the revision. */
function done(response: object): Answered {
  const { revision } = response as { readonly revision?: number };
  return { output: { kind: 'done', ...(revision === undefined ? {} : { revision }) } };
}

function targetOf({ by, pair }: Extract<Asked, { kind: 'revoke' }>): RevokeRequest['target'] {
  switch (by) {
    case 'access token':
      return { $case: 'token', value: pair.accessToken };
    case 'refresh token':
      return { $case: 'token', value: pair.refreshToken };
    case 'token_id':
      return { $case: 'tokenId', value: pair.tokenId };
    case 'family_id':
      return { $case: 'familyId', value: pair.familyId };
  }
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function unary<Request, Response>(
  { client, line }: Connection,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
  request: Request,
  metadata: Metadata,
  fate: Fate,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + (fate.is === 'deadline' ? fate.ms : MAX_CALL_MS);
    const finished = (error: ServiceError | null, response?: Response) => {
      clearTimeout(timer);
      return error === null ? resolve(response as Response) : reject(new CallFailed(error));
    };
    const call: ClientUnaryCall = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline },
      finished,
    );
    const timer =
      fate.is === 'cancel' || fate.is === 'cut'
        ? setTimeout(() => (fate.is === 'cut' ? line.cut() : call.cancel()), fate.ms)
        : undefined;
  });
}
