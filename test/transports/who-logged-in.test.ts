/** Every login, refresh and failure is one line that tells who, how, from where, and where the time went: at every door the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONNECT_DIALECTS } from '../../src/http/connect/dialect.ts';
import { KII_DIALECTS } from '../../src/http/kii/dialect.ts';
import { HttpServer } from '../../src/http/server.ts';
import { type GrpcBed, openGrpcBed, PASSWORD, revoke } from '../grpc/client.ts';
import { eventually, type LogLine, LogTape } from '../http/support.ts';
import { make, makeUser } from '../support.ts';
import { grpcTransport, kiiTransport, type Pair, type Refusal, type Transport } from './transports.ts';

const tape = new LogTape();
let bed: GrpcBed;
let http: HttpServer;
const transports: Partial<Record<'gRPC' | 'REST', Transport>> = {};

beforeAll(async () => {
  bed = await openGrpcBed({ log: tape.log });
  http = await HttpServer.start({
    services: bed.services,
    log: tape.log,
    dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS],
    address: '127.0.0.1:0',
  });
  await make(bed.store, { kind: 'update_tenant', tenantId: 'acme', policy: { loginAttempts: 5 } });
  transports.gRPC = grpcTransport(bed);
  transports.REST = kiiTransport(http);
});

afterAll(async () => {
  await http.drain(1_000);
  await bed.close();
});

/** What was answered, and the line that the call left. */
async function lineOf<T>(act: () => Promise<T>): Promise<{ answer: T; line: LogLine }> {
  const before = tape.lines.length;
  const answer = await act();
  await eventually(() => tape.lines.length).toBeGreaterThan(before);
  const lines = tape.lines.slice(before);
  expect(lines.length).toBe(1);
  return { answer, line: lines[0] ?? {} };
}

function pairOf(answer: Pair | Refusal): Pair {
  if ('message' in answer) {
    throw new Error(answer.message);
  }
  return answer;
}

const MS = expect.any(Number);
const COMMON = { msg: 'call', level: 30, requestId: expect.any(String), tenant: 'acme', address: '127.0.0.1', ms: MS };
const LOGIN = { ...COMMON, event: 'login', code: 'ok', storeMs: MS };
const ISSUED = { token: expect.stringMatching(/^ta_/), family: expect.stringMatching(/^fm_/) };

