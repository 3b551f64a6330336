/** Traces of this server, where they are asked for. Their libraries are not loaded otherwise. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import packageJson from '../../../package.json' with { type: 'json' };
import type { CallObserver } from '../../calls/call-record.ts';
import type { Sampling } from '../../telemetry/traces/sampling.ts';

/** What the server does with traces, be it nothing. */
export interface ServersTraces {
  readonly observers: readonly CallObserver[];
  stop(): Promise<void>;
}

export async function tracesOf(sampling: Sampling | undefined, log: Logger): Promise<ServersTraces> {
  if (sampling === undefined) {
    return { observers: [], stop: async () => undefined };
  }
  const { openTraces } = await import('../../telemetry/traces/traces.ts');
  const { version } = packageJson;
  const traces = openTraces({ ...sampling, version, instanceId: randomUUID(), log });
  log.info({ ...sampling }, 'calls are traced');
  return { observers: [traces.observer], stop: traces.stop };
}
