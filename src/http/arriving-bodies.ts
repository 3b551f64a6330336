/** Requests whose body is on its way. Of each up to 256 KiB are held until it is whole, so there may be only so many. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PeerTallies } from '../calls/bounds.ts';
import { Holdings } from '../calls/holdings.ts';
import { plainBody, rawAnswer } from './answer.ts';

const MAX_ARRIVING = 256;
const MAX_ARRIVING_OF_PEER = 128;

const REFUSAL = rawAnswer(429, plainBody('overloaded', 'Too many bodies are on their way. Repeat the request, faster'));

export interface OpenRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ArrivingBodies {
  begin(peer: string, open: OpenRequest): void;
}

/** The one that has been on its way longest gives way to a new one. `shared`: those of all threads of the process. */
export function arrivingBodies(shared?: PeerTallies): ArrivingBodies {
  const holdings = new Holdings<OpenRequest>({
    max: MAX_ARRIVING,
    maxOfPeer: MAX_ARRIVING_OF_PEER,
    canGiveWay: () => true,
    shared,
    end: ({ request: { socket }, response }) => {
      if (socket.writable && !response.headersSent) {
        socket.write(REFUSAL);
      }
      // At once: what is read after this could make the request whole, and it would be carried out.
      socket.destroySoon();
    },
  });
  return {
    begin: (peer, open) => {
      const { request, response } = open;
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      if (length === undefined && encoding === undefined) {
        return;
      }
      holdings.add(peer, open);
      const end = () => holdings.delete(peer, open);
      request.once('end', end);
      response.once('close', end);
    },
  };
}
