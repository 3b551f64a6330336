/** The bare client: every method of the contract, on one connection. */
import type { Socket } from 'node:net';
import { Client as GrpcClient, type Metadata } from '@grpc/grpc-js';
import { IDEMPOTENT } from '../../../../gen/ts/symbolon/idempotent.ts';
import { AccessServiceService } from '../../../../gen/ts/symbolon/v1/access_service.ts';
import { AuditServiceService } from '../../../../gen/ts/symbolon/v1/audit_service.ts';
import { ClientServiceService } from '../../../../gen/ts/symbolon/v1/client_service.ts';
import { ConsentServiceService } from '../../../../gen/ts/symbolon/v1/consent_service.ts';
import { DeviceServiceService } from '../../../../gen/ts/symbolon/v1/device_service.ts';
import { ResourceServerServiceService } from '../../../../gen/ts/symbolon/v1/resource_server_service.ts';
import { ServerServiceService } from '../../../../gen/ts/symbolon/v1/server_service.ts';
import { TenantServiceService } from '../../../../gen/ts/symbolon/v1/tenant_service.ts';
import { TokenServiceService } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import { UserServiceService } from '../../../../gen/ts/symbolon/v1/user_service.ts';
import { type Calls, callsOf, type Line } from './calls.ts';
import { callerMetadata, channelOptions, credentialsOf } from './credentials.ts';
import {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  checkConnection,
  type Names,
  requireNames,
  requireSecret,
} from './options.ts';
import { watchSockets } from './sockets.ts';

/** A login hashes a password, and may wait for others that do. */
const TIMEOUT_MS = 10_000;

const CHANNEL_OPTIONS = {
  // Balancers forget a silent connection without a word, and the first call after it would wait for its deadline.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [],
    methodConfig: [
      {
        name: IDEMPOTENT.map((path) => path.split('/')).map(([, service, method]) => ({ service, method })),
        retryPolicy: {
          ...{ maxAttempts: 3, initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 3 },
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
} as const;

export interface ClientOptions extends ConnectionOptions {
  /** Absent of a public client, which only names itself. It may call Issue, Refresh, Revoke by token, and what users do for themselves. */
  readonly clientSecret?: string;
  /** After how many milliseconds a call is given up that says nothing else. 10,000 unless set. */
  readonly timeoutMs?: number;
}

const NAMES: Names<ClientOptions> = { ...CONNECTION_OPTIONS, clientSecret: true };

/** Calls a server as one of its clients. Every failure is a SymbolonError. Make one, and keep it: it is one connection. */
export class Client implements Disposable {
  readonly tokens: Calls<TokenServiceService>;
  readonly users: Calls<UserServiceService>;
  readonly devices: Calls<DeviceServiceService>;
  readonly clients: Calls<ClientServiceService>;
  readonly resourceServers: Calls<ResourceServerServiceService>;
  readonly consents: Calls<ConsentServiceService>;
  readonly access: Calls<AccessServiceService>;
  readonly tenants: Calls<TenantServiceService>;
  readonly audit: Calls<AuditServiceService>;
  readonly server: Calls<ServerServiceService>;
  readonly #clientId: string;
  readonly #grpc: GrpcClient;
  readonly #sockets = new Set<Socket>();
  #metadata: Metadata;
  #calls = 0;
  #isClosed = false;

  /** Connects with the first call. @throws SymbolonError when an option is wrong */
  constructor(options: ClientOptions) {
    requireNames(options, NAMES);
    const { clientId, clientSecret } = options;
    checkConnection(options);
    if (clientSecret !== undefined) {
      requireSecret('clientSecret', clientSecret);
    }
    this.#clientId = clientId;
    this.#metadata = callerMetadata(clientId, clientSecret ?? '');
    const credentials = credentialsOf(options);
    watchSockets(credentials, { connected: (socket) => this.#hold(socket) });
    this.#grpc = new GrpcClient(options.address, credentials, {
      ...CHANNEL_OPTIONS,
      ...channelOptions(options.address),
    });
    const line: Line = {
      isClosed: () => this.#isClosed,
      open: () => this.#open(),
      ended: () => this.#ended(),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    };
    this.tokens = callsOf(line, TokenServiceService);
    this.users = callsOf(line, UserServiceService);
    this.devices = callsOf(line, DeviceServiceService);
    this.clients = callsOf(line, ClientServiceService);
    this.resourceServers = callsOf(line, ResourceServerServiceService);
    this.consents = callsOf(line, ConsentServiceService);
    this.access = callsOf(line, AccessServiceService);
    this.tenants = callsOf(line, TenantServiceService);
    this.audit = callsOf(line, AuditServiceService);
    this.server = callsOf(line, ServerServiceService);
  }

  #open(): ReturnType<Line['open']> {
    this.#calls += 1;
    return { grpc: this.#grpc, metadata: this.#metadata };
  }

  #ended(): void {
    this.#calls -= 1;
    this.#cutIdle();
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#cutIdle();
  }

  /** A process must be able to end, whatever is at the other end of a connection. */
  #cutIdle(): void {
    if (this.#isClosed && this.#calls === 0) {
      for (const socket of this.#sockets) {
        socket.destroy();
      }
    }
  }

  /** Goes on with another secret of the client: calls from now on carry it. @throws SymbolonError when it can't be one */
  useClientSecret(clientSecret: string): void {
    requireSecret('clientSecret', clientSecret);
    this.#metadata = callerMetadata(this.#clientId, clientSecret);
  }

  /** Calls fail from here on, and those that wait for a connection. Those that are under way end by themselves. */
  close(): void {
    this.#isClosed = true;
    this.#grpc.close();
    this.#cutIdle();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
