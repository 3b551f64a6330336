/** The load against a real grpc-js server: what it counts as answered, and as failed. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadPlan } from '../../bench/load/plan.ts';
import { buildLoad, hasGo, load } from '../../bench/load.ts';
import {
  IntrospectRequest,
  IntrospectResponse,
  RefreshRequest,
  RefreshResponse,
  TokenServiceService,
} from '../../gen/ts/symbolon/v1/token_service.ts';

const LIMITS = { 'grpc.max_concurrent_streams': 8 };
const INTROSPECT = '/symbolon.v1.TokenService/Introspect';
const REFRESH = '/symbolon.v1.TokenService/Refresh';
/** A token of this name has no live answer. */
const DEAD = 'dead';
/** One of this name is refused. */
const REFUSED = 'refused';
/** The answer to it is longer than a frame. */
const LONG = 'long';
const LONG_SCOPES = Array.from({ length: 10_000 }, (_, i) => `scope-${i}`);

class Bed implements AsyncDisposable {
  readonly #server = new Server(LIMITS);
  readonly presented: string[] = [];
  readonly authorizations = new Set<string>();
  address = '';
  /** How long an Introspect takes. */
  delayMs = 0;

  static async start(): Promise<Bed> {
    const bed = new Bed();
    const unimplemented = () => undefined;
    bed.#server.addService(TokenServiceService, {
      issue: unimplemented,
      revoke: unimplemented,
      introspect: bed.#introspect,
      refresh: bed.#refresh,
    });
    const port = await new Promise<number>((resolve, reject) =>
      bed.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    bed.address = `127.0.0.1:${port}`;
    return bed;
  }

  #introspect: handleUnaryCall<IntrospectRequest, IntrospectResponse> = ({ request, metadata }, callback) => {
    this.presented.push(request.token);
    this.authorizations.add(String(metadata.get('authorization')[0]));
    if (request.token === REFUSED) {
      callback({ code: status.FAILED_PRECONDITION, details: 'no' });
      return;
    }
    const scopes = request.token === LONG ? LONG_SCOPES : [];
    const answer = IntrospectResponse.fromPartial({ active: request.token !== DEAD, scopes, revision: 7 });
    setTimeout(() => callback(null, answer), this.delayMs);
  };

  /** The refresh token after `a.1` is `a.2`. */
  #refresh: handleUnaryCall<RefreshRequest, RefreshResponse> = ({ request }, callback) => {
    this.presented.push(request.refreshToken);
    const [login, generation] = request.refreshToken.split('.');
    callback(
      null,
      RefreshResponse.fromPartial({ tokens: { refreshToken: `${login}.${Number(generation) + 1}`, accessToken: 'a' } }),
    );
  };

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
    return Promise.resolve();
  }
}

/** The third request is refused. */
class FormServer implements AsyncDisposable {
  readonly bodies: string[] = [];
  readonly #server = createServer(async (request, response) => {
    this.bodies.push(await text(request));
    response.writeHead(this.bodies.length === 3 ? 404 : 200).end('{}');
  });

  static async start(): Promise<FormServer> {
    const server = new FormServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    return Promise.resolve();
  }
}

function introspect(token: string): string {
  return Buffer.from(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token })).finish()).toString('base64');
}

function refresh(refreshToken: string): string {
  return Buffer.from(RefreshRequest.encode(RefreshRequest.fromPartial({ refreshToken })).finish()).toString('base64');
}

function planOf(bed: Bed, messages: readonly string[], changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    address: bed.address,
    path: INTROSPECT,
    authorization: 'Basic eDp5',
    messages,
    order: 'once',
    connections: 2,
    streams: 4,
    warmupSeconds: 0,
    seconds: 30,
    ...changes,
  };
}

const suite = hasGo() || process.env.SYMBOLON_CI === '1' ? describe : describe.skip;
const MAX_BUILD_MS = 300_000;

