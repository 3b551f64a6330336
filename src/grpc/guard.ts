/** Looks after what strangers may hold, from when the server listens until it has ended. */
import type { Server } from '@grpc/grpc-js';
import type { Bounds } from '../calls/bounds.ts';
import { copyChunks } from './arriving-message.ts';
import { Connections } from './connections.ts';
import type { DirectCalls } from './direct-calls.ts';
import { beforeStreams, http2ServersOf } from './http2-servers.ts';
import { Streams } from './streams.ts';
import { TICK_MS } from './ticks.ts';

/** What is open. */
export interface Guarded {
  readonly connections: number;
  /** Calls, from their first byte to their last. */
  readonly streams: number;
}

/** `calls` has what need not go to grpc-js. `bounds`: of all threads of the process. */
export function guard(
  server: Server,
  calls: DirectCalls,
  bounds: Bounds,
): { stop: () => void; stopReading: () => void; figures: () => Guarded } {
  const connections = new Connections(bounds.peers('grpc-connections'));
  const streams = new Streams((session) => connections.of(session), bounds);
  for (const http2Server of http2ServersOf(server)) {
    connections.watch(http2Server);
    beforeStreams(http2Server, (stream, headers, _flags, raw) => {
      if (!streams.admit(stream, headers, raw) || calls.take(stream, headers)) {
        return false;
      }
      copyChunks(stream);
      return true;
    });
  }
  const ticking = setInterval(() => {
    connections.tick();
    streams.tick();
  }, TICK_MS);
  ticking.unref();
  return {
    stop: () => clearInterval(ticking),
    stopReading: () => connections.stopReading(),
    figures: () => ({ connections: connections.size, streams: streams.size }),
  };
}
