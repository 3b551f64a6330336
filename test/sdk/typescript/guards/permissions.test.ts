/** `requirePermission` of every framework, at a real server: who may do something with what a request is about, and nobody else. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createFileRegistry, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import {
  Client,
  credentials,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
} from '@grpc/grpc-js';
import { Controller, type ExecutionContext, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import fastify, { type FastifyRequest } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as forConnect from '../../../../sdk/typescript/server/src/guards/connect.ts';
import * as forExpress from '../../../../sdk/typescript/server/src/guards/express.ts';
import * as forFastify from '../../../../sdk/typescript/server/src/guards/fastify.ts';
import * as forGrpc from '../../../../sdk/typescript/server/src/guards/grpc.ts';
import * as forNest from '../../../../sdk/typescript/server/src/guards/nest.ts';
import type { Access, Target } from '../../../../sdk/typescript/server/src/index.ts';
import { ROOT } from '../../../process/program.ts';
import { type Answer, askHttp, Bed, listen, REALM } from './bed.ts';
import { decorate } from './nest.ts';

const PERMISSION = 'READ_MESSAGES';
const OPTIONS = { realm: REALM };
const TOLD = 'Bearer realm="the \\"shop\\""';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

/** Of a request about a device: some are no targets. */
function targetOf(id: string): Target {
  if (id === 'throws') {
    throw new Error('the path is wrong');
  }
  return id === 'own' ? {} : { deviceId: id === 'empty' ? '' : id };
}

function entered(caller: forExpress.Caller | undefined): string {
  const name = caller?.subjectId ?? 'nobody';
  bed.handled.push(name);
  return name;
}

type Ask = (id: string, authorization: readonly string[]) => Promise<Answer>;
interface Service extends AsyncDisposable {
  readonly ask: Ask;
}
type Serve = (verifier: forExpress.PermissionChecker, options?: forExpress.GuardOptions) => Promise<Service>;

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(`${ROOT}gen/descriptors.binpb`)));
const TOKENS = registry.getService('symbolon.v1.TokenService') as DescService;
const same = (bytes: Buffer) => bytes;
const METHOD = {
  ...{ path: '/shop.v1.Shop/Read', requestStream: false, responseStream: false },
  ...{ requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same },
};

const overHttp =
  (port: number): Ask =>
  (id, authorization) =>
    askHttp(port, `/lamps/${id}`, authorization);

