/** Opens the ways out of the metrics. Nobody who has not asked for them shall have a server that does not start for their sake. */
import type { Logger } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import type { TlsFiles } from '../calls/tls.ts';
import type { MetricsConfig } from '../config/metrics.ts';
import { reasonOf } from '../core/reason.ts';
import { Census } from '../telemetry/census.ts';
import type { Metric } from '../telemetry/metric.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { type MeasuredParts, partsMetrics } from './parts-metrics.ts';
import type { ServesCalls } from './serving/serves-calls.ts';

export interface OpenMetrics {
  /** Where the page is: `host:port`; undefined: there is none. */
  readonly address: string | undefined;
  /** What new connections to the page get. */
  useCertificate(tls: TlsFiles): void;
  stop(): Promise<void>;
}

export interface OpenMetricsOptions {
  readonly config: MetricsConfig;
  readonly tls: TlsFiles | undefined;
  readonly log: Logger;
  readonly parts: Omit<MeasuredParts, 'version'>;
  readonly serving: Pick<ServesCalls, 'merged' | 'refresh'>;
}

const NONE: OpenMetrics = { address: undefined, useCertificate: () => undefined, stop: async () => undefined };

/** Rejects when it can't listen where it was told to. */
export async function openMetrics({ config, tls, log, parts, serving }: OpenMetricsOptions): Promise<OpenMetrics> {
  const { address, isStandard, otlpIntervalMs } = config;
  if (address === undefined && otlpIntervalMs === undefined) {
    return NONE;
  }
  const { version } = packageJson;
  const census = new Census({ store: parts.store, clock: Date.now });
  const options = {
    metrics: [...partsMetrics({ ...parts, version }), ...census.metrics],
    merged: (own: readonly Metric[]) => serving.merged(own),
    refresh: () => serving.refresh(),
    version,
    log,
    ...(tls === undefined ? {} : { tls }),
    ...(otlpIntervalMs === undefined ? {} : { otlpIntervalMs }),
  };
  const metrics = await Metrics.start({ ...options, ...(address === undefined ? {} : { address }) }).catch(
    (error: unknown) => {
      if (address === undefined || !isStandard) {
        throw error;
      }
      log.warn(
        { address, reason: reasonOf(error) },
        'no metrics are served here; name a free --metrics-address, or say off',
      );
      return otlpIntervalMs === undefined ? undefined : Metrics.start(options);
    },
  );
  if (metrics === undefined) {
    return NONE;
  }
  census.start();
  const stop = async () => {
    census.stop();
    await metrics.stop();
  };
  return { address: metrics.address, useCertificate: (files) => metrics.useCertificate(files), stop };
}
