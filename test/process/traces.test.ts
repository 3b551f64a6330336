/** Traces of a server as it is started: only the environment says that there are any. */
import { expect, it } from 'vitest';
import { Collector } from '../telemetry/traces/collector.ts';
import { eventually } from './program.ts';
import { postLogin } from './rest-client.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

it('a server sends its traces, the last of them when it ends', async () => {
  await using collector = await Collector.start();
  using directory = dataDirectory();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test' };
  const args = ['--log-level', 'info'];
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, env, args });
  const { demo, running } = server;
  expect((await postLogin(demo, demo.user.login_name, demo.user.password)).status).toBe(200);
  await eventually('the line of the login', () => running.stderr.includes('"event":"login"'));
  expect((await running.end('SIGTERM')).code).toBe(0);
  const span = collector.spans.find(({ name }) => name.startsWith('POST '));
  expect(span?.resource).toMatchObject({ 'service.name': 'symbolon', 'deployment.environment': 'test' });
  expect(running.stderr).toContain(`"traceId":"${span?.traceId}"`);
  expect(running.stderr).toContain('"msg":"calls are traced"');
});
