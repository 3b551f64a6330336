/** A whole server in this process, whose calls are served by several threads. */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import type { ServeConfig } from '../../../src/config/serve.ts';
import type { DemoRecord } from '../../../src/server/demo.ts';
import { serve } from '../../../src/server/serve.ts';
import { readDemo } from '../../process/server-process.ts';
import { CHEAP_ARGON2, temporaryDirectory } from '../../support.ts';

export interface ServingThreads {
  readonly demo: DemoRecord;
  readonly metricsAddress: string;
  /** Those that serve calls, in the order in which they were begun. */
  readonly threads: readonly Worker[];
  /** Lines of the log, of all threads. */
  readonly lines: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

export async function serveWithThreads(workers: number, changes: Partial<ServeConfig> = {}): Promise<ServingThreads> {
  const directory = temporaryDirectory();
  const dataDir = join(directory.path, 'data');
  const started: Worker[] = [];
  const remember = (thread: Worker) => started.push(thread);
  process.on('worker', remember);
  const lines: Record<string, unknown>[] = [];
  const take = (text: string) => {
    lines.push(
      ...text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  };
  const config: ServeConfig = {
    grpcAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:0',
    workers,
    metrics: { address: '127.0.0.1:0', isStandard: false, otlpIntervalMs: undefined },
    traces: undefined,
    dataDir,
    keyFile: join(dataDir, 'symbolon.key'),
    store: { kind: 'sqlite', directory: dataDir },
    demo: true,
    reflection: false,
    tls: undefined,
    logLevel: 'info',
    drainDelayMs: 0,
    drainGraceMs: 10_000,
    senders: {},
    certifiedDevices: undefined,
    issuers: { publicUrl: undefined, defaultTenant: 'demo', artikTenant: 'demo' },
    argon2: CHEAP_ARGON2,
    ...changes,
  };
  const log = pino({ level: 'info' }, { write: take });
  const running = await serve(config, { log, writeLines: take, print: () => undefined });
  let stopping: Promise<void> | undefined;
  return {
    demo: readDemo(dataDir),
    metricsAddress: running.metricsAddress ?? '',
    get threads() {
      // On SQLite the fourth of three is the writer's; those after it took the place of others.
      return started.filter((_, index) => config.store.kind === 'postgres' || index !== workers);
    },
    lines,
    stop: () => {
      stopping ??= running.stop().then(() => {
        process.off('worker', remember);
        directory.remove();
      });
      return stopping;
    },
  };
}

/** The value of a series on the page, summed over its labels that are not named; undefined: there is none. */
export async function metricAt(address: string, name: string, labels = ''): Promise<number | undefined> {
  const page = await (await fetch(`http://${address}/metrics`)).text();
  const values = page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(labels))
    .map((line) => Number(line.split(' ').at(-1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
