/** The guard of Fastify. */
import { connect } from 'node:http2';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { callerOf, guard } from '../../../../sdk/typescript/server/src/guards/fastify.ts';
import { askHttp, Bed, expectGuarded, REALM } from './bed.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

async function serve(application: FastifyInstance) {
  await application.listen({ host: '127.0.0.1', port: 0 });
  const { port } = application.server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: () => application.close() };
}

async function handler(request: FastifyRequest): Promise<string> {
  const name = request.caller?.clientId ?? 'nobody';
  bed.handled.push(name);
  return name;
}

it('lets in who has a live token with the scopes, and nobody else', async () => {
  const application = fastify();
  application.register(guard, { verifier: bed.verifier, realm: REALM });
  application.get('/open', { config: { public: true } }, handler);
  application.get('/read', { config: { scopes: ['read'] } }, handler);
  application.get('/write', { config: { scopes: ['write'] } }, handler);
  const other = fastify();
  other.register(guard, { verifier: bed.lost, realm: REALM });
  other.get('/lost', handler);
  await using service = await serve(application);
  await using lost = await serve(other);
  const portOf = (route: string) => (route === 'lost' ? lost.port : service.port);
  await expectGuarded(bed, (route, authorization) => askHttp(portOf(route), `/${route}`, authorization), false);
});

it('guards routes that came before it, plugins, every method and paths that nobody serves', async () => {
  const application = fastify();
  application.get('/before', handler);
  application.register(guard, { verifier: bed.verifier });
  application.register(async (inner) => inner.all('/deep', handler), { prefix: '/mounted' });
  await using service = await serve(application);
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
    for (const path of ['/before', '/mounted/deep', '/nowhere']) {
      expect(await askHttp(service.port, path, [], method), `${method} ${path}`).toMatchObject({
        ...{ status: 401, told: 'Bearer', text: '' },
      });
    }
  }
  expect(bed.handled).toEqual([]);
  const token = await bed.token([]);
  expect(await askHttp(service.port, '/mounted/deep', [`Bearer ${token}`])).toMatchObject({ status: 200 });
});

it('asks the scopes of a route of its HEAD too', async () => {
  const application = fastify();
  application.register(guard, { verifier: bed.verifier });
  application.get('/write', { config: { scopes: ['write'] } }, handler);
  await using service = await serve(application);
  const token = await bed.token(['read']);
  expect(await askHttp(service.port, '/write', [`Bearer ${token}`], 'HEAD')).toMatchObject({ status: 403 });
  expect(bed.handled).toEqual([]);
});

it('guards HTTP/2, and sees a header that comes twice there', async () => {
  const application = fastify({ http2: true }) as unknown as FastifyInstance;
  application.register(guard, { verifier: bed.verifier });
  application.get('/read', handler);
  await using service = await serve(application);
  const token = await bed.token([]);
  const ask = async (values: readonly string[]) => {
    const session = connect(`http://127.0.0.1:${service.port}`, { strictSingleValueFields: false } as object);
    const fixed = { ':method': 'GET', ':path': '/read', ':scheme': 'http', ':authority': 'test' };
    const own = values.flatMap((value) => ['authorization', value]);
    const stream = session.request([...Object.entries(fixed).flat(), ...own]);
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    session.destroy();
    return status;
  };
  expect(await ask([`Bearer ${token}`, `Bearer ${token}`])).toBe(400);
  expect(await ask([])).toBe(401);
  expect(bed.handled).toEqual([]);
  expect(await ask([`Bearer ${token}`])).toBe(200);
});

it('refuses options that are wrong when the application starts, and a route that is wrong always', async () => {
  await expect(
    fastify()
      .register(guard, {} as never)
      .ready(),
  ).rejects.toThrow('verifier must be a Verifier');
  await expect(
    fastify()
      .register(guard, { verifier: bed.verifier, scopes: ['read'] } as never)
      .ready(),
  ).rejects.toThrow('scopes is not an option. The options are verifier, realm,');
  // Fastify's own are for every plugin.
  await fastify().register(guard, { verifier: bed.verifier, prefix: '/v1', logLevel: 'error' }).ready();
  expect(() => callerOf({ caller: undefined })).toThrow('register guard before the routes');
  const application = fastify();
  application.register(guard, { verifier: bed.verifier });
  application.get('/wrong', { config: { scopes: 'read' as never } }, handler);
  await using service = await serve(application);
  const token = await bed.token(['read']);
  const answer = await askHttp(service.port, '/wrong', [`Bearer ${token}`]);
  expect(answer).toMatchObject({ status: 500, text: expect.stringContaining('config.scopes must be a list') });
  expect(bed.handled).toEqual([]);
});

it('refuses a route that is public and has scopes: one that comes later when it is made, one that was there always', async () => {
  const config = { public: true, scopes: ['read'] };
  const message = 'config.public must not stand beside config.scopes';
  const later = fastify();
  await later.register(guard, { verifier: bed.verifier });
  expect(() => later.get('/both', { config }, handler)).toThrow(message);
  expect(() => later.get('/wrong', { config: { scopes: 'read' as never } }, handler)).toThrow('config.scopes must be');
  const inner = fastify();
  inner.register(guard, { verifier: bed.verifier });
  inner.register(async (child) => child.get('/both', { config }, handler));
  await expect(inner.ready()).rejects.toThrow(message);
  const before = fastify();
  before.get('/both', { config }, handler);
  before.register(guard, { verifier: bed.verifier });
  await using service = await serve(before);
  for (const authorization of [[], [`Bearer ${await bed.token(['read'])}`]]) {
    const answer = await askHttp(service.port, '/both', authorization);
    expect(answer).toMatchObject({ status: 500, text: expect.stringContaining(message) });
  }
  expect(bed.handled).toEqual([]);
});
