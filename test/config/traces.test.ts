import { describe, expect, it } from 'vitest';
import { tracesConfig } from '../../src/config/traces.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('traces', () => {
  it('are made where the environment says where to send them, and what it says is kept', () => {
    expect(tracesConfig({})).toBeUndefined();
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
    expect(tracesConfig(ENDPOINT)).toEqual({ sampler: 'parentbased_always_on', ratio: 1 });
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/v1/traces' };
    expect(tracesConfig(own)).toEqual({ sampler: 'parentbased_always_on', ratio: 1 });
    const sampled = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };
    expect(tracesConfig({ ...ENDPOINT, ...sampled })).toEqual({ sampler: 'parentbased_traceidratio', ratio: 0.01 });
    expect(tracesConfig({ ...ENDPOINT, OTEL_TRACES_SAMPLER_ARG: 'of another' })).toMatchObject({
      sampler: 'parentbased_always_on',
    });
  });

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }, { OTEL_TRACES_EXPORTER: 'zipkin' }])(
    'are not made with %j',
    (variables) => {
      expect(tracesConfig({ ...ENDPOINT, ...variables })).toBeUndefined();
    },
  );

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT is not an address/],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector' }, /OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is not an address/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /OTEL_EXPORTER_OTLP_PROTOCOL must be http\/protobuf/],
    [{ OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' }, /OTEL_EXPORTER_OTLP_TRACES_PROTOCOL must be/],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, /OTEL_TRACES_SAMPLER must be one of always_on/],
    ...['1%', '2', '-1', 'NaN', '0x1'].map(
      (ratio) =>
        [
          { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio },
          /OTEL_TRACES_SAMPLER_ARG must be the part of calls that is kept/,
        ] as const,
    ),
  ] as const)('%j is refused, and named', (variables, message) => {
    expect(() => tracesConfig({ ...ENDPOINT, ...variables })).toThrow(message);
  });
});
