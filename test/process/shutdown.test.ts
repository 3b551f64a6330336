/** SIGTERM and SIGINT: health first, then no new calls, then those in flight, then the store; a second signal ends at once. */
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ChannelCredentials, Client } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { DemoRecord } from '../../src/server/demo.ts';
import { basic, failureOf, HealthClient, TokenClient, WRITE_HEALTH } from './grpc-client.ts';
import { eventually } from './program.ts';
import { getHealth, postLogin } from './rest-client.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const WAITING = 12;
const CLEAN = { code: 0, signal: null };
/** About 18 ms of one processor for each login. */
const SLOW_PASSWORDS = ['--argon2-memory-kib', '19456', '--argon2-passes', '1'];
/** ServerReflectionRequest { list_services: "" } */
const LIST_SERVICES = Buffer.from([0x3a, 0x00]);
/** Longer than a test may take: a server that waits for it fails. */
const FOR_EVER = ['--drain-grace', '1h'];

function openConnection(address: string): Promise<Socket> {
  const [host = '', port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => resolve(socket)).once('error', reject);
  });
}

/** A call of reflection that is answered and never ended by its client; what it was told grows. */
function openStream(address: string): string[] {
  const told: string[] = [];
  const client = new Client(address, ChannelCredentials.createInsecure());
  const asIs = (bytes: Buffer) => bytes;
  const call = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', asIs, asIs);
  call.on('data', () => told.push('answered'));
  call.on('error', () => {
    told.push('ended');
    client.close();
  });
  call.write(LIST_SERVICES);
  return told;
}

function expectCheckpointed(dataDir: string): void {
  expect(existsSync(join(dataDir, 'symbolon.db'))).toBe(true);
  expect(existsSync(join(dataDir, 'symbolon.db-wal'))).toBe(false);
}

/** Logs in over a connection that is kept alive and known to be open. */
async function restLogin(agent: Agent, { http, tenant_id, user }: DemoRecord): Promise<number | undefined> {
  const headers = { Authorization: basic(tenant_id, ''), 'Content-Type': 'application/json' };
  const body = JSON.stringify({ username: user.login_name, password: user.password });
  return new Promise((resolve, reject) => {
    request(`http://${http}/api/oauth2/token`, { method: 'POST', agent, headers }, (answer) => {
      text(answer).then(() => resolve(answer.statusCode), reject);
    })
      .once('error', reject)
      .end(body);
  });
}

