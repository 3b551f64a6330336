/** Where metrics go: the flag of the page, and the variables that OpenTelemetry has for sending them. */
import type { Option } from 'commander';
import { parseAddress } from './address.ts';
import { ConfigError, option } from './flags.ts';
import { isSent, variablesOf } from './otlp.ts';

export interface MetricsConfig {
  /** Where Prometheus scrapes; undefined: nowhere. */
  readonly address: string | undefined;
  /** Whether nobody named it: then the server does without it where the port is taken. */
  readonly isStandard: boolean;
  /** How often metrics are sent by OTLP; undefined: not at all. */
  readonly otlpIntervalMs: number | undefined;
}

/** The port that OpenTelemetry has for it. */
const STANDARD = '127.0.0.1:9464';
const INTERVAL_MS = 60_000;
const INTERVAL_BOUNDS_MS = { least: 100, most: 86_400_000 };

export function metricsOption(): Option {
  return option(
    '--metrics-address <host:port>',
    `where Prometheus scrapes /metrics; off or empty: nowhere (default: ${STANDARD}, when it is free)`,
  ).argParser((text) => (['', 'off'].includes(text) ? 'off' : parseAddress(text)));
}

export function metricsConfig(
  address: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): MetricsConfig {
  return {
    address: address === 'off' ? undefined : (address ?? STANDARD),
    isStandard: address === undefined,
    otlpIntervalMs: otlpInterval(environment),
  };
}

function otlpInterval(environment: NodeJS.ProcessEnv): number | undefined {
  const read = variablesOf(environment);
  if (!isSent('metrics', read)) {
    return undefined;
  }
  const temporality = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
  if (!['', 'cumulative'].includes(read(temporality).toLowerCase())) {
    throw new ConfigError(`${temporality} must be cumulative: sums are sent as Prometheus has them. Leave it out`);
  }
  return intervalOf(read('OTEL_METRIC_EXPORT_INTERVAL'));
}

function intervalOf(text: string): number {
  const ms = text === '' ? INTERVAL_MS : Number(text);
  const { least, most } = INTERVAL_BOUNDS_MS;
  if (!/^[0-9]*$/.test(text) || ms < least || ms > most) {
    throw new ConfigError(
      `OTEL_METRIC_EXPORT_INTERVAL must be a whole number of milliseconds from ${least} to ${most}`,
    );
  }
  return ms;
}
