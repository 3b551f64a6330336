/** What the load is told, and what it tells; both travel as JSON. `main.go` reads the one, `run.go` writes the other. */

/**
 * How messages are chosen. `cycle`: in turn, over and over. `once`: each a single time, and the run ends with the last of them.
 * `refresh`: each message is a Refresh, and its answer holds the refresh token of the next one of the same login.
 */
export type Order = 'cycle' | 'once' | 'refresh';

export interface LoadPlan {
  /**
   * `grpc` when left out; `http`: a POST by HTTP/1.1, one call at a time on each connection; `watch`: streams of WatchRevocations, of
   * which a call is a heartbeat until it is answered. One that is answered after a second failed, and so did a stream that ended.
   */
  readonly protocol?: 'grpc' | 'http' | 'watch';
  /** `host:port` of this machine. */
  readonly address: string;
  readonly path: string;
  readonly authorization: string;
  /** Of a POST. */
  readonly contentType?: string;
  /** Encoded request messages in base64. */
  readonly messages: readonly string[];
  /** `cycle` when left out. */
  readonly order?: Order;
  readonly connections: number;
  /** Calls in flight on each connection. */
  readonly streams: number;
  /**
   * Calls a second of all connections, begun when they are due, and counted from then. As soon as there is room when left out: then a
   * server that stands still delays as many calls as are in flight, and no others.
   */
  readonly rate?: number;
  readonly warmupSeconds: number;
  /** How long is measured; `once` may end before. */
  readonly seconds: number;
  /** The first bytes of every good answer in hex, where any other answer is a failure: `0801` is a live token's Introspect. */
  readonly answerStart?: string;
  /** Whether the result holds the answers. */
  readonly keepAnswers?: boolean;
  /** A process whose use of the processor is measured meanwhile. */
  readonly serverPid?: number;
  /** Another, which is measured together with its children: PostgreSQL. */
  readonly storePid?: number;
}

/** A process between two moments, as shares of the time between them. */
export interface CpuUse {
  /** On a processor, with all of its threads. */
  readonly busy: number;
  /** Its busiest thread: on a processor. */
  readonly thread: number;
  /** The same thread ready to run, while another had the processor. */
  readonly waiting: number;
}

export interface LoadResult {
  readonly callsPerSecond: number;
  /** What was measured; with those of the warm-up they are `calls`. */
  readonly measuredCalls: number;
  readonly calls: number;
  /** Of all calls. */
  readonly failed: number;
  /** Some of the ways in which they failed, in words. */
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly seconds: number;
  readonly load: CpuUse;
  readonly server: CpuUse;
  /** How much of one processor the store used; may be more than 1. */
  readonly storeBusy: number;
  /** That watches were told, all of them together, from the first moment on. */
  readonly events: number;
  /** In base64, as they came; empty unless they were asked for. */
  readonly answers: readonly string[];
}
