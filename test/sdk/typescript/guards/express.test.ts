/** The guard of Express, in both versions of it that people run. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callerOf, guard } from '../../../../sdk/typescript/server/src/guards/express.ts';
import { askHttp, Bed, expectGuarded, listen, REALM } from './bed.ts';

// No types of it are here beside those of version 5.
const express4 = createRequire(import.meta.url)('express4') as () => express.Express;

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.handled.splice(0));

/** Puts routes into an application of Express and serves it. */
function serve(application: express.Express, build: (application: express.Express) => void) {
  build(application);
  return listen(createServer(application));
}

function handler(request: express.Request, response: express.Response): void {
  const name = request.caller?.clientId ?? 'nobody';
  bed.handled.push(name);
  response.send(name);
}

describe.each([
  ['5', () => express()],
  ['4', express4],
])('Express %s', (_, make) => {
  it('lets in who has a live token with the scopes, and nobody else', async () => {
    await using service = await serve(make(), (app) => {
      app.get('/open', handler);
      app.get('/read', guard(bed.verifier, { realm: REALM, scopes: ['read'] }), handler);
      app.get('/write', guard(bed.verifier, { realm: REALM, scopes: ['write'] }), handler);
      app.get('/lost', guard(bed.lost), handler);
    });
    await expectGuarded(bed, (route, authorization) => askHttp(service.port, `/${route}`, authorization), false);
  });

  it('guards mounted routers, every method and paths that nobody serves', async () => {
    await using service = await serve(make(), (app) => {
      const router = express.Router();
      router.all('/deep', handler);
      app.use(guard(bed.verifier));
      app.use('/mounted', router);
    });
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PROPFIND']) {
      for (const path of ['/mounted/deep', '//mounted/deep', '/MOUNTED/deep/', '/nowhere']) {
        expect(await askHttp(service.port, path, [], method), `${method} ${path}`).toMatchObject({
          ...{ status: 401, told: 'Bearer', text: '' },
        });
      }
    }
    expect(bed.handled).toEqual([]);
    const token = await bed.token([]);
    expect(await askHttp(service.port, '/mounted/deep', [`Bearer ${token}`], 'POST')).toMatchObject({ status: 200 });
  });

  it('hands over to the application what it can’t answer, and lets nobody in', async () => {
    const errors: unknown[] = [];
    await using service = await serve(make(), (app) => {
      const begin: express.RequestHandler = (_, response, next) => {
        response.write('begun');
        next();
      };
      const hide: express.RequestHandler = (request, _, next) => {
        // As where no server of Node is below.
        request.rawHeaders = undefined as never;
        next();
      };
      const fail: express.ErrorRequestHandler = (error, _, response, __) => {
        errors.push(error);
        response.end();
      };
      app.get('/begun', begin, guard(bed.verifier), handler);
      app.get('/hidden', hide, guard(bed.verifier), handler);
      app.use(fail);
    });
    expect(await askHttp(service.port, '/begun', [])).toMatchObject({ text: 'begun' });
    expect(errors).toMatchObject([{ code: 'ERR_HTTP_HEADERS_SENT' }]);
    await askHttp(service.port, '/hidden', []);
    expect(errors).toHaveLength(2);
    expect(errors[1]).toBeInstanceOf(TypeError);
    expect(bed.handled).toEqual([]);
  });
});

it.each([
  ['5', () => express()],
  ['4', express4],
])('Express %s: a guard without a realm tells that of the one that let the request in', async (_, make) => {
  const scoped = guard(bed.verifier, { scopes: ['write'] });
  await using service = await serve(make(), (app) => {
    const router = express.Router();
    router.get('/deep', scoped, handler);
    app.get('/alone', scoped, handler);
    app.use(guard(bed.verifier, { realm: 'shop' }));
    app.use('/mounted', router);
    app.get('/own', guard(bed.verifier, { realm: 'own', scopes: ['write'] }), handler);
  });
  const bearer = `Bearer ${await bed.token(['read'])}`;
  const lacking = 'error="insufficient_scope", scope="write"';
  for (const [path, told] of [
    ['/mounted/deep', `Bearer realm="shop", ${lacking}`],
    ['/own', `Bearer realm="own", ${lacking}`],
    ['/alone', `Bearer ${lacking}`],
  ] as const) {
    expect(await askHttp(service.port, path, [bearer]), path).toMatchObject({ status: 403, told });
  }
  expect(bed.handled).toEqual([]);
});

it('tells a handler without a guard what to do', () => {
  expect(() => callerOf({})).toThrow('put guard(verifier) before this handler');
});

it('refuses options that are wrong when it is made', () => {
  expect(() => guard(undefined as never)).toThrow('verifier must be a Verifier');
  expect(() => guard(bed.verifier, { realm: 'a\nb' })).toThrow('realm must be');
  expect(() => guard(bed.verifier, { scopes: 'read' as never })).toThrow('scopes must be a list');
  expect(() => guard(bed.verifier, { scopes: ['read write'] })).toThrow('scopes must be a list');
  // It would let in every live token.
  expect(() => guard(bed.verifier, { scope: ['read'] } as never)).toThrow('scope is not an option');
  expect(() => guard(bed.verifier, null as never)).toThrow('options must be an object');
});
