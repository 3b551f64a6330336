/**
 * The connections of a server, and the requests in flight on each: how many there may be, what draining has to wait for, and what it may
 * cut.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Bounds, type Tally } from '../calls/bounds.ts';
import { Holdings } from '../calls/holdings.ts';
import { peerOf } from '../calls/peer.ts';
import { type ArrivingBodies, arrivingBodies, type OpenRequest } from './arriving-bodies.ts';
import { lingerAndClose } from './lingering.ts';

/** What is known of a connection that carries requests. */
interface Carrier {
  readonly peer: string;
  /** In the order in which they came, which is the order of their answers. */
  readonly open: Set<OpenRequest>;
  hasAnswered: boolean;
  /** Nothing more is read of it. */
  isEnding: boolean;
}

/** Fewer than Node itself takes (node-server.ts), so that what is new finds room. */
const MAX_CONNECTIONS = 4_000;
const MAX_CONNECTIONS_OF_PEER = 1_000;

export class Connections {
  /** Every TCP connection, also one whose TLS handshake has not ended. */
  readonly #sockets = new Set<Socket>();
  /** The connections that carry requests: with TLS the decrypted side of those above. */
  readonly #carriers = new Map<Socket, Carrier>();
  /** The same, by the client's end: both sides of TLS have it in common. */
  readonly #byClient = new Map<string, Carrier>();
  readonly #room: Holdings<Socket>;
  readonly #arriving: ArrivingBodies;
  readonly #requests: Tally;
  #closesIdle = false;

  /** `bounds`: of all threads of the process. */
  constructor(bounds = new Bounds()) {
    this.#room = new Holdings<Socket>({
      max: MAX_CONNECTIONS,
      maxOfPeer: MAX_CONNECTIONS_OF_PEER,
      canGiveWay: (socket) => !hasAnswersToGive(this.#byClient.get(clientOf(socket))),
      end: (socket) => socket.destroy(),
      shared: bounds.peers('http-connections'),
    });
    this.#arriving = arrivingBodies(bounds.peers('http-bodies'));
    this.#requests = bounds.tally('http-requests');
  }

  /** Of all threads of the process. */
  get requestsInFlight(): number {
    return this.#requests.all;
  }

  get size(): number {
    return this.#sockets.size;
  }

  watch(server: Server, isTls: boolean): void {
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket.remoteAddress);
      if (!this.#room.add(peer, socket)) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#room.delete(peer, socket);
      });
    });
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.#carry(socket));
  }

  #carry(socket: Socket): void {
    if (this.#closesIdle || socket.destroyed) {
      socket.destroy();
      return;
    }
    const client = clientOf(socket);
    const carrier = {
      peer: peerOf(socket.remoteAddress),
      open: new Set<OpenRequest>(),
      hasAnswered: false,
      isEnding: false,
    };
    this.#carriers.set(socket, carrier);
    this.#byClient.set(client, carrier);
    socket.once('close', () => {
      this.#carriers.delete(socket);
      if (this.#byClient.get(client) === carrier) {
        this.#byClient.delete(client);
      }
    });
  }

  /** Counts a request until it is over, answered or its connection lost, and then calls `onEnd`. */
  begin(request: IncomingMessage, response: ServerResponse, onEnd: () => void): void {
    const { socket } = request;
    const carrier = this.#carriers.get(socket);
    if (carrier === undefined) {
      onEnd();
      return;
    }
    const entry: OpenRequest = { request, response };
    carrier.open.add(entry);
    this.#requests.add();
    this.#arriving.begin(carrier.peer, entry);
    response.once('close', () => {
      carrier.open.delete(entry);
      carrier.hasAnswered = true;
      this.#requests.remove();
      onEnd();
      // The answer may have promised to keep the connection alive before it was known that it is the last.
      if (carrier.isEnding ? !hasAnswersToGive(carrier) : this.#closesIdle && carrier.open.size === 0) {
        socket.destroySoon();
      }
    });
  }

  /** How many requests of this connection are in flight. */
  openOn(socket: Socket): number {
    return this.#carriers.get(socket)?.open.size ?? 0;
  }

  /** Whether bytes written to the connection itself would reach the client as the answer to what it is sending now. */
  isAwaitingRequest(socket: Socket): boolean {
    const carrier = this.#carriers.get(socket);
    return (
      carrier !== undefined && [...carrier.open].every((each) => !each.request.complete && !each.response.headersSent)
    );
  }

  /** Whether a request on this connection was answered already. */
  hasAnswered(socket: Socket): boolean {
    return this.#carriers.get(socket)?.hasAnswered === true;
  }

  /** Whether nothing more is read of the connection. */
  isEnding(socket: Socket): boolean {
    return this.#carriers.get(socket)?.isEnding === true;
  }

  /** Whether the connection has to answer nothing after this request. */
  isLast({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const answers = [...(this.#carriers.get(socket)?.open ?? [])].filter(({ request }) => request.complete);
    return answers.length === 0 || answers.at(-1)?.response === response;
  }

  /** For what can't be read any further: complete requests are answered, and then the connection is closed. */
  endAfterAnswers(socket: Socket): void {
    const carrier = this.#carriers.get(socket);
    if (carrier === undefined) {
      socket.destroySoon();
      return;
    }
    carrier.isEnding = true;
    // Node calls it after the last answer.
    socket.destroySoon = () => lingerAndClose(socket);
    if (!hasAnswersToGive(carrier)) {
      lingerAndClose(socket);
    }
  }

  /** Closes every connection on which no request is in flight, now and from now on. */
  closeIdle(): void {
    this.#closesIdle = true;
    for (const [socket, { open }] of this.#carriers) {
      if (open.size === 0) {
        socket.destroy();
      }
    }
  }

  destroyAll(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}

/** Whether a request has arrived whose answer is not made yet. */
function hasAnswersToGive(carrier: Carrier | undefined): boolean {
  return [...(carrier?.open ?? [])].some(({ request, response }) => request.complete && !response.writableFinished);
}

function clientOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
