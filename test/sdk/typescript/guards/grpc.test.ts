/** The guard of grpc-js, for each kind of method. */
import {
  Client,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Caller, callerOf, guard, type MethodOptions } from '../../../../sdk/typescript/server/src/guards/grpc.ts';
import { askGrpc, Bed, expectGuarded, REALM } from './bed.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

const same = (bytes: Buffer) => bytes;
const kinds = {
  Unary: { requestStream: false, responseStream: false },
  Download: { requestStream: false, responseStream: true },
  Upload: { requestStream: true, responseStream: false },
  Chat: { requestStream: true, responseStream: true },
};
const NAMES = Object.keys(kinds) as (keyof typeof kinds)[];
const serializers = {
  ...{ requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same },
};
const ROUTES = ['open', 'read', 'write', 'lost'];
const methods = { ...kinds, ...Object.fromEntries(ROUTES.map((route) => [route, kinds.Unary])) };
const SERVICE = Object.fromEntries(
  Object.entries(methods).map(([name, kind]) => [name, { path: `/shop.v1.Shop/${name}`, ...kind, ...serializers }]),
);
const OPTIONS: MethodOptions = {
  realm: REALM,
  publicMethods: ['/shop.v1.Shop/open'],
  scopes: { '/shop.v1.Shop/read': ['read'], '/shop.v1.Shop/write': ['write'] },
};

/** A handler says at once that it runs. */
function enter(call: Parameters<typeof callerOf>[0]): Buffer {
  const name = callerOf(call).clientId;
  bed.handled.push(name);
  return Buffer.from(name);
}

const unary: handleUnaryCall<Buffer, Buffer> = (call, answer) => answer(null, enter(call));
const download: handleServerStreamingCall<Buffer, Buffer> = (call) => {
  call.write(enter(call));
  call.end();
};
const upload: handleClientStreamingCall<Buffer, Buffer> = (call, answer) => {
  const name = enter(call);
  call.on('data', () => {}).on('end', () => answer(null, name));
};
const chat: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
  const name = enter(call);
  call.on('data', () => call.write(name)).on('end', () => call.end());
};
const open: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
  expect(() => callerOf(call)).toThrow('leave the method out of publicMethods');
  bed.handled.push('nobody');
  answer(null, Buffer.from('nobody'));
};

async function serve(...interceptors: ServerInterceptor[]) {
  const server = new Server({ interceptors });
  const routes = { open, read: unary, write: unary, lost: unary };
  server.addService(SERVICE, { Unary: unary, Download: download, Upload: upload, Chat: chat, ...routes });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (error: Error | null, bound: number) => (error === null ? resolve(bound) : reject(error));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const dispose = () => {
    client.close();
    server.forceShutdown();
  };
  return { port, client, [Symbol.dispose]: dispose };
}

it('lets in who has a live token with the scopes, and nobody else', async () => {
  using service = await serve(guard(bed.verifier, OPTIONS));
  using lost = await serve(guard(bed.lost, OPTIONS));
  const portOf = (route: string) => (route === 'lost' ? lost.port : service.port);
  await expectGuarded(
    bed,
    (route, authorization) => askGrpc(portOf(route), `/shop.v1.Shop/${route}`, authorization, String),
    true,
  );
});

/** How a call of any kind ends. The client sends a message at once, and for as long as it can. */
async function callOf(client: Client, name: keyof typeof kinds, token?: string): Promise<string> {
  const metadata = new Metadata();
  if (token !== undefined) {
    metadata.set('authorization', `Bearer ${token}`);
  }
  const path = `/shop.v1.Shop/${name}`;
  const call = client.makeBidiStreamRequest(path, same, same, metadata, { deadline: Date.now() + 60_000 });
  call.write(Buffer.from('a'));
  call.end();
  const answers: string[] = [];
  const code = await new Promise<number>((resolve) => {
    call.on('data', (bytes: Buffer) => answers.push(String(bytes))).on('error', () => {});
    call.on('status', (each) => resolve(each.code));
  });
  return [status[code], ...answers].join(' ');
}

