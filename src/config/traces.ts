/** Whether calls are traced, and which: by the variables that OpenTelemetry has for it. */
import { SAMPLERS, type Sampling } from '../telemetry/traces/sampling.ts';
import { ConfigError } from './flags.ts';

const PROTOCOL = 'http/protobuf';

/** Undefined: nothing is traced. By https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. An empty variable is as none. */
export function tracesConfig(environment: NodeJS.ProcessEnv = process.env): Sampling | undefined {
  const read = (name: string) => environment[name] ?? '';
  const first = (...names: string[]) => names.find((name) => read(name) !== '');
  const endpoint = first('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const exporters = read('OTEL_TRACES_EXPORTER').split(',');
  const isWanted = read('OTEL_TRACES_EXPORTER') === '' || exporters.some((each) => each.trim() === 'otlp');
  if (endpoint === undefined || !isWanted || read('OTEL_SDK_DISABLED').toLowerCase() === 'true') {
    return undefined;
  }
  const url = URL.parse(read(endpoint));
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`${endpoint} is not an address. Say http://host:4318 or https://host`);
  }
  const protocol = first('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== undefined && read(protocol) !== PROTOCOL) {
    throw new ConfigError(
      `${protocol} must be ${PROTOCOL}: traces are sent by no other. Name the receiver's port for it, usually 4318`,
    );
  }
  const sampler = samplerOf(read('OTEL_TRACES_SAMPLER'));
  return { sampler, ratio: ratioOf(read('OTEL_TRACES_SAMPLER_ARG'), sampler) };
}

function samplerOf(text: string): Sampling['sampler'] {
  const sampler = SAMPLERS.find((each) => each === (text === '' ? 'parentbased_always_on' : text));
  if (sampler === undefined) {
    throw new ConfigError(`OTEL_TRACES_SAMPLER must be one of ${SAMPLERS.join(', ')}`);
  }
  return sampler;
}

function ratioOf(text: string, sampler: Sampling['sampler']): number {
  const ratio = text === '' ? 1 : Number(text);
  if (sampler.endsWith('traceidratio') && !(/^[0-9.eE-]+$|^$/.test(text) && ratio >= 0 && ratio <= 1)) {
    throw new ConfigError(
      'OTEL_TRACES_SAMPLER_ARG must be the part of calls that is kept, from 0 to 1, for example 0.01',
    );
  }
  return ratio;
}
