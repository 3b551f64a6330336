/** The metrics of a real server that is used: by both ways out the same, without a secret, whatever happens to the port or the receiver. */
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { PATIENTLY } from '../core/fixtures.ts';
import { PostgresServer } from '../postgres.ts';
import { metricsOf, resourceOf, type SentMetric } from '../telemetry/otlp-messages.ts';
import { otlpReceiver } from '../telemetry/otlp-receiver.ts';
import { familiesOf, scrape } from '../telemetry/page-text.ts';
import { FREE_PAGE, metricsAddressOf, useServer } from './measured-server.ts';
import { eventually, runProgram, startProgram } from './program.ts';
import { CHEAP_PASSWORDS, dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';

const WORDS: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', '1': '_ratio' };

it('sends by OTLP what the page shows, under names that Prometheus makes the same', async () => {
  using directory = dataDirectory();
  await using receiver = await otlpReceiver();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  };
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: FREE_PAGE, env });
  await useServer(server);
  const nameOf = ({ name, unit, isMonotonic }: SentMetric) =>
    `${name.replaceAll('.', '_')}${WORDS[unit] ?? ''}${isMonotonic ? '_total' : ''}`;
  // What was used last may be in one of the two and not yet in the other.
  const { families, request, sent } = await eventually('both to tell the same', async () => {
    const shown = familiesOf(await scrape(metricsAddressOf(server)));
    shown.delete('target_info');
    const last = receiver.requests.at(-1);
    const metrics = last === undefined ? [] : metricsOf(last.body);
    const isSame = JSON.stringify(metrics.map(nameOf).sort()) === JSON.stringify([...shown.keys()].sort());
    return last !== undefined && isSame && shown.has('symbolon_outbox_attempts_total')
      ? { families: shown, request: last, sent: metrics }
      : undefined;
  });

  expect(request).toMatchObject({ path: '/v1/metrics', authorization: 'Bearer collector' });
  expect(resourceOf(request.body)).toMatchObject({
    'service.name': 'symbolon',
    'deployment.environment.name': 'test',
  });
  for (const metric of sent) {
    const family = families.get(nameOf(metric));
    const labels = metric.labels.map((each) =>
      Object.fromEntries(Object.entries(each).map(([key, value]) => [key.replaceAll('.', '_'), value])),
    );
    expect(labels, metric.name).toEqual(expect.arrayContaining(family?.series.map((each) => each.labels) ?? []));
    expect({ gauge: 'gauge', sum: 'counter', histogram: 'histogram' }[metric.kind]).toBe(family?.type);
    expect(metric.temporality, metric.name).toBe(metric.kind === 'gauge' ? 0 : 2);
  }
});

it('serves on while the receiver fails, says so once, and once that it takes them again', async () => {
  using directory = dataDirectory();
  await using receiver = await otlpReceiver();
  receiver.status = 400;
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_TRACES_EXPORTER: 'none',
  };
  await using server = await ServerProcess.start({ dataDir: directory.path, args: ['--log-level', 'info'], env });
  await eventually('a few exports', () => receiver.requests[4]);
  receiver.status = 200;
  await eventually('the line', () => server.running.stderr.includes('metrics are sent by OTLP again') || undefined);
  expect(server.running.stderr.match(/metrics can’t be sent by OTLP/g)).toHaveLength(1);
  const count = receiver.requests.length;
  expect(await server.running.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(receiver.requests.length).toBeGreaterThan(count);
});

it('starts without a page where the standard port is taken, and not where the port was named', async () => {
  using directory = dataDirectory();
  using _taken = await takePort(9464);
  const args = ['serve', '--data-dir', directory.path, ...FREE_PORTS, ...CHEAP_PASSWORDS];
  const unnamed = startProgram(args, { env: { SYMBOLON_METRICS_ADDRESS: undefined } });
  await eventually('symbolon ready', () => unnamed.stdout.includes('symbolon ready') || undefined);
  expect(unnamed.stderr).toContain('no metrics are served here; name a free --metrics-address');
  await unnamed.end('SIGKILL');
  const named = await runProgram([...args, '--metrics-address', '127.0.0.1:9464']);
  expect(named.code).toBe(1);
  expect(named.stderr).toMatch(/^error: can't listen on --metrics-address 127.0.0.1:9464: .*EADDRINUSE/m);
});

it('shows its page while its database is away, and that it is', async () => {
  using directory = dataDirectory();
  await using database = await PostgresServer.start();
  const store = ['--store', database.urlOf(await database.createDatabase())];
  await using server = await ServerProcess.start({ dataDir: directory.path, args: [...FREE_PAGE, ...store] });
  const shown = async (name: string) => familiesOf(await scrape(metricsAddressOf(server))).get(name)?.series[0]?.value;
  await expect.poll(() => shown('symbolon_store_readable'), PATIENTLY).toBe(1);
  await database.kill();
  await expect.poll(() => shown('symbolon_store_readable'), PATIENTLY).toBe(0);
  await expect.poll(() => shown('symbolon_postgres_lease_lost_total'), PATIENTLY).toBeGreaterThanOrEqual(1);
  expect(await shown('symbolon_postgres_lease_age_seconds')).toBeGreaterThan(1);
});

it('does not serve its page to other machines in plain text', async () => {
  using directory = dataDirectory();
  const { code, stderr } = await runProgram([
    ...['serve', '--data-dir', directory.path, ...FREE_PORTS],
    ...['--metrics-address', '0.0.0.0:0'],
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain('--metrics-address 0.0.0.0:0 can be reached from other machines');
});

/** Where it is taken already, all the better. */
function takePort(port: number): Promise<Disposable> {
  const server = createServer();
  return new Promise((resolve) => {
    const done = () => resolve({ [Symbol.dispose]: () => server.close() });
    server.once('error', done);
    server.listen(port, '127.0.0.1', done);
  });
}
