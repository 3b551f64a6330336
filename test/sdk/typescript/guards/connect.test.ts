/** The guard of Connect, in the protocols that its router speaks, over HTTP/1.1 and HTTP/2. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, constants, createServer as createHttp2Server } from 'node:http2';
import { createFileRegistry, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter, HandlerContext, Interceptor, ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Caller,
  type Checker,
  callerOf,
  guard,
  type MethodOptions,
} from '../../../../sdk/typescript/server/src/guards/connect.ts';
import { eventually, ROOT } from '../../../process/program.ts';
import { askGrpc, askHttp, Bed, expectGuarded, listen, REALM, type Route } from './bed.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

/** A service whose methods serve here as routes: one of them may be called with GET, and one is a stream. */
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(`${ROOT}gen/descriptors.binpb`)));
const service = registry.getService('symbolon.v1.TokenService') as DescService;
const METHODS: Readonly<Record<Route, string>> = {
  open: 'ListTokens',
  read: 'CountLogins',
  write: 'RevokeAll',
  lost: 'CountLogins',
};
const pathOf = (method: string) => `/symbolon.v1.TokenService/${method}`;
const OPTIONS = {
  realm: REALM,
  publicMethods: [pathOf(METHODS.open)],
  scopes: { [pathOf(METHODS.read)]: ['read'], [pathOf(METHODS.write)]: ['write'], [pathOf('WatchRevocations')]: [] },
};

function enter(context: HandlerContext): string {
  const name = callerOf(context).clientId;
  bed.handled.push(name);
  return name;
}

function adapter(verifier: Checker, options: MethodOptions = OPTIONS, before: readonly Interceptor[] = []) {
  const methods = {
    listTokens: (_: unknown, context: HandlerContext) => {
      expect(() => callerOf(context)).toThrow('leave the method out of publicMethods');
      bed.handled.push('nobody');
      return { nextPageToken: 'nobody' };
    },
    countLogins: (_: unknown, context: HandlerContext) => ({ logins: enter(context).length }),
    revokeAll: (_: unknown, context: HandlerContext) => ({ verifiers: { acknowledged: enter(context).length } }),
    async *watchRevocations(_: unknown, context: HandlerContext) {
      enter(context);
      yield {};
    },
  };
  const routes = (router: ConnectRouter) =>
    router.service(service, methods as unknown as Partial<ServiceImpl<DescService>>);
  return connectNodeAdapter({ routes, interceptors: [...before, guard(verifier, options)] });
}

/** What was answered stands for whom the handler was called for. */
const read = (route: Route) => (route === 'open' ? 'nobody' : 'demo-admin');

it('lets in who has a live token with the scopes, by gRPC over HTTP/2', async () => {
  await using live = await listen(createHttp2Server(adapter(bed.verifier)));
  await using lost = await listen(createHttp2Server(adapter(bed.lost)));
  const portOf = (route: Route) => (route === 'lost' ? lost.port : live.port);
  await expectGuarded(
    bed,
    (route, authorization) => askGrpc(portOf(route), pathOf(METHODS[route]), authorization, () => read(route)),
    true,
  );
});

it.each(['POST', 'GET'])(
  'lets in who has a live token with the scopes, by Connect over HTTP/1.1 with %s',
  async (how) => {
    await using live = await listen(createServer(adapter(bed.verifier)));
    await using lost = await listen(createServer(adapter(bed.lost)));
    await expectGuarded(
      bed,
      async (route, authorization) => {
        const port = route === 'lost' ? lost.port : live.port;
        // What has side effects, or carries a secret, can't be sent with GET.
        const isGet = how === 'GET' && METHODS[route] === 'CountLogins';
        const path = pathOf(METHODS[route]);
        const answer = isGet
          ? await askHttp(port, `${path}?connect=v1&encoding=json&message=%7B%7D`, authorization)
          : await askHttp(port, path, authorization, 'POST', '{}');
        return answer.status === 200 ? { ...answer, text: read(route) } : answer;
      },
      false,
    );
  },
);

it('begins no handler for a call that was given up while its token was asked for', async () => {
  let answer = (_: Caller) => {};
  const asked = Promise.withResolvers<void>();
  const checker: Checker = {
    check: () =>
      new Promise((resolve) => {
        answer = resolve;
        asked.resolve();
      }),
  };
  const outcome = Promise.withResolvers<unknown>();
  let signal: AbortSignal | undefined;
  const watched: Interceptor = (next) => (request) => {
    signal = request.signal;
    const answered = next(request);
    answered.then(outcome.resolve, outcome.resolve);
    return answered;
  };
  await using live = await listen(createHttp2Server(adapter(checker, {}, [watched])));
  const session = connect(`http://127.0.0.1:${live.port}`);
  const call = session.request({
    ...{ ':method': 'POST', ':path': pathOf(METHODS.read), 'content-type': 'application/grpc', te: 'trailers' },
    authorization: 'Bearer live',
  });
  call.on('error', () => {});
  call.end(Buffer.alloc(5));
  await asked.promise;
  call.close(constants.NGHTTP2_CANCEL);
  await eventually('given up', () => signal?.aborted);
  answer({ kind: 'user', subjectId: 'ann', clientId: 'app', scopes: [] } as unknown as Caller);
  expect(await outcome.promise).toBeInstanceOf(Error);
  expect(bed.handled).toEqual([]);
  session.close();
});

it('guards streams', async () => {
  await using live = await listen(createHttp2Server(adapter(bed.verifier)));
  const path = pathOf('WatchRevocations');
  const ask = (...authorization: string[]) => askGrpc(live.port, path, authorization, () => '');
  expect(await ask()).toMatchObject({ status: 'UNAUTHENTICATED' });
  expect(await ask('Bearer made-up')).toMatchObject({ status: 'UNAUTHENTICATED' });
  expect(bed.handled).toEqual([]);
  expect(await ask(`Bearer ${await bed.token([])}`)).toMatchObject({ status: 'OK' });
  expect(bed.handled).toEqual(['demo-admin']);
});

it.each(['CountLogins', 'WatchRevocations'])(
  'lets nobody in to %s once another method has scopes, and it is in no list',
  async (method) => {
    const path = pathOf(method);
    await using live = await listen(createHttp2Server(adapter(bed.verifier, { scopes: { '/a.B/C': [] } })));
    const ask = (...authorization: string[]) => askGrpc(live.port, path, authorization, () => '');
    expect(await ask()).toMatchObject({ status: 'UNAUTHENTICATED' });
    expect(await ask(`Bearer ${await bed.token(['read'])}`)).toMatchObject({
      ...{ status: 'PERMISSION_DENIED', told: undefined, message: `${path} is for nobody: give it to scopes` },
    });
    expect(bed.handled).toEqual([]);
  },
);
