/** The log: at its most talkative it holds nothing that a caller sent or was given; when it can't be written, the server goes on. */
import { connect } from 'node:net';
import { ChannelCredentials, Client, Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { CALL_FIELDS } from '../../src/calls/call-log.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { HAS_PRLIMIT, limitFileSize } from './disk.ts';
import { basic, failureOf, TokenClient } from './grpc-client.ts';
import { eventually, type Running, startShell } from './program.ts';
import { postLogin, postToken } from './rest-client.ts';
import { CHEAP_PASSWORDS, dataDirectory, FREE_PORTS, readDemo, ServerProcess } from './server-process.ts';

/** Texts that no log may hold; a new one for each place where a caller can put something. */
class Plants {
  readonly #planted = new Map<string, string>();

  plant(place: string): string {
    const text = `planted-${crypto.randomUUID()}`;
    this.add(place, text);
    return text;
  }

  add(place: string, secret: string): string {
    this.#planted.set(secret, place);
    return secret;
  }

  /** The places whose text is found, as it is or in an encoding. */
  foundIn(text: string): string[] {
    return [...this.#planted]
      .filter(([secret]) => encodings(secret).some((encoded) => text.includes(encoded)))
      .map(([, place]) => place);
  }
}

function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a part of a longer text: what can be told of it at each of the three offsets.
  const offsets = [0, 1, 2].map((skip) => bytes.subarray(skip, bytes.length - ((bytes.length - skip) % 3)));
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...offsets.map((each) => each.toString('base64'))];
}

async function plantInGrpc(demo: DemoRecord, plants: Plants): Promise<void> {
  using admin = TokenClient.admin(demo);
  using app = new TokenClient(demo.grpc, basic(demo.tenant_id, plants.plant('the password of a public client')));
  const pairs = [
    await admin.issueToClient(demo.admin, plants.plant('a request id of Issue')),
    await app.logIn(demo.user.login_name, demo.user.password),
  ];
  for (const { accessToken, refreshToken } of pairs) {
    plants.add('an access token', accessToken);
    plants.add('a refresh token', refreshToken);
    await admin.introspect(accessToken);
  }
  const [first, second] = pairs;
  const next = await admin.refresh(first?.refreshToken ?? '');
  plants.add('a refreshed access token', next.accessToken);
  plants.add('a refreshed refresh token', next.refreshToken);
  await app.revokeToken(second?.refreshToken ?? '');

  await failureOf(app.logIn(demo.user.login_name, plants.plant('a wrong password')));
  await failureOf(app.logIn(plants.plant('an unknown user name'), 'password'));
  await failureOf(admin.refresh(plants.plant('a malformed refresh token')));
  await failureOf(admin.issue({ scopes: [plants.plant('a scope')], requestId: plants.plant('a bad request') }));
  await admin.introspect(plants.plant('a malformed access token'));
  const scopes = [plants.plant('a scope that is not allowed')];
  const value = { clientId: demo.admin.client_id, clientSecret: demo.admin.client_secret };
  await failureOf(admin.issue({ credential: { $case: 'clientSecret', value }, scopes }));
  using stranger = new TokenClient(demo.grpc, basic(demo.admin.client_id, plants.plant('a wrong client secret')));
  await failureOf(stranger.introspect('token'));
  await rawCalls(demo.grpc, plants);
}

/** Calls that no generated client makes. */
async function rawCalls(address: string, plants: Plants): Promise<void> {
  const client = new Client(address, ChannelCredentials.createInsecure());
  const call = (method: string, message: string, headers: Record<string, string | Buffer>) =>
    new Promise((resolve) => {
      const metadata = new Metadata();
      for (const [name, each] of Object.entries(headers)) {
        metadata.set(name, each);
      }
      client.makeUnaryRequest(
        `/symbolon.v1.TokenService/${method}`,
        (text: string) => Buffer.from(text),
        (bytes) => bytes,
        message,
        metadata,
        resolve,
      );
    });
  const authorization = basic('demo', '');
  await call('Issue', plants.plant('a message that is no protobuf'), { authorization });
  await call(plants.plant('the name of an unknown method'), '', { authorization });
  await call('Issue', '', { authorization, 'x-request-id': `${plants.plant('a request id with blanks')} x` });
  await call('Issue', '', { authorization: `Bearer ${plants.plant('a bearer token')}` });
  await call('Issue', '', { [plants.plant('the name of a metadata key')]: plants.plant('its value'), authorization });
  for (const name of ['traceparent', 'tracestate', 'baggage', 'user-agent', 'x-forwarded-for', 'cookie']) {
    await call('Issue', '', { [name]: plants.plant(`the metadata ${name}`), authorization });
  }
  await call('Issue', '', { 'planted-bin': Buffer.from(plants.plant('binary metadata')), authorization });
  await call('Issue', 'x'.repeat(70_000) + plants.plant('a message that is too long'), { authorization });
  client.close();
}

