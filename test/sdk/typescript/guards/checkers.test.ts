/** Verifiers that somebody wrote by hand, in front of each framework: what they answer that is not a caller lets nobody in. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createFileRegistry, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntrospectResponse } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import * as forConnect from '../../../../sdk/typescript/server/src/guards/connect.ts';
import * as forExpress from '../../../../sdk/typescript/server/src/guards/express.ts';
import * as forFastify from '../../../../sdk/typescript/server/src/guards/fastify.ts';
import * as forGrpc from '../../../../sdk/typescript/server/src/guards/grpc.ts';
import { SymbolonGuard } from '../../../../sdk/typescript/server/src/guards/nest.ts';
import { ROOT } from '../../../process/program.ts';
import { type Answer, askGrpc, askHttp, listen } from './bed.ts';
import { decorate } from './nest.ts';

/** What the verifier answers to the next request. */
let answer: unknown;
const verifier = { check: () => answer } as forExpress.Checker;
let handled = 0;
const CALLER = { kind: 'user', subjectId: 'a', clientId: 'b', tenantId: 'c', scopes: [], tokenId: 'd', familyId: 'e' };

type Ask = (authorization: readonly string[]) => Promise<Answer>;
interface Service extends AsyncDisposable {
  readonly ask: Ask;
}

const PATH = '/symbolon.v1.TokenService/ListTokens';

type Options = Pick<forExpress.GuardOptions, 'audience'>;

const FRAMEWORKS: Readonly<Record<string, (options?: Options) => Promise<Service>>> = {
  async Express(options = {}) {
    const app = express();
    app.get('/', forExpress.guard(verifier, options), (_, response) => {
      handled += 1;
      response.end();
    });
    const server = await listen(createServer(app));
    return { ask: (authorization) => askHttp(server.port, '/', authorization), ...disposer(server) };
  },
  async Fastify(options = {}) {
    const app = fastify();
    app.register(forFastify.guard, { verifier, ...options });
    app.get('/', async () => {
      handled += 1;
      return '';
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as { port: number };
    return {
      ask: (authorization) => askHttp(port, '/', authorization),
      [Symbol.asyncDispose]: async () => app.close(),
    };
  },
  async Nest(options = {}) {
    class Shop {
      get(): string {
        handled += 1;
        return '';
      }
    }
    class Application {}
    Controller()(Shop);
    decorate(Shop, 'get', Get());
    Module({ controllers: [Shop] })(Application);
    const app = await NestFactory.create(Application, { logger: false });
    app.useGlobalGuards(new SymbolonGuard(verifier, options));
    await app.listen(0, '127.0.0.1');
    const port = Number(new URL(await app.getUrl()).port);
    return { ask: (authorization) => askHttp(port, '/', authorization), [Symbol.asyncDispose]: () => app.close() };
  },
  async 'grpc-js'(options = {}) {
    const same = (bytes: Buffer) => bytes;
    const own = {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    };
    const server = new Server({ interceptors: [forGrpc.guard(verifier, options)] });
    const get: handleUnaryCall<Buffer, Buffer> = (_, done) => {
      handled += 1;
      done(null, Buffer.alloc(0));
    };
    server.addService({ get: { path: PATH, requestStream: false, responseStream: false, ...own } }, { get });
    const port = await new Promise<number>((resolve, reject) => {
      const done = (error: Error | null, bound: number) => (error === null ? resolve(bound) : reject(error));
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
    });
    return {
      ask: (authorization) => askGrpc(port, PATH, authorization, String),
      [Symbol.asyncDispose]: async () => server.forceShutdown(),
    };
  },
  async Connect(options = {}) {
    const set = fromBinary(FileDescriptorSetSchema, readFileSync(`${ROOT}gen/descriptors.binpb`));
    const service = createFileRegistry(set).getService('symbolon.v1.TokenService') as DescService;
    const listTokens = () => {
      handled += 1;
      return {};
    };
    const routes = (router: ConnectRouter) =>
      router.service(service, { listTokens } as unknown as Partial<ServiceImpl<DescService>>);
    const adapter = connectNodeAdapter({ routes, interceptors: [forConnect.guard(verifier, options)] });
    const server = await listen(createHttp2Server(adapter));
    return { ask: (authorization) => askGrpc(server.port, PATH, authorization, String), ...disposer(server) };
  },
};

function disposer(each: AsyncDisposable): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => each[Symbol.asyncDispose]() };
}

/** Each as it is, and as a promise. */
const NOT_LIVE = [undefined, null];
const NO_CALLER = [
  ...[false, 0, '', Number.NaN, true, 1, 'user', 1n, Symbol('a'), [], {}, () => CALLER, [CALLER]],
  ...[{ active: false }, { active: true }, { value: CALLER }, IntrospectResponse.fromPartial({ active: false })],
  // A text has all that is within it.
  { ...CALLER, scopes: 'read' },
  { ...CALLER, kind: undefined },
];

function served(name: string, options?: Options): Promise<Service> {
  return (FRAMEWORKS[name] as (options?: Options) => Promise<Service>)(options);
}

describe.each(Object.keys(FRAMEWORKS))('%s', (name) => {
  let service: Service;
  beforeAll(async () => {
    service = await served(name);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('lets nobody in for what is not a caller', async () => {
    handled = 0;
    for (const values of [NOT_LIVE, NO_CALLER]) {
      for (const value of values.flatMap((each) => [each, Promise.resolve(each)])) {
        answer = value;
        const { status } = await service.ask(['Bearer a-token']);
        expect([401, 'UNAUTHENTICATED', 503, 'UNAVAILABLE'], String(status)).toContain(status);
        // Of no token it is said that it is not live where nobody said so.
        expect(status === 401 || status === 'UNAUTHENTICATED').toBe(values === NOT_LIVE);
      }
    }
    expect(handled).toBe(0);
    answer = CALLER;
    expect([200, 'OK']).toContain((await service.ask(['Bearer a-token'])).status);
    expect(handled).toBe(1);
  });

  it('takes tokens for its audience alone, where it has one (RFC 9700 section 2.3)', async () => {
    await using shop = await served(name, { audience: 'https://shop.example' });
    for (const audience of [
      undefined,
      '',
      'https://shop.example/',
      'https://other.example',
      ['https://shop.example'],
    ]) {
      answer = { ...CALLER, audience };
      handled = 0;
      const { status, told } = await shop.ask(['Bearer a-token']);
      expect([401, 'UNAUTHENTICATED'], String(audience)).toContain(status);
      expect([told, handled]).toEqual(['Bearer error="invalid_token"', 0]);
      expect([200, 'OK'], String(audience)).toContain((await service.ask(['Bearer a-token'])).status);
    }
    answer = { ...CALLER, audience: 'https://shop.example' };
    expect([200, 'OK']).toContain((await shop.ask(['Bearer a-token'])).status);
  });
});

it('tells a handler that no guard let it in, whatever is where a caller would be', () => {
  for (const caller of [...NOT_LIVE, ...NO_CALLER] as never[]) {
    expect(() => forExpress.callerOf({ caller })).toThrow('No guard let this request in');
    expect(() => forFastify.callerOf({ caller })).toThrow('No guard let this request in');
  }
});