describe.each(['gRPC', 'REST'] as const)('through %s', (name) => {
  const through = () => transports[name] as Transport;
  const common = { door: name === 'gRPC' ? 'grpc' : 'http' };

  it('a login tells who logged in, and as what', async () => {
    const hashed = { queueMs: MS, hashMs: MS };
    const user = await lineOf(() => through().loginUser('ann', PASSWORD));
    expect(user.line).toMatchObject({
      ...LOGIN,
      ...ISSUED,
      ...common,
      ...hashed,
      client: 'acme',
      credential: 'user_password',
      kind: 'USER',
      subject: 'user-ann',
    });
    const device = await lineOf(() => through().loginDevice('lamp', PASSWORD));
    const ofDevice = { credential: 'device_password', kind: 'DEVICE', subject: 'th.lamp' };
    expect(device.line).toMatchObject({ ...LOGIN, ...ISSUED, ...common, ...hashed, ...ofDevice });
    const client = await lineOf(() => through().loginClient('admin', bed.adminSecret));
    const ofClient = { credential: 'client_secret', kind: 'ADMIN', subject: 'admin' };
    expect(client.line).toMatchObject({ ...LOGIN, ...ISSUED, ...common, ...ofClient });
    const anonymous = await lineOf(() => through().anonymous());
    const ofNobody = { credential: 'anonymous', kind: 'ANONYMOUS', subject: 'acme' };
    expect(anonymous.line).toMatchObject({ ...LOGIN, ...ISSUED, ...common, ...ofNobody });
  });

  it('a failed login tells whose name it was, or the hash of a name that nobody has', async () => {
    const wrong = await lineOf(() => through().loginUser('ann', 'wrong'));
    const refused = { ...COMMON, ...common, event: 'login', code: 'invalid_credentials', credential: 'user_password' };
    expect(wrong.line).toMatchObject({ ...refused, subject: 'user-ann' });
    expect(wrong.line).not.toHaveProperty('family');
    const typed = 'hunter2-typed-into-the-wrong-field';
    const first = await lineOf(() => through().loginUser(typed, PASSWORD));
    const again = await lineOf(() => through().loginUser(typed.toUpperCase(), PASSWORD));
    const other = await lineOf(() => through().loginUser('another', PASSWORD));
    expect(first.line).toMatchObject({ ...refused, unknown: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(again.line.unknown).toBe(first.line.unknown);
    expect(other.line.unknown).not.toBe(first.line.unknown);
    expect(tape.text.toLowerCase()).not.toContain(typed);
  });

  it('a locked name is told as the one it is', async () => {
    const subjectId = `user-locked-${name}`;
    await makeUser(bed.services, 'acme', { subjectId, loginName: `locked-${name}`, password: PASSWORD });
    let line: LogLine = {};
    for (let failed = 0; line.code !== 'login_locked' && failed < 20; failed++) {
      ({ line } = await lineOf(() => through().loginUser(`locked-${name}`, 'wrong')));
    }
    expect(line).toMatchObject({ event: 'login', code: 'login_locked', subject: subjectId });
  });

  it('a wrong secret tells which client it is of', async () => {
    const wrong = await lineOf(() => through().loginClient('admin', 'wrong'));
    expect(wrong.line).toMatchObject({ ...COMMON, code: 'invalid_credentials', credential: 'client_secret' });
    expect([wrong.line.subject, wrong.line.client]).toContain('admin');
    const unknown = await lineOf(() => through().loginClient('cl_typed-wrong', 'wrong'));
    expect(unknown.line).toMatchObject({ code: 'invalid_credentials', unknown: expect.any(String) });
    expect(tape.text).not.toContain('cl_typed-wrong');
  });

  it('a refresh tells the family, a repeat that it is one, and a theft that the login was ended', async () => {
    const first = pairOf(await through().loginUser('ann', PASSWORD));
    const refreshed = await lineOf(() => through().refresh(first.refreshToken));
    const family = refreshed.line.family;
    const common = { event: 'refresh', credential: 'refresh_token', subject: 'user-ann', family };
    expect(refreshed.line).toMatchObject({ ...COMMON, ...ISSUED, ...common, code: 'ok' });
    const repeated = await lineOf(() => through().refresh(first.refreshToken));
    expect(repeated.line).toMatchObject({ ...common, code: 'ok', repeat: true });
    await through().refresh(pairOf(refreshed.answer).refreshToken);
    const theft = await lineOf(() => through().refresh(first.refreshToken));
    const reuse = { event: 'refresh', code: 'invalid_refresh_token', reuse: true, family };
    expect(theft.line).toMatchObject({ ...COMMON, ...reuse, token: expect.stringMatching(/^tr_/) });
    const dead = await lineOf(() => through().refresh(first.refreshToken));
    expect(dead.line).toMatchObject({ code: 'invalid_refresh_token', family });
    expect(dead.line).not.toHaveProperty('reuse');
  });

  it('a made-up refresh token tells nothing of itself', async () => {
    const { line } = await lineOf(() => through().refresh('syr_made-up'));
    expect(line).toMatchObject({ ...COMMON, event: 'refresh', code: 'invalid_refresh_token' });
    expect(line).not.toHaveProperty('token');
  });
});

it('a revocation tells the login that it ended', async () => {
  const pair = pairOf(await grpcTransport(bed).loginUser('ann', PASSWORD));
  const { line } = await lineOf(() => revoke(bed, pair.accessToken));
  const common = { ...COMMON, door: 'grpc', method: 'Revoke', event: 'revoke', code: 'ok' };
  expect(line).toMatchObject({
    ...common,
    token: expect.stringMatching(/^ta_/),
    family: expect.stringMatching(/^fm_/),
  });
});

it('a login over Connect is the same line, from the HTTP server', async () => {
  const { line } = await lineOf(() =>
    fetch(`http://${http.address}/symbolon.v1.TokenService/Issue`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Basic ${btoa('acme:')}` },
      body: JSON.stringify({ userPassword: { username: 'ann', password: PASSWORD } }),
    }).then((answer) => answer.text()),
  );
  const common = { door: 'http', method: 'Issue', status: 200, credential: 'user_password', subject: 'user-ann' };
  expect(line).toMatchObject({ ...LOGIN, ...ISSUED, ...common, hashMs: MS });
});
