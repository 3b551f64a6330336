/**
 * grpc.health.v1.Health by the ecosystem's implementation, with its watchers bounded: it needs no caller, so it must not let a
 * stranger grow it (the library remembers every name that was ever watched), and an open watch must not hold up the end.
 */
import { type Server, type ServerWritableStream, status, type UntypedHandleCall } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { PeerTallies } from '../calls/bounds.ts';
import { Holdings } from '../calls/holdings.ts';
import { addressOf, peerOf } from '../calls/peer.ts';
import type { Store } from '../core/services/store.ts';

/** The process, and its services: whether calls are taken and can be answered. */
const SERVING_NAMES = [
  '',
  'symbolon.v1.TokenService',
  'symbolon.v1.TenantService',
  'symbolon.v1.ClientService',
  'symbolon.v1.ResourceServerService',
  'symbolon.v1.UserService',
  'symbolon.v1.DeviceService',
  'symbolon.v1.ConsentService',
  'symbolon.v1.AccessService',
  'symbolon.v1.AuditService',
  'symbolon.v1.ServerService',
];
/** Whether the store can be written. */
export const WRITE_HEALTH_NAME = 'symbolon.store.write';

/** What a stranger may not fill: somebody who opens watches without end leaves room for those of load balancers. */
const MAX_WATCHERS = 1_000;
const MAX_WATCHERS_OF_PEER = 100;
/** Each name twice, and a few more. */
const MAX_WATCHERS_OF_CONNECTION = 20;

type WatchCall = ServerWritableStream<{ readonly service: string }, { readonly status: string }>;
type Watch = (call: WatchCall) => void;

export class Health {
  readonly #implementation = new HealthImplementation();
  readonly #watchers = new Set<WatchCall>();
  /** None gives way: a load balancer would take the end of its watch for the end of the server. */
  readonly #ofPeers: Holdings<WatchCall>;
  readonly #ofConnections = new Holdings<WatchCall>({
    max: MAX_WATCHERS,
    maxOfPeer: MAX_WATCHERS_OF_CONNECTION,
    canGiveWay: () => false,
    end: () => undefined,
  });
  #isServing = true;
  readonly #store: Pick<Store, 'isReadable' | 'isWritable'>;

  /** `shared`: the watches of all threads of the process. */
  constructor(store: Pick<Store, 'isReadable' | 'isWritable'>, shared?: PeerTallies) {
    this.#store = store;
    this.#ofPeers = new Holdings<WatchCall>({
      max: MAX_WATCHERS,
      maxOfPeer: MAX_WATCHERS_OF_PEER,
      canGiveWay: () => false,
      end: () => undefined,
      shared,
    });
  }

  addToServer(server: Server): void {
    this.#publish();
    this.#implementation.addToServer({
      addService: (definition, implementation) => {
        const watch = this.#bounded(implementation.watch as unknown as Watch);
        server.addService(definition, { ...implementation, watch: watch as UntypedHandleCall });
      },
    });
  }

  setServing(serving: boolean): void {
    this.#isServing = serving;
    this.#publish();
  }

  /** What the store says of itself has changed. */
  update(): void {
    this.#publish();
  }

  /** Ends the watches: what they said last stands. */
  close(): void {
    for (const call of this.#watchers) {
      call.end();
    }
  }

  #publish(): void {
    const isServing = this.#isServing && this.#store.isReadable();
    for (const name of SERVING_NAMES) {
      this.#implementation.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
    }
    const isWritable = isServing && this.#store.isWritable();
    this.#implementation.setStatus(WRITE_HEALTH_NAME, isWritable ? 'SERVING' : 'NOT_SERVING');
  }

  #bounded(watch: Watch): Watch {
    return (call) => {
      const { service } = call.request;
      if (service !== WRITE_HEALTH_NAME && !SERVING_NAMES.includes(service)) {
        call.write({ status: 'SERVICE_UNKNOWN' });
        call.end();
        return;
      }
      const connection = call.getPeer();
      const peer = peerOf(addressOf(connection));
      if (!this.#hasRoom(call, connection, peer)) {
        call.emit('error', {
          code: status.RESOURCE_EXHAUSTED,
          details: 'Too many watches are open. Close some, or use Check',
        });
        return;
      }
      this.#watchers.add(call);
      call.on('cancelled', () => {
        this.#watchers.delete(call);
        this.#ofPeers.delete(peer, call);
        this.#ofConnections.delete(connection, call);
      });
      watch(call);
    };
  }

  #hasRoom(call: WatchCall, connection: string, peer: string): boolean {
    if (!this.#ofConnections.add(connection, call)) {
      return false;
    }
    if (!this.#ofPeers.add(peer, call)) {
      this.#ofConnections.delete(connection, call);
      return false;
    }
    return true;
  }
}
