/** Where metrics go: the flag of the page, and the variables that OpenTelemetry has for sending them. */
import type { Option } from 'commander';
import { parseAddress } from './address.ts';
import { ConfigError, option } from './flags.ts';

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
const PROTOCOL = 'http/protobuf';
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

/** By https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. An empty variable is as none. */
function otlpInterval(environment: NodeJS.ProcessEnv): number | undefined {
  const first = (...names: string[]) => names.find((name) => (environment[name] ?? '') !== '');
  const exporters = (environment.OTEL_METRICS_EXPORTER ?? '').split(',').map((each) => each.trim());
  const endpoint = first('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const isWanted = environment.OTEL_METRICS_EXPORTER ? exporters.includes('otlp') : true;
  if (endpoint === undefined || !isWanted || environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') {
    return undefined;
  }
  const url = URL.parse(environment[endpoint] ?? '');
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`${endpoint} is not an address. Say http://host:4318 or https://host`);
  }
  const protocol = first('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== undefined && environment[protocol] !== PROTOCOL) {
    throw new ConfigError(
      `${protocol} must be ${PROTOCOL}: metrics are sent by no other. Name the receiver's port for it, usually 4318`,
    );
  }
  const temporality = first('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE');
  if (temporality !== undefined && environment[temporality]?.toLowerCase() !== 'cumulative') {
    throw new ConfigError(`${temporality} must be cumulative: sums are sent as Prometheus has them. Leave it out`);
  }
  return intervalOf(environment.OTEL_METRIC_EXPORT_INTERVAL ?? '');
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