async function plantInRest(demo: DemoRecord, plants: Plants): Promise<void> {
  const { http, tenant_id, user, admin } = demo;
  const login = { username: user.login_name, password: user.password };
  const { json } = await postToken(http, tenant_id, { ...login, note: plants.plant('an unknown field') });
  plants.add('an access token of REST', String(json.access_token));
  const refresh_token = plants.add('a refresh token of REST', String(json.refresh_token));
  const refreshed = await postToken(http, tenant_id, { grant_type: 'refresh_token', refresh_token });
  plants.add('a refreshed access token of REST', String(refreshed.json.access_token));
  plants.add('a refreshed refresh token of REST', String(refreshed.json.refresh_token));

  await postToken(http, tenant_id, { ...login, password: plants.plant('a wrong password of REST') });
  await postToken(http, tenant_id, { ...login, username: plants.plant('a user name of REST') });
  await postToken(http, tenant_id, { grant_type: plants.plant('a grant type') });
  await postToken(http, tenant_id, { ...admin, client_secret: plants.plant('a wrong client secret of REST') });
  await postToken(http, plants.plant('an unknown app'), login);
  await postToken(http, tenant_id, login, { Authorization: basic(tenant_id, plants.plant('the app key')) });
  await postToken(http, tenant_id, login, { Authorization: plants.plant('an authorization that is none') });
  await postToken(http, tenant_id, login, { 'X-Request-Id': `${plants.plant('a bad request id of REST')} {"a":"b"}` });
  await postToken(http, tenant_id, login, { [plants.plant('the name of a header')]: plants.plant('a header') });
  await postToken(http, tenant_id, login, { 'Content-Type': `text/${plants.plant('a content type')}` });
  for (const name of ['traceparent', 'tracestate', 'baggage', 'User-Agent', 'X-Forwarded-For', 'Referer', 'Cookie']) {
    await postToken(http, tenant_id, login, { [name]: plants.plant(`the header ${name}`) });
  }
  for (const field of [
    'mfa_token',
    'totp_code',
    'recovery_code',
    'refresh_token',
    'client_id',
    'username',
    'expiresAt',
  ]) {
    await postToken(http, tenant_id, { ...login, [field]: plants.plant(`the field ${field}`) });
  }
  const breaking = plants.plant('a name with line breaks');
  for (const name of [`${breaking}\n{"level":30,"msg":"forged"}`, `${breaking}\r\u2028\u0000`, `${breaking}\ud800`]) {
    await postToken(http, tenant_id, { ...login, username: name });
    await postToken(http, tenant_id, { ...login, client_id: name, client_secret: name });
    await postToken(http, tenant_id, login, { Authorization: basic(name, name) });
  }
  const get = (path: string, init?: RequestInit) =>
    fetch(`http://${http}/${path}`, init).then((answer) => answer.text());
  await get(plants.plant('a path'));
  await get(`api/oauth2/token?access_token=${plants.plant('a query')}`, { method: 'POST', body: '' });
  await get(`api/apps/${plants.plant('an app in the path')}/oauth2/token`, { method: 'POST', body: '{}' });
  await get(`%${plants.plant('a path that is no URL')}`);
  const headers = { 'X-Kii-AppID': tenant_id, 'Content-Type': 'application/json' };
  const post = (body: string) => get('api/oauth2/token', { method: 'POST', headers, body });
  await post(`{"password":"${plants.plant('a body that is no JSON')}"`);
  await post(JSON.stringify({ a: 'x'.repeat(70_000), b: plants.plant('a body that is too long') }));
  await rawBytes(http, `GET /${plants.plant('a request line that is none')}\r\n`);
  await rawBytes(http, `GET / HTTP/1.1\r\n${plants.plant('a header line that is none')}\r\n\r\n`);
}

