/**
 * `node bench/load.ts`: calls one method over and over for some seconds, and prints how often it was answered. It reads a
 * LoadPlan from standard input and writes a LoadResult, both as JSON.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import { text } from 'node:stream/consumers';

export interface LoadPlan {
  readonly address: string;
  readonly path: string;
  readonly authorization: string;
  /** Encoded request messages in base64, taken in turn. */
  readonly messages: readonly string[];
  readonly connections: number;
  /** Calls in flight on each connection. */
  readonly streams: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly callsPerSecond: number;
  /** With those of the warm-up. */
  readonly calls: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Length-prefixed message: uncompressed. */
function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const frames = plan.messages.map((message) => frame(Buffer.from(message, 'base64')));
  const startTime = performance.now() + plan.warmupSeconds * 1_000;
  const endTime = startTime + plan.seconds * 1_000;
  const latencies: number[] = [];
  let failed = 0;
  let calls = 0;
  let next = 0;

  function call(session: ClientHttp2Session): Promise<void> {
    return new Promise((resolve) => {
      const begin = performance.now();
      const stream = session.request({
        ':method': 'POST',
        ':path': plan.path,
        'content-type': 'application/grpc',
        te: 'trailers',
        authorization: plan.authorization,
      });
      let ok = false;
      stream.on('trailers', (trailers) => {
        ok = trailers['grpc-status'] === '0';
      });
      stream.on('error', () => undefined);
      stream.on('close', () => {
        const end = performance.now();
        calls += 1;
        if (end >= startTime && end < endTime) {
          latencies.push(end - begin);
          failed += ok ? 0 : 1;
        }
        resolve();
      });
      stream.resume();
      stream.end(frames[next++ % frames.length]);
    });
  }

  async function repeat(session: ClientHttp2Session): Promise<void> {
    while (performance.now() < endTime) {
      await call(session);
    }
  }

  const sessions = Array.from({ length: plan.connections }, () => connect(`http://${plan.address}`));
  await Promise.all(sessions.flatMap((session) => Array.from({ length: plan.streams }, () => repeat(session))));
  for (const session of sessions) {
    session.close();
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2));
  return {
    callsPerSecond: Math.round(latencies.length / plan.seconds),
    calls,
    failed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

console.log(JSON.stringify(await run(JSON.parse(await text(process.stdin)) as LoadPlan)));
