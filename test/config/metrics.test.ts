/** Where metrics go, by the flag and by OpenTelemetry's variables; and what is refused with a sentence that says the mend. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { metricsConfig, metricsOption } from '../../src/config/metrics.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

function addressOf(...args: string[]): unknown {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const parsed = command.addOption(metricsOption()).parse(args, { from: 'user' });
  return metricsConfig(parsed.opts<{ metricsAddress?: string }>().metricsAddress, {});
}

describe('the page', () => {
  it('is on loopback unless told, and may be left out where the port is taken', () => {
    expect(addressOf()).toMatchObject({ address: '127.0.0.1:9464', isStandard: true });
    expect(addressOf('--metrics-address', '0.0.0.0:9000')).toMatchObject({
      address: '0.0.0.0:9000',
      isStandard: false,
    });
  });

  it.each(['', 'off'])('is nowhere when the address is %j', (text) => {
    expect(addressOf('--metrics-address', text)).toMatchObject({ address: undefined });
  });

  it.each(['9464', 'localhost', '127.0.0.1:70000', 'http://127.0.0.1:9464'])('is not at %j', (text) => {
    expect(() => addressOf('--metrics-address', text)).toThrow('It must be host:port');
  });
});

describe('sending by OTLP', () => {
  const intervalOf = (environment: NodeJS.ProcessEnv) => metricsConfig('off', environment).otlpIntervalMs;

  it('is done once a minute when there is a receiver', () => {
    expect(intervalOf({})).toBeUndefined();
    expect(intervalOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
    expect(intervalOf(ENDPOINT)).toBe(60_000);
    expect(intervalOf({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://collector/v1/metrics' })).toBe(60_000);
    expect(intervalOf({ ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: '1000' })).toBe(1_000);
  });

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_METRICS_EXPORTER: 'none' }, { OTEL_METRICS_EXPORTER: 'prometheus' }])(
    'is not done with %j',
    (environment) => {
      expect(intervalOf({ ...ENDPOINT, ...environment })).toBeUndefined();
    },
  );

  it('is done when OTLP is one of the exporters', () => {
    expect(intervalOf({ ...ENDPOINT, OTEL_METRICS_EXPORTER: 'prometheus, otlp' })).toBe(60_000);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is not an address'],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'ftp://x' }, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is not an address'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' }, 'must be cumulative'],
    [{ ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: '1m' }, 'OTEL_METRIC_EXPORT_INTERVAL must be a whole number'],
    [{ ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: '0' }, 'OTEL_METRIC_EXPORT_INTERVAL must be a whole number'],
  ])('is refused with %j', (environment, message) => {
    expect(() => intervalOf(environment)).toThrow(message);
  });
});
