/** Whether calls are traced, and which: by the variables that OpenTelemetry has for it. */
import { SAMPLERS, type Sampling } from '../telemetry/traces/sampling.ts';
import { ConfigError } from './flags.ts';
import { isSent, variablesOf } from './otlp.ts';

/** Undefined: nothing is traced. */
export function tracesConfig(environment: NodeJS.ProcessEnv = process.env): Sampling | undefined {
  const read = variablesOf(environment);
  if (!isSent('traces', read)) {
    return undefined;
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
