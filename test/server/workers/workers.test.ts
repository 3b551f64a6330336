/** Several threads serve calls as if they were one. Whose connection goes to which, the kernel decides, so there are many. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { policyOfProfile } from '../../../src/core/policy.ts';
import { failureOf, HealthClient, TokenClient } from '../../process/grpc-client.ts';
import { eventually } from '../../process/program.ts';
import { getHealth } from '../../process/rest-client.ts';
import { metricAt, type ServingThreads, serveWithThreads } from './serving-threads.ts';

const WORKERS = 3;
/** That all of them go to one thread happens once in a hundred thousand runs. */
const CONNECTIONS = 12;

let server: ServingThreads;
let clients: TokenClient[];

beforeAll(async () => {
  server = await serveWithThreads(WORKERS);
  clients = Array.from({ length: CONNECTIONS }, () => TokenClient.admin(server.demo));
});

afterAll(async () => {
  for (const client of clients) {
    client[Symbol.dispose]();
  }
  await server.stop();
});

const clientAt = (index: number) => clients[index % CONNECTIONS] as TokenClient;

it('serves from several threads, and shows what they count as one number', async () => {
  const before = (await metricAt(server.metricsAddress, 'symbolon_introspections_total')) ?? 0;
  const { accessToken } = await clientAt(0).issueToClient(server.demo.admin);
  const answers = await Promise.all(clients.map((client) => client.isActive(accessToken)));

  expect(answers).toEqual(clients.map(() => true));
  await eventually(
    'the introspections of all threads',
    async () =>
      ((await metricAt(server.metricsAddress, 'symbolon_introspections_total')) ?? 0) - before === CONNECTIONS,
  );
  expect(server.threads).toHaveLength(WORKERS);
});

it('shows a revocation to every thread before it is answered by one', async () => {
  for (let round = 0; round < 20; round++) {
    const { accessToken } = await clientAt(round).issueToClient(server.demo.admin);
    expect(await Promise.all(clients.map((client) => client.isActive(accessToken)))).not.toContain(false);

    await clientAt(round * 7 + 1).revokeToken(accessToken);
    expect(await Promise.all(clients.map((client) => client.isActive(accessToken)))).not.toContain(true);
  }
});

it('lets in everybody who logs in rightly at once under one name, whichever threads they come to', async () => {
  const { user } = server.demo;
  const logins = clients.flatMap((client) => [1, 2].map(() => client.logIn(user.login_name, user.password)));

  expect((await Promise.all(logins)).every(({ accessToken }) => accessToken.startsWith('syu_'))).toBe(true);
});

it('checks no more wrong guesses of a name than one thread would, whichever threads they come to', async () => {
  const { user } = server.demo;
  const { loginAttempts } = policyOfProfile('kii');
  const guesses = Array.from({ length: loginAttempts + 50 }, (_, i) =>
    failureOf(clientAt(i).logIn(user.login_name, 'wrong-password-1')),
  );
  const reasons = (await Promise.all(guesses)).map(({ reason }) => reason);

  expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(loginAttempts);
  expect((await failureOf(clientAt(0).logIn(user.login_name, user.password))).reason).toBe('LOGIN_LOCKED');
});

it('writes whole lines of all threads to one log', () => {
  const calls = server.lines.filter(({ msg }) => msg === 'call');
  expect(calls.length).toBeGreaterThan(CONNECTIONS);
  expect(server.lines.filter(({ msg }) => msg === 'serving')).toHaveLength(1);
});

it('replaces a thread that dies, while the others go on', async () => {
  const { accessToken } = await clientAt(0).issueToClient(server.demo.admin);
  const issued = 'symbolon_introspections_total';
  await Promise.all(clients.map((client) => client.isActive(accessToken)));
  const before = (await metricAt(server.metricsAddress, issued)) ?? 0;

  await server.threads[0]?.terminate();
  // Calls of the thread that died end as UNAVAILABLE, and its clients connect to another.
  for (const client of clients) {
    await eventually('an answer', () => client.isActive(accessToken).catch(() => false));
  }
  await eventually('the thread that took its place', () =>
    server.lines.some(({ msg }) => msg === 'a worker took the place of the one that ended'),
  );
  expect(server.lines.filter(({ msg }) => String(msg).startsWith('a worker ended'))).toMatchObject([{ worker: 0 }]);
  expect((await metricAt(server.metricsAddress, issued)) ?? 0).toBeGreaterThanOrEqual(before);
  const fresh = Array.from({ length: CONNECTIONS }, () => TokenClient.admin(server.demo));
  expect(await Promise.all(fresh.map((client) => client.isActive(accessToken)))).not.toContain(false);
  await fresh[0]?.revokeToken(accessToken);
  expect(await Promise.all(fresh.map((client) => client.isActive(accessToken)))).not.toContain(true);
  for (const client of fresh) {
    client[Symbol.dispose]();
  }
});

it('says at each thread that it serves, and ends watches of health when it stops', async () => {
  const watching = Array.from({ length: CONNECTIONS }, () => new HealthClient(server.demo.grpc));
  const told = watching.map((client) => client.watch(''));
  await eventually('the first status of each', () => told.every((statuses) => statuses.includes('SERVING')));
  expect((await getHealth(server.demo.http)).json).toMatchObject({ status: 'SERVING' });

  const stopping = server.stop();
  await eventually('the end of each', () => told.every((statuses) => statuses.includes('ended')));
  await stopping;

  expect(told.map((statuses) => statuses.includes('NOT_SERVING'))).not.toContain(false);
  expect((await failureOf(clientAt(0).issueToClient(server.demo.admin))).status).toBe('UNAVAILABLE');
});
