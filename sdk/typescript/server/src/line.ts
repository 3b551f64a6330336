/** One channel to the server, with the sockets that it opens: grpc-js leaves those open that are still being connected when it is closed. */
import type { Socket } from 'node:net';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import { TokenServiceClient } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import { watchSockets } from '../../client/src/internal.ts';
import { backoffMs } from './core/backoff.ts';

/** A connection that lasted for less was no good. */
const GOOD_MS = 2_000;

export class Line {
  readonly client: TokenServiceClient;
  readonly #sockets = new Set<Socket>();
  #calls = 0;
  /** How many connections were no good one after the other, and before when there is no other. */
  #bad = 0;
  #notBefore = 0;
  #isClosed = false;

  /** `credentials`: of this line alone. */
  constructor(address: string, credentials: ChannelCredentials, options: ChannelOptions) {
    // It also connects again at once where a server ends what has just been set up.
    watchSockets(credentials, {
      connecting: () => this.#requirePause(),
      connected: (socket) => this.#hold(socket),
    });
    this.client = new TokenServiceClient(address, credentials, options);
  }

  /** A call of it begins that has a deadline. */
  began(): void {
    this.#calls += 1;
  }

  ended(): void {
    this.#calls -= 1;
    this.#cutIdle();
  }

  /** Takes no more calls. Its sockets end with the last of those that are under way. */
  retire(): void {
    this.#isClosed = true;
    this.client.close();
    this.#cutIdle();
  }

  /** Its sockets end now. */
  cut(): void {
    this.#calls = 0;
    this.retire();
  }

  #cutIdle(): void {
    if (this.#isClosed && this.#calls <= 0) {
      for (const socket of this.#sockets) {
        socket.destroy();
      }
    }
  }

  /** Calls fail meanwhile, as while nobody listens. */
  #requirePause(): void {
    if (performance.now() < this.#notBefore) {
      throw new Error(
        'connections end as soon as they are set up. See that address is the port of gRPC, that both sides speak TLS or neither, ' +
          'that the certificate is good, and that there are not hundreds of verifiers: one is enough for a process',
      );
    }
  }

  #hold(socket: Socket): void {
    const connectedAt = performance.now();
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#bad = performance.now() - connectedAt < GOOD_MS ? this.#bad + 1 : 0;
      if (this.#bad > 0) {
        this.#notBefore = connectedAt + backoffMs({ earlier: this.#bad - 1, isHopeless: false }, Math.random());
      }
    });
    this.#cutIdle();
  }
}
