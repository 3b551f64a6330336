/**
 * The socket of the operator on the machine: the services of the contract over a Unix socket that only the owner of the store can open.
 * Who can open it could as well open the store, so that it needs no credential; it says in which tenant it acts, and its name.
 */
import { chmodSync } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { OPERATOR_KEY, TENANT_KEY } from '../calls/operator-keys.ts';
import type { CallContext } from '../calls/run.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Caller } from '../core/operations/authenticate.ts';
import { operatorOnMachine } from '../core/operations/machine-operator.ts';
import { LIMITS, MAX_IDLE_MS } from './limits.ts';
import { addServices } from './services.ts';

const MAX_NAME = 64;

export class OperatorSocket {
  readonly #server: Server;
  readonly path: string;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.path = path;
  }

  /** Listens at a path where nothing is. The directory must be the owner's alone. */
  static async start(context: Pick<CallContext, 'services' | 'log'>, path: string): Promise<OperatorSocket> {
    const server = new Server({ ...LIMITS, 'grpc.max_connection_idle_ms': MAX_IDLE_MS });
    addServices(server, { ...context, findCaller: (header) => operatorOf(context, header) });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    try {
      chmodSync(path, 0o600);
    } catch (error) {
      server.forceShutdown();
      throw error;
    }
    return new OperatorSocket(server, path);
  }

  /** Takes no new calls and finishes those in flight; what is left after the grace period is cut off. */
  async drain(graceMs: number): Promise<void> {
    this.#server.drain(`unix:${this.path}`, graceMs);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
  }
}

type Header = (name: string) => string | undefined;

async function operatorOf({ services }: Pick<CallContext, 'services'>, header: Header): Promise<Caller> {
  return operatorOnMachine(services, { tenantId: textIn(header, TENANT_KEY), name: textIn(header, OPERATOR_KEY) });
}

function textIn(header: Header, key: string): string {
  const value = header(key) ?? '';
  try {
    const text = decodeURIComponent(value);
    if (text.length <= MAX_NAME && !/\p{Cc}/u.test(text)) {
      return text;
    }
  } catch {
    // Refused below.
  }
  throw new SymbolonError('invalid_argument', `${key} must be at most ${MAX_NAME} characters, written as in a URL`);
}