/** Sends a login over a connection of its own, and answers the connection once the kernel has the request. */
async function sendLogin({ http, tenant_id, user }: DemoRecord): Promise<Socket> {
  const body = JSON.stringify({ username: user.login_name, password: user.password });
  const head = [
    'POST /api/oauth2/token HTTP/1.1',
    'Host: a',
    'Connection: close',
    `X-Kii-AppID: ${tenant_id}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  const socket = await openConnection(http);
  await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, resolve));
  return socket;
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets the calls in flight finish, empties the WAL, and ends with exit code 0', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: SLOW_PASSWORDS });
    const { demo } = server;
    using client = TokenClient.admin(demo);
    const agent = new Agent({ keepAlive: true });
    let answers = 0;
    const counted = async <T>(call: Promise<T>): Promise<T> => call.finally(() => (answers += 1));
    const logins: Promise<unknown>[] = [];
    // No more than a busy machine gets done within the deadline of a call, for hashing gives way to everything else.
    for (let i = 0; i < 2; i++) {
      logins.push(counted(client.logIn(demo.user.login_name, demo.user.password)));
      logins.push(counted(restLogin(agent, demo).then((status) => expect(status).toBe(200))));
    }
    const outcomes = Promise.allSettled(logins);
    await eventually('the first answer', () => answers > 0);
    const ending = server.running.end(signal);
    expect((await outcomes).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(answers).toBe(logins.length);
    expect(await ending).toEqual(CLEAN);
    expectCheckpointed(directory.path);
    agent.destroy();
    expect((await failureOf(client.issueToClient(demo.admin))).status).toBe('UNAVAILABLE');
  });

  it('lets what has reached the machine be answered, though the server has not read it yet', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    const { demo, running } = server;
    using client = TokenClient.admin(demo);
    await client.issueToClient(demo.admin);
    // As if it got no processor: connections wait in the listener's queue, and requests in the sockets.
    running.child.kill('SIGSTOP');
    const calls = Promise.allSettled(Array.from({ length: WAITING }, () => client.issueToClient(demo.admin)));
    const logins = await Promise.all(Array.from({ length: WAITING }, () => sendLogin(demo)));
    running.child.kill(signal);
    running.child.kill('SIGCONT');
    const answers = await Promise.all(logins.map((login) => text(login).catch(String)));
    expect(answers.map((answer) => answer.split('\r\n', 1)[0])).toEqual(logins.map(() => 'HTTP/1.1 200 OK'));
    expect((await calls).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await running.ended).toEqual(CLEAN);
  });
});

describe('during --drain-delay', () => {
  it('health says NOT_SERVING and calls are served; a second signal ends it at once', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: ['--drain-delay', '1h'] });
    const { demo } = server;
    using client = TokenClient.admin(demo);
    using health = new HealthClient(demo.grpc);
    const told = health.watch('');
    await eventually('the first status', () => told.length > 0);
    expect(await getHealth(demo.http)).toEqual({ status: 200, json: { status: 'SERVING', store: { writable: true } } });
    const { accessToken } = await client.issueToClient(demo.admin);

    server.running.child.kill('SIGTERM');
    await eventually('the second status', () => told.length > 1);
    expect(told).toEqual(['SERVING', 'NOT_SERVING']);
    for (const service of ['', 'symbolon.v1.TokenService', WRITE_HEALTH]) {
      expect(await health.check(service)).toBe('NOT_SERVING');
    }
    expect(await getHealth(demo.http)).toMatchObject({ status: 503, json: { status: 'NOT_SERVING' } });
    expect(await client.isActive(accessToken)).toBe(true);
    const { accessToken: late } = await client.issueToClient(demo.admin);
    expect((await postLogin(demo, demo.user.login_name, demo.user.password)).status).toBe(200);

    expect(await server.running.end('SIGTERM')).toEqual({ code: 1, signal: null });
    await using restarted = await ServerProcess.startDemo({ dataDir: directory.path });
    using after = TokenClient.admin(restarted.demo);
    expect(await after.isActive(late)).toBe(true);
  });

  it('is waited for, and then the server ends', async () => {
    using directory = dataDirectory();
    const args = ['--drain-delay', '300ms', ...FOR_EVER];
    await using server = await ServerProcess.start({ dataDir: directory.path, args });
    using health = new HealthClient(server.grpcAddress);
    const told = health.watch('');
    await eventually('the first status', () => told.length > 0);
    const before = performance.now();
    expect(await server.running.end('SIGTERM')).toEqual(CLEAN);
    expect(performance.now() - before).toBeGreaterThan(299);
    await eventually('the stream to end', () => told.includes('ended'));
    expect(told.slice(0, 2)).toEqual(['SERVING', 'NOT_SERVING']);
    expectCheckpointed(directory.path);
  });
});

describe('a signal ends the server', () => {
  it('long before the grace period when clients are connected and idle', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: FOR_EVER });
    const { demo } = server;
    using client = TokenClient.admin(demo);
    await client.issueToClient(demo.admin);
    const agent = new Agent({ keepAlive: true });
    expect(await restLogin(agent, demo)).toBe(200);
    const silent = await openConnection(demo.http);
    using health = new HealthClient(demo.grpc);
    const told = health.watch('');
    await eventually('the first status', () => told.length > 0);
    expect(await server.running.end('SIGTERM')).toEqual(CLEAN);
    expectCheckpointed(directory.path);
    agent.destroy();
    silent.destroy();
  });

  it('within the grace period when calls and connections never end', async () => {
    using directory = dataDirectory();
    const args = ['--drain-grace', '500ms'];
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args });
    const told = openStream(server.grpcAddress);
    await eventually('the stream to answer', () => told.length > 0);
    const endless = await openConnection(server.httpAddress);
    endless.on('error', () => undefined);
    endless.write('POST /api/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    // Reads nothing, so it never learns that the server hangs up.
    const deaf = await openConnection(server.grpcAddress);
    expect(await server.running.end('SIGTERM')).toEqual(CLEAN);
    expectCheckpointed(directory.path);
    await eventually('the stream to end', () => told.includes('ended'));
    endless.destroy();
    deaf.destroy();
  });
});