suite('the load (skipped where there is no Go)', () => {
  beforeAll(() => {
    buildLoad();
  }, MAX_BUILD_MS);

  it('presents each message once and keeps the answers', async () => {
    await using bed = await Bed.start();
    const tokens = Array.from({ length: 100 }, (_, i) => `token-${i}`);
    const result = await load(planOf(bed, tokens.map(introspect), { keepAnswers: true }));
    expect(bed.presented.sort()).toEqual(tokens.sort());
    expect(result).toMatchObject({ calls: 100, measuredCalls: 100, failed: 0 });
    const answers = result.answers.map((answer) => IntrospectResponse.decode(Buffer.from(answer, 'base64')));
    expect(answers).toHaveLength(100);
    expect(answers.every(({ active, revision }) => active && revision === 7)).toBe(true);
  });

  it('counts what the server refuses', async () => {
    await using bed = await Bed.start();
    const tokens = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? REFUSED : 'token'));
    expect(await load(planOf(bed, tokens.map(introspect)))).toMatchObject({ calls: 60, failed: 20 });
  });

  it('counts calls of a method that is not there', async () => {
    await using bed = await Bed.start();
    const path = '/symbolon.v1.TokenService/Nothing';
    expect(await load(planOf(bed, [introspect('token')], { path }))).toMatchObject({ calls: 1, failed: 1 });
  });

  it('counts good answers that say the wrong thing', async () => {
    await using bed = await Bed.start();
    const messages = [DEAD, 'token', DEAD].map(introspect);
    expect(await load(planOf(bed, messages, { answerStart: '0801' }))).toMatchObject({ calls: 3, failed: 2 });
  });

  it('puts answers of several frames together', async () => {
    await using bed = await Bed.start();
    const { answers, failed } = await load(planOf(bed, [introspect(LONG), introspect(LONG)], { keepAnswers: true }));
    expect(failed).toBe(0);
    for (const answer of answers) {
      expect(IntrospectResponse.decode(Buffer.from(answer, 'base64')).scopes).toEqual(LONG_SCOPES);
    }
  });

  it('waits for the window and for streams, and sends long fields', async () => {
    await using bed = await Bed.start();
    const messages = Array.from({ length: 200 }, () => introspect('x'.repeat(4_000)));
    const authorization = `Basic ${'x'.repeat(1_000)}`;
    const result = await load(planOf(bed, messages, { authorization, connections: 1, streams: 32 }));
    expect(result).toMatchObject({ calls: 200, failed: 0 });
    expect([...bed.authorizations]).toEqual([authorization]);
  });

  it('refreshes each login with the token that it was answered last', async () => {
    await using bed = await Bed.start();
    const messages = ['a.1', 'b.1', 'c.1'].map(refresh);
    const result = await load(planOf(bed, messages, { path: REFRESH, order: 'refresh', connections: 1, seconds: 0.3 }));
    expect(result.failed).toBe(0);
    for (const login of ['a', 'b', 'c']) {
      const ofLogin = bed.presented.filter((token) => token.startsWith(login));
      expect(ofLogin.length).toBeGreaterThan(3);
      expect(ofLogin).toEqual(ofLogin.map((_, i) => `${login}.${i + 1}`));
    }
  });

  it('stops with the time, and measures its processor', async () => {
    await using bed = await Bed.start();
    const changes = { order: 'cycle', warmupSeconds: 0.1, seconds: 0.3, serverPid: process.pid } as const;
    const result = await load(planOf(bed, [introspect('token')], changes));
    expect(result.calls).toBeGreaterThan(result.measuredCalls);
    expect(result.callsPerSecond).toBe(Math.round(result.measuredCalls / result.seconds));
    expect(result.server.busy).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThanOrEqual(0.29);
  });

  it('begins calls when they are due, and counts them from then', async () => {
    await using bed = await Bed.start();
    const changes = { order: 'cycle', rate: 100, warmupSeconds: 0.1, seconds: 0.5 } as const;
    const paced = await load(planOf(bed, [introspect('token')], changes));
    expect(paced.failed).toBe(0);
    expect(paced.calls).toBeGreaterThan(0);
    expect(paced.measuredCalls).toBeLessThanOrEqual(100);
    bed.delayMs = 300;
    // Two calls at a time that take 300 ms each: the last of ten begins 1.2 s after it was due.
    const messages = Array.from({ length: 10 }, () => introspect('token'));
    const late = await load(planOf(bed, messages, { rate: 1_000, connections: 2, streams: 1, keepAnswers: true }));
    expect(late).toMatchObject({ calls: 10, failed: 0 });
    expect(late.answers).toHaveLength(10);
    expect(late.p99Ms).toBeGreaterThan(1_000);
    // What is under way when the time is over is waited for.
    const over = { order: 'cycle', rate: 100, connections: 1, streams: 100, seconds: 0.5 } as const;
    expect((await load(planOf(bed, [introspect('token')], over))).failed).toBe(0);
  });

  it('posts at a pace', async () => {
    await using server = await FormServer.start();
    const plan = { protocol: 'http', contentType: 'text/plain', path: '/form', authorization: 'Basic eDp5' } as const;
    const messages = Array.from({ length: 2 }, () => Buffer.from('a=b').toString('base64'));
    const pace = { rate: 10, order: 'once', connections: 1, streams: 1, warmupSeconds: 0, seconds: 30 } as const;
    expect(await load({ ...plan, ...pace, address: server.address, messages })).toMatchObject({ calls: 2, failed: 0 });
  });

  it('posts forms', async () => {
    await using server = await FormServer.start();
    const body = Buffer.from('a=b').toString('base64');
    const form = { protocol: 'http', contentType: 'application/x-www-form-urlencoded', path: '/form' } as const;
    const plan = { ...form, address: server.address, authorization: 'Basic eDp5', messages: [body, body, body] };
    const result = await load({ ...plan, order: 'once', connections: 2, streams: 1, warmupSeconds: 0, seconds: 30 });
    expect(result).toMatchObject({ calls: 3, failed: 1, failures: ['404 Not Found'] });
    expect(server.bodies).toEqual(['a=b', 'a=b', 'a=b']);
  });

  it('goes to this machine alone', async () => {
    await using bed = await Bed.start();
    await expect(load(planOf(bed, [introspect('token')], { address: '192.0.2.1:1' }))).rejects.toThrow('ended with 1');
  });
});