it.each(NAMES)('guards the kind of method that %s is', async (name) => {
  using service = await serve(guard(bed.verifier));
  const token = await bed.token([]);
  expect(await callOf(service.client, name)).toBe('UNAUTHENTICATED');
  expect(await callOf(service.client, name, 'made-up')).toBe('UNAUTHENTICATED');
  expect(bed.handled).toEqual([]);
  expect(await callOf(service.client, name, token)).toBe('OK demo-admin');
  expect(bed.handled).toEqual(['demo-admin']);
});

it.each(NAMES)('lets nobody in to %s once another method has scopes, and it is in no list', async (name) => {
  const path = `/shop.v1.Shop/${name}`;
  using closed = await serve(guard(bed.verifier, { scopes: { '/shop.v1.Shop/Typo': [] } }));
  using open = await serve(guard(bed.verifier, { scopes: { [path]: [] } }));
  const token = await bed.token(['read']);
  // Who has no token is told nothing of methods.
  expect(await callOf(closed.client, name)).toBe('UNAUTHENTICATED');
  expect(await callOf(closed.client, name, token)).toBe('PERMISSION_DENIED');
  expect(await askGrpc(closed.port, path, [`Bearer ${token}`], String)).toMatchObject({
    ...{ status: 'PERMISSION_DENIED', told: undefined, message: `${path} is for nobody: give it to scopes` },
  });
  expect(bed.handled).toEqual([]);
  expect(await callOf(open.client, name, token)).toBe('OK demo-admin');
});

it('knows methods with the first slash and without it', async () => {
  const scopes = { 'shop.v1.Shop/Unary': ['read'], '/shop.v1.Shop/Unary': ['write'] };
  using service = await serve(guard(bed.verifier, { publicMethods: ['shop.v1.Shop/open'], scopes }));
  expect(await askGrpc(service.port, '/shop.v1.Shop/open', [], String)).toMatchObject({ status: 'OK' });
  // All that are named are needed.
  for (const each of ['read', 'write']) {
    expect(await callOf(service.client, 'Unary', await bed.token([each]))).toBe('PERMISSION_DENIED');
  }
  expect(bed.handled.splice(0)).toEqual(['nobody']);
  expect(await callOf(service.client, 'Unary', await bed.token(['read', 'write']))).toBe('OK demo-admin');
});

it('never begins a handler for a call that was cancelled while its token was looked at', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Caller>();
  const ended = Promise.withResolvers<void>();
  const check = () => {
    asked.resolve();
    return answer.promise;
  };
  const outer: ServerInterceptor = (_, call) =>
    new ServerInterceptingCall(call, { start: (next) => next({ onCancel: () => ended.resolve() }) });
  using service = await serve(outer, guard({ check }));
  const call = service.client.makeBidiStreamRequest('/shop.v1.Shop/Chat', same, same, bearer('a'));
  call.on('error', () => {});
  await asked.promise;
  call.cancel();
  await ended.promise;
  answer.resolve({ kind: 'user', subjectId: 'ann', clientId: 'app', scopes: [] } as unknown as Caller);
  await new Promise((resolve) => setImmediate(resolve));
  expect(bed.handled).toEqual([]);
});

it('hands the caller over whatever metadata later interceptors give the handler', async () => {
  const forgetful: ServerInterceptor = (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => next({ onReceiveMetadata: (__, goOn) => goOn(new Metadata()) }),
    });
  using service = await serve(guard(bed.verifier), forgetful);
  expect(await callOf(service.client, 'Unary', await bed.token([]))).toBe('OK demo-admin');
});

it('refuses options that are wrong when it is made', () => {
  expect(() => guard({} as never)).toThrow('verifier must be a Verifier');
  expect(() => guard(bed.verifier, { publicMethods: ['shop.v1.Shop.open'] })).toThrow('/package.Service/Method');
  expect(() => guard(bed.verifier, { scopes: { '/shop.v1.Shop/*': ['a'] } })).toThrow('/package.Service/Method');
  expect(() => guard(bed.verifier, { scopes: { '/a.B/C': 'read' as never } })).toThrow('scopes must be a list');
  expect(() => guard(bed.verifier, { publicMethods: ['a.B/C'], scopes: { '/a.B/C': [] } })).toThrow('must not name');
  expect(() => guard(bed.verifier, { scope: {} } as never)).toThrow('scope is not an option');
});

function bearer(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}