/** Bytes that are no HTTP; ends when the server hangs up. */
function rawBytes(address: string, bytes: string): Promise<void> {
  const [host = '', port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => socket.end(bytes));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
  });
}

/** Failures of the server itself, whose causes are logged. */
async function plantInFaults(server: ServerProcess, plants: Plants): Promise<void> {
  const { demo } = server;
  using admin = TokenClient.admin(demo);
  using _limit = limitFileSize(server.pid, 1);
  await failureOf(admin.issueToClient(demo.admin, plants.plant('a request id at a fault')));
  await failureOf(admin.logIn(plants.plant('a user name at a fault'), plants.plant('a password at a fault')));
  await postToken(demo.http, demo.tenant_id, {
    username: plants.plant('a user name of REST at a fault'),
    password: plants.plant('a password of REST at a fault'),
  });
}

/** What may be logged is: the search is right. A second has only so many lines about strangers, so that it is asked for until it comes. */
async function untilLogged({ running, demo }: ServerProcess): Promise<void> {
  const marker = crypto.randomUUID();
  await eventually('the last line', async () => {
    await postToken(demo.http, demo.tenant_id, {}, { 'X-Request-Id': marker });
    return running.stderr.includes(marker);
  });
}

function afterReady({ stdout }: Running): string {
  return stdout.slice(stdout.indexOf('\n', stdout.indexOf('symbolon ready')) + 1);
}

describe('a server that logs all it can', () => {
  it('logs each call, and nothing that callers sent or were given', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: ['--log-level', 'trace'] });
    const { running, demo } = server;
    const plants = new Plants();
    plants.add('the demo admin’s secret', demo.admin.client_secret);
    plants.add('the demo service’s secret', demo.service.client_secret);
    plants.add('the demo user’s password', demo.user.password);
    plants.add('the demo device’s password', demo.device.password);

    await plantInGrpc(demo, plants);
    await untilLogged(server);
    await plantInRest(demo, plants);
    await untilLogged(server);
    if (HAS_PRLIMIT) {
      await plantInFaults(server, plants);
      await untilLogged(server);
    }
    const { code } = await running.end('SIGTERM');

    expect(code).toBe(0);
    expect(plants.foundIn(running.stderr)).toEqual([]);
    expect(afterReady(running)).toBe('');
    const lines = running.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const calls = lines.filter(({ msg }) => msg === 'call');
    expect(calls.length).toBeGreaterThan(30);
    const told = new Set(calls.flatMap((line) => Object.keys(line)));
    const named = ['level', 'time', 'service', 'msg', ...CALL_FIELDS];
    expect([...told].filter((name) => !named.includes(name))).toEqual([]);
  });

  it('would be caught if it did', () => {
    const plants = new Plants();
    const secret = plants.plant('a secret');
    const other = plants.plant('another');
    expect(plants.foundIn(`{"a":"${secret}"}`)).toEqual(['a secret']);
    expect(plants.foundIn(Buffer.from(`demo:${secret}`).toString('base64'))).toEqual(['a secret']);
    expect(plants.foundIn(Buffer.from(`admin:${secret}.`).toString('base64'))).toEqual(['a secret']);
    expect(plants.foundIn(Buffer.from(other).toString('hex'))).toEqual(['another']);
    expect(plants.foundIn('nothing')).toEqual([]);
  });
});

describe('a log that can’t be written', () => {
  // /dev/full is a disk without room.
  it('costs its lines and not the server', async () => {
    using directory = dataDirectory();
    const args = ['serve', '--demo', '--data-dir', directory.path, ...FREE_PORTS, ...CHEAP_PASSWORDS];
    const running = startShell(`exec "${process.execPath}" bin/symbolon.js ${args.join(' ')} 2>/dev/full`);
    try {
      await eventually(
        'the server to be ready or to end',
        () => running.hasEnded || /^symbolon ready/m.test(running.stdout),
      );
      expect(running.hasEnded).toBe(false);
      const demo = readDemo(directory.path);
      expect((await postLogin(demo, demo.user.login_name, demo.user.password)).status).toBe(200);
      expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
    } finally {
      await running.end('SIGKILL');
    }
  });
});