const FRAMEWORKS: Readonly<Record<string, Serve>> = {
  async Express(verifier, options = OPTIONS) {
    const app = express();
    const mayRead = forExpress.requirePermission(
      verifier,
      PERMISSION,
      ({ params }) => targetOf(`${params.id}`),
      options,
    );
    app.get('/lamps/:id', mayRead, (request, response) => {
      response.send(entered(forExpress.callerOf(request)));
    });
    app.use(((_, __, response, ___) => void response.status(500).end()) as express.ErrorRequestHandler);
    const server = await listen(createServer(app));
    return { ask: overHttp(server.port), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
  async Fastify(verifier, options = OPTIONS) {
    const app = fastify();
    const id = ({ params }: FastifyRequest<{ Params: { id: string } }>) => targetOf(params.id);
    const preHandler = forFastify.requirePermission(verifier, PERMISSION, id, options);
    app.get('/lamps/:id', { preHandler }, async (request) => entered(forFastify.callerOf(request)));
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as { port: number };
    return { ask: overHttp(port), [Symbol.asyncDispose]: async () => app.close() };
  },
  async Nest(verifier, options = OPTIONS) {
    class Lamps {
      read(caller: forExpress.Caller): string {
        return entered(caller);
      }
    }
    class Application {}
    const id = (context: ExecutionContext) =>
      targetOf(context.switchToHttp().getRequest<{ params: { id: string } }>().params.id);
    const guard = UseGuards(forNest.requirePermission(verifier, PERMISSION, id, options));
    Controller('lamps')(Lamps);
    decorate(Lamps, 'read', Get(':id'), guard);
    forNest.CurrentCaller()(Lamps.prototype, 'read', 0);
    Module({ controllers: [Lamps] })(Application);
    const app = await NestFactory.create(Application, { logger: false });
    await app.listen(0, '127.0.0.1');
    return { ask: overHttp(Number(new URL(await app.getUrl()).port)), [Symbol.asyncDispose]: () => app.close() };
  },
  async Connect(verifier, options = OPTIONS) {
    const id = ({ pageToken }: { pageToken: string }) => targetOf(pageToken);
    const mayRead = forConnect.requirePermission(verifier, PERMISSION, id, options);
    const methods = {
      listTokens: async (request: never, context: HandlerContext) => {
        const caller = await mayRead(request, context);
        expect(forConnect.callerOf(context)).toBe(caller);
        return { nextPageToken: entered(caller) };
      },
    };
    const routes = (router: ConnectRouter) => {
      router.service(TOKENS, methods as unknown as ServiceImpl<DescService>);
    };
    const server = await listen(createServer(connectNodeAdapter({ routes })));
    const ask: Ask = async (pageToken, authorization) => {
      const path = '/symbolon.v1.TokenService/ListTokens';
      const answer = await askHttp(server.port, path, authorization, 'POST', JSON.stringify({ pageToken }));
      const { nextPageToken = '' } = JSON.parse(answer.text) as { nextPageToken?: string };
      return { ...answer, text: nextPageToken };
    };
    return { ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
  async 'grpc-js'(verifier, options = OPTIONS) {
    type Call = ServerUnaryCall<Buffer, Buffer>;
    const id = (call: Call) => targetOf(String(call.request));
    const mayRead = forGrpc.requirePermission(verifier, PERMISSION, id, options);
    const read: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
      mayRead(call).then((caller) => answer(null, Buffer.from(entered(caller))), answer);
    };
    const server = new Server();
    server.addService({ read: METHOD }, { read });
    const port = await new Promise<number>((resolve) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    );
    return { ask: overGrpc(port), [Symbol.asyncDispose]: async () => server.forceShutdown() };
  },
};

function overGrpc(port: number): Ask {
  return async (id, authorization) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const metadata = new Metadata();
    for (const each of authorization) {
      metadata.add('authorization', each);
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    client.makeUnaryRequest(METHOD.path, same, same, Buffer.from(id), metadata, (error, bytes) => {
      const told = error?.metadata.get('www-authenticate')[0];
      const isRepeatable = (error?.metadata.get('grpc-status-details-bin') ?? []).length > 0;
      const name = status[error?.code ?? status.OK] ?? '';
      resolve({ status: name, told: told && String(told), isRepeatable, text: bytes?.toString() ?? '' });
    });
    const answer = await promise;
    client.close();
    return answer;
  };
}

describe.each(Object.entries(FRAMEWORKS))('%s', (name, serve) => {
  const isGrpc = name === 'grpc-js';
  const refusal = (http: number, grpc: keyof typeof status, told?: string, isRepeatable = false) => ({
    ...{ status: isGrpc ? grpc : http, told, isRepeatable, text: '' },
  });

  it('lets in who may do this, and tells everybody else what RFC 6750 has for it', async () => {
    const { mine, others, token, userId, application } = await bed.lamps();
    const bearer = [`Bearer ${token}`];
    await using service = await serve(bed.verifier);
    await using lost = await serve(bed.lost);
    const { ask } = service;
    const text = (answer: Answer) => (answer.status === 200 || answer.status === 'OK' ? answer.text : '');
    const asked = async (id: string, authorization: readonly string[]) => {
      const answer = await ask(id, authorization);
      return { ...answer, text: text(answer) };
    };
    const ofNobody = [
      [[], refusal(401, 'UNAUTHENTICATED', TOLD)],
      [['Basic YTpi'], refusal(401, 'UNAUTHENTICATED', TOLD)],
      [['Bearer'], refusal(400, 'INVALID_ARGUMENT', `${TOLD}, error="invalid_request"`)],
      [['Bearer made-up'], refusal(401, 'UNAUTHENTICATED', `${TOLD}, error="invalid_token"`)],
    ] as const;
    for (const [authorization, expected] of ofNobody) {
      expect(await asked(mine, authorization)).toEqual(expect.objectContaining(expected));
    }
    expect(await asked(others, bearer)).toEqual(expect.objectContaining(refusal(403, 'PERMISSION_DENIED')));
    expect(await asked(mine, [`Bearer ${application}`])).toEqual(
      expect.objectContaining(refusal(403, 'PERMISSION_DENIED', `${TOLD}, error="insufficient_scope"`)),
    );
    const unavailable = await lost.ask(mine, bearer);
    expect({ ...unavailable, text: '' }).toMatchObject(refusal(503, 'UNAVAILABLE', undefined, true));
    for (const id of ['throws', 'empty']) {
      const failed = await asked(id, bearer);
      expect(isGrpc ? failed.status : [failed.status, id]).toEqual(isGrpc ? 'UNKNOWN' : [500, id]);
    }
    expect(bed.handled).toEqual([]);
    for (const _ of ['asked', 'from memory']) {
      expect(await asked(mine, bearer)).toMatchObject({ status: isGrpc ? 'OK' : 200, text: userId });
    }
    expect(bed.handled).toEqual([userId, userId]);
    await bed.disable(mine);
    expect(await asked(mine, bearer)).toEqual(expect.objectContaining(refusal(403, 'PERMISSION_DENIED')));
    await bed.revoke(token);
    expect(await asked(others, bearer)).toEqual(
      expect.objectContaining(refusal(401, 'UNAUTHENTICATED', `${TOLD}, error="invalid_token"`)),
    );
  });

  it('takes tokens for its audience alone, and nothing that is no answer', async () => {
    const caller = { kind: 'user', subjectId: 'ann', scopes: [], audience: 'https://shop.example' };
    let answer: unknown = { allowed: true, reason: 'ALLOWED', caller, userId: 'ann' };
    const checker = { checkPermission: () => answer as Access };
    const invalid = refusal(401, 'UNAUTHENTICATED', `${TOLD}, error="invalid_token"`);
    const bearer = ['Bearer one'];
    const { status: served } = { status: isGrpc ? 'OK' : 200 };
    await using mine = await serve(checker, { ...OPTIONS, audience: 'https://shop.example' });
    await using others = await serve(checker, { ...OPTIONS, audience: 'https://other.example' });
    expect(await mine.ask('a', bearer)).toMatchObject({ status: served, text: 'ann' });
    expect((await others.ask('a', bearer)).told).toEqual(invalid.told);
    answer = { allowed: false, reason: 'SCOPE_MISSING', caller, userId: '' };
    expect((await mine.ask('a', bearer)).told).toBe(`${TOLD}, error="insufficient_scope"`);
    expect((await others.ask('a', bearer)).told).toEqual(invalid.told);
    bed.handled.splice(0);
    for (answer of [
      undefined,
      null,
      true,
      {},
      caller,
      { allowed: true },
      { allowed: 'yes', caller },
      { allowed: 1, caller },
    ]) {
      expect((await mine.ask('a', bearer)).status, JSON.stringify(answer)).toBe(isGrpc ? 'UNAVAILABLE' : 503);
    }
    expect(bed.handled).toEqual([]);
  });
});

it('hands the caller on behind a guard, and tells its realm', async () => {
  const { mine, others, token, userId } = await bed.lamps();
  const app = express();
  app.use(forExpress.guard(bed.verifier, OPTIONS));
  const mayRead = forExpress.requirePermission(bed.verifier, PERMISSION, ({ params }) => targetOf(`${params.id}`));
  app.get('/lamps/:id', mayRead, (request, response) => {
    response.send(entered(forExpress.callerOf(request)));
  });
  app.get('/mine', forExpress.requirePermission(bed.verifier, 'LIST_DEVICES'), (request, response) => {
    response.send(entered(request.caller));
  });
  await using server = await listen(createServer(app));
  expect(await askHttp(server.port, `/lamps/${mine}`, [`Bearer ${token}`])).toMatchObject({
    status: 200,
    text: userId,
  });
  expect(await askHttp(server.port, '/mine', [`Bearer ${token}`])).toMatchObject({ status: 200, text: userId });
  expect(await askHttp(server.port, `/lamps/${others}`, [`Bearer ${token}`])).toMatchObject({ status: 403 });
});

it('refuses options that are wrong when it is made', () => {
  const { requirePermission } = forExpress;
  expect(() => requirePermission(bed.verifier, 'READ' as never)).toThrow('permission must be');
  expect(() => requirePermission(bed.verifier, 'UNSPECIFIED' as never)).toThrow('permission must be');
  expect(() => requirePermission({} as never, PERMISSION)).toThrow('verifier must be');
  expect(() => requirePermission(bed.verifier, PERMISSION, { deviceId: 'a' } as never)).toThrow('target must be');
  expect(() => requirePermission(bed.verifier, PERMISSION, undefined, { audience: '' })).toThrow('audience must be');
  expect(() => requirePermission(bed.verifier, PERMISSION, undefined, { scopes: [] } as never)).toThrow(
    'scopes is not',
  );
});
