/** The connections of a server: how many there may be, and how soon each has to say something. grpc-js bounds neither. */
import type { Http2Server, Http2Session, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { PeerTallies } from '../calls/bounds.ts';
import { Holdings } from '../calls/holdings.ts';
import { peerOf } from '../calls/peer.ts';
import { MAX_IDLE_MS } from './limits.ts';
import { TICK_MS } from './ticks.ts';

const MAX_CONNECTIONS = 1_024;
const MAX_CONNECTIONS_OF_PEER = 512;
/** In which TLS is set up and the client's settings arrive. */
const GREETING_TICKS = 5_000 / TICK_MS;
const MAX_IDLE_TICKS = MAX_IDLE_MS / TICK_MS;

export interface Connection {
  readonly peer: string;
  /** With TLS the encrypted side. */
  readonly socket: Socket;
  readonly since: number;
  /** Undefined until it has greeted. */
  session: Http2Session | undefined;
  openStreams: number;
  /** Ticks since a stream of it was open. */
  idleTicks: number;
  /** Streams that were ended here, since that tick. */
  endedStreams: number;
  endedSince: number;
  /** A whole message came by it: those that have none give way before it. */
  readonly onCall: () => void;
}

export class Connections {
  /** By the client's end, which both sides of TLS have in common. */
  readonly #all = new Map<string, Connection>();
  /** Without settings of the client yet, the oldest first. */
  readonly #silent = new Set<Connection>();
  readonly #ofSessions = new WeakMap<Http2Session, Connection>();
  readonly #room: Holdings<Connection>;
  #tick = 0;

  /** `shared`: those of all threads of the process. */
  constructor(shared?: PeerTallies) {
    this.#room = new Holdings<Connection>({
      max: MAX_CONNECTIONS,
      maxOfPeer: MAX_CONNECTIONS_OF_PEER,
      canGiveWay: ({ openStreams }) => openStreams === 0,
      end: ({ socket }) => socket.destroy(),
      shared,
    });
  }

  watch(server: Http2Server): void {
    server.prependListener('connection', (socket: Socket) => this.#accept(socket));
    server.prependListener('session', (session: ServerHttp2Session) => this.#greet(session));
  }

  of(session: Http2Session | undefined): Connection | undefined {
    return session && this.#ofSessions.get(session);
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * At once, and for good: the thread ends. A call that comes to a thread while it ends makes Node abort the whole process, for its handlers
   * are not run any more. Node has no other way to stop a socket whose session has taken it over.
   */
  stopReading(): void {
    for (const { socket } of this.#all.values()) {
      (socket as unknown as { _handle?: { readStop?: () => void } | null })._handle?.readStop?.();
    }
  }

  /** Every `TICK_MS`. */
  tick(): void {
    this.#tick += 1;
    this.#closeIdle();
    for (const { socket, since } of this.#silent) {
      if (this.#tick - since <= GREETING_TICKS) {
        return;
      }
      socket.destroy();
    }
  }

  #closeIdle(): void {
    for (const connection of this.#all.values()) {
      connection.idleTicks = connection.openStreams === 0 ? connection.idleTicks + 1 : 0;
      if (connection.idleTicks > MAX_IDLE_TICKS && connection.session?.closed === false) {
        connection.session.close();
      }
    }
  }

  #accept(socket: Socket): void {
    const client = clientOf(socket);
    const connection: Connection = {
      peer: peerOf(socket.remoteAddress),
      socket,
      since: this.#tick,
      session: undefined,
      openStreams: 0,
      idleTicks: 0,
      endedStreams: 0,
      endedSince: 0,
      onCall: () => this.#room.renew(connection.peer, connection),
    };
    if (!this.#room.add(connection.peer, connection)) {
      // Node goes on with it in this turn.
      setImmediate(() => socket.destroy());
      return;
    }
    this.#all.set(client, connection);
    this.#silent.add(connection);
    socket.once('close', () => {
      this.#room.delete(connection.peer, connection);
      this.#silent.delete(connection);
      if (this.#all.get(client) === connection) {
        this.#all.delete(client);
      }
    });
  }

  #greet(session: ServerHttp2Session): void {
    const connection = this.#all.get(clientOf(session.socket));
    if (connection === undefined) {
      session.destroy();
      return;
    }
    connection.session = session;
    this.#ofSessions.set(session, connection);
    session.once('remoteSettings', () => this.#silent.delete(connection));
  }
}

function clientOf(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
