/** The guard of Nest: over HTTP by both of its platforms, and in microservices. */
import { type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { ClientProxyFactory, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Checker, callerOf, SymbolonGuard } from '../../../../sdk/typescript/server/src/guards/nest.ts';
import { askGrpc, askHttp, Bed, expectGuarded, portOfNobody, REALM } from './bed.ts';
import { gateway, grpcController, httpController, tcpController } from './nest.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

/** A module whose handlers are guarded. */
function guarded(controllers: Type[], verifier: Checker = bed.verifier, providers: Type[] = []): Type {
  class Application {}
  const guard = { provide: APP_GUARD, useValue: new SymbolonGuard(verifier, { realm: REALM }) };
  Module({ controllers, providers: [guard, ...providers] })(Application);
  return Application;
}

const disposable = (application: INestApplicationContext) => ({ [Symbol.asyncDispose]: () => application.close() });

async function serveHttp(root: Type, adapter?: FastifyAdapter) {
  const application = await (adapter === undefined
    ? NestFactory.create(root, { logger: false })
    : NestFactory.create(root, adapter, { logger: false }));
  application.useWebSocketAdapter(new WsAdapter(application));
  await application.listen(0, '127.0.0.1');
  return { port: Number(new URL(await application.getUrl()).port), ...disposable(application) };
}

describe.each([
  ['Express', () => undefined],
  ['Fastify', () => new FastifyAdapter()],
])('over HTTP by %s', (_, adapter) => {
  it('lets in who has a live token with the scopes, and nobody else', async () => {
    const shop = httpController(bed.handled);
    await using service = await serveHttp(guarded([shop]), adapter());
    await using lost = await serveHttp(guarded([shop], bed.lost), adapter());
    await expectGuarded(
      bed,
      async (route, authorization) => {
        const [port, path] = route === 'lost' ? [lost.port, 'read'] : [service.port, route];
        return askHttp(port, `/${path}`, authorization);
      },
      false,
    );
  });
});

async function serveMicroservice(root: Type, options: MicroserviceOptions) {
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(root, { ...options, logger: false });
  await application.listen();
  return disposable(application);
}

async function serveGrpc(verifier?: Checker) {
  const port = await portOfNobody();
  const options = { package: 'shop.v1', protoPath: `${import.meta.dirname}/shop.proto`, url: `127.0.0.1:${port}` };
  const root = guarded([grpcController(bed.handled)], verifier);
  return { port, ...(await serveMicroservice(root, { transport: Transport.GRPC, options })) };
}

/** A Name of one field. */
const nameIn = (message: Buffer) => message.subarray(2).toString();

describe('in a microservice over gRPC', () => {
  it('lets in who has a live token with the scopes, and nobody else', async () => {
    await using service = await serveGrpc();
    await using lost = await serveGrpc(bed.lost);
    await expectGuarded(
      bed,
      async (route, authorization) => {
        const [port, method] = route === 'lost' ? [lost.port, 'read'] : [service.port, route];
        const name = `${method.slice(0, 1).toUpperCase()}${method.slice(1)}`;
        return askGrpc(port, `/shop.v1.Shop/${name}`, authorization, nameIn);
      },
      true,
    );
  });

  it.each([
    ['Download', 'demo-admin'],
    ['Upload', 'demo-admin'],
    ['Chat', 'demo-admin'],
    ['Raw', 'raw'],
    ['RawUpload', 'raw'],
  ])('guards the stream %s', async (method, name) => {
    await using service = await serveGrpc();
    const ask = (...authorization: string[]) => askGrpc(service.port, `/shop.v1.Shop/${method}`, authorization, nameIn);
    const refused = { status: 'UNAUTHENTICATED', told: expect.stringContaining('Bearer') };
    expect(await ask()).toMatchObject(refused);
    expect(await ask('Bearer made-up')).toMatchObject(refused);
    expect(bed.handled).toEqual([]);
    expect(await ask(`Bearer ${await bed.token([])}`)).toMatchObject({ status: 'OK', text: name });
    expect(bed.handled).toEqual([name]);
  });
});

describe('what has no authorization that the guard could read is refused', () => {
  it('over another transport', async () => {
    const port = await portOfNobody();
    const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port } } as const;
    await using _ = await serveMicroservice(guarded([tcpController(bed.handled)]), options);
    const client = ClientProxyFactory.create(options);
    await expect(firstValueFrom(client.send('ask', {}))).rejects.toMatchObject({ status: 'error' });
    await client.close();
    expect(bed.handled).toEqual([]);
  });

  it('over a WebSocket', async () => {
    await using service = await serveHttp(guarded([], bed.verifier, [gateway(bed.handled)]));
    const socket = new WebSocket(`ws://127.0.0.1:${service.port}`);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    const answer = new Promise<MessageEvent>((resolve) => socket.addEventListener('message', resolve, { once: true }));
    socket.send(JSON.stringify({ event: 'ask', data: {} }));
    expect(JSON.parse(String((await answer).data))).toMatchObject({ event: 'exception' });
    socket.close();
    expect(bed.handled).toEqual([]);
  });
});

it.each([
  // As Nest hands over each: of GraphQL the arguments of a resolver, with the request of HTTP in its context.
  ['graphql', [undefined, {}, { req: { headers: {}, rawHeaders: [] } }, {}]],
  ['ws', [{ send: () => {} }, { authorization: 'Bearer a' }]],
  ['rpc', [{ authorization: 'Bearer a', metadata: {} }, {}]],
  ['a later one', []],
])('refuses a context of %s with an error that says what to do, and asks nobody', async (type, args) => {
  class Shop {}
  const context = new ExecutionContextHost(args, Shop, Shop.prototype.constructor as never);
  context.setType(type);
  const asked: string[] = [];
  const check = (token: string) => {
    asked.push(token);
    return undefined;
  };
  await expect(new SymbolonGuard({ check }).canActivate(context)).rejects.toMatchObject({
    name: 'SymbolonError',
    code: 'UNIMPLEMENTED',
    message: expect.stringMatching(
      `not a request of ${type} .*: guard it by a guard of your own, with check of the Verifier`,
    ),
  });
  expect(() => callerOf(context)).toThrow('guard of your own');
  expect(asked).toEqual([]);
});

it('refuses options that are wrong when it is made', () => {
  expect(() => new SymbolonGuard(undefined as never)).toThrow('verifier must be a Verifier');
  expect(() => new SymbolonGuard(bed.verifier, { realm: '' })).toThrow('realm must be');
  expect(() => new SymbolonGuard(bed.verifier, { scopes: ['read'] } as never)).toThrow('scopes is not an option');
});
