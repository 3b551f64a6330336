/** The socket by which the operator's commands reach this server. */
import type { Logger } from 'pino';
import { reasonOf } from '../core/reason.ts';
import type { Services } from '../core/services/services.ts';
import { OperatorSocket } from '../grpc/operator-socket.ts';
import { takeIn } from './serving/arrivals.ts';
import { forgetSocket, socketPlaces } from './socket-place.ts';

export interface ListeningSocket {
  drain(graceMs: number): Promise<void>;
}

/** Undefined where there can be none; the log tells why. Commands of the operator then have no way to this server but over the network. */
export async function listenForOperator(
  dataDir: string,
  context: { readonly services: Services; readonly log: Logger },
): Promise<ListeningSocket | undefined> {
  // A server that was killed has left one.
  forgetSocket(dataDir);
  const reasons: string[] = [];
  for (const place of socketPlaces(dataDir)) {
    try {
      const socket = await OperatorSocket.start(context, place());
      const drain = async (graceMs: number) => {
        await takeIn();
        await socket.drain(graceMs);
        forgetSocket(dataDir);
      };
      return { drain };
    } catch (error) {
      reasons.push(reasonOf(error));
      // What was made for the place that failed.
      forgetSocket(dataDir);
    }
  }
  context.log.warn({ reasons }, 'there is no socket for the operator’s commands: give them --server');
  return undefined;
}
