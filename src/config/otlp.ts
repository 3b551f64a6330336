/** Whether signals of OpenTelemetry are sent by OTLP: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
import { ConfigError } from './flags.ts';

export type Signal = 'metrics' | 'traces';

const PROTOCOL = 'http/protobuf';

/** What a variable holds; empty where there is none, for an empty one is as none. */
export type Variables = (name: string) => string;

export function variablesOf(environment: NodeJS.ProcessEnv): Variables {
  return (name) => environment[name] ?? '';
}

/** Throws for a receiver that could not be sent to. */
export function isSent(signal: Signal, read: Variables): boolean {
  const name = signal.toUpperCase();
  const first = (...names: string[]) => names.find((each) => read(each) !== '');
  const endpoint = first(`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const exporters = read(`OTEL_${name}_EXPORTER`);
  const isWanted = exporters === '' || exporters.split(',').some((each) => each.trim() === 'otlp');
  if (endpoint === undefined || !isWanted || read('OTEL_SDK_DISABLED').toLowerCase() === 'true') {
    return false;
  }
  const url = URL.parse(read(endpoint));
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`${endpoint} is not an address. Say http://host:4318 or https://host`);
  }
  const protocol = first(`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== undefined && read(protocol) !== PROTOCOL) {
    throw new ConfigError(
      `${protocol} must be ${PROTOCOL}: ${signal} are sent by no other. Name the receiver's port for it, usually 4318`,
    );
  }
  return true;
}
