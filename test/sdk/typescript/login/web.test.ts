/** `@symbolon/client/web`: what it is made of, and what it does in a real browser beside a real server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Login, PageStore } from '../../../../sdk/typescript/client/src/web/index.ts';
import { HAS_CHROMIUM, inBrowser } from '../../../http/connect/browser.ts';
import { ROOT } from '../../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { bundled } from './bundled.ts';

const ENTRY = `${ROOT}sdk/typescript/client/src/web/index.ts`;

it('has no module of Node and nothing of grpc-js in it', async () => {
  const { modules, imports, code } = await bundled(`export * from '${ENTRY}';`);
  expect(imports).toEqual([]);
  expect(modules.filter((id) => id.includes('grpc') || id.includes('node:'))).toEqual([]);
  expect(modules.some((id) => id.endsWith('client/src/web/login.ts'))).toBe(true);
  expect(code).not.toMatch(/\bBuffer\b|\brequire\(/);
  // That the test would see it.
  const other = await bundled(`export * from '${ROOT}sdk/typescript/client/src/index.ts';`);
  expect(other.modules.some((id) => id.includes('@grpc'))).toBe(true);
  expect(other.imports.some((id) => id.startsWith('node:') || id === 'fs')).toBe(true);
});

const GOOD = { url: 'https://login.example.com', clientId: 'shop' };

it.each([
  [{ ...GOOD, clientSecret: 'sys_a-secret' }, /clientSecret must not be in a page, for everyone who opens the page/],
  [{ ...GOOD, clientSecret: undefined }, /clientSecret must not be in a page/],
  [{ ...GOOD, url: 'http://login.example.com' }, /url must be https/],
  [{ ...GOOD, url: 'login.example.com:8080' }, /url must be such as/],
  [{ ...GOOD, url: 'https://login.example.com/?a=b' }, /url must be such as/],
  [{ ...GOOD, clientId: '' }, /clientId must be/],
  [{ ...GOOD, address: 'localhost:1' }, /address is not an option/],
  [{ ...GOOD, timeoutMs: 0 }, /timeoutMs must be/],
  [{ ...GOOD, scopes: 'read' }, /scopes must be a list/],
  [{ ...GOOD, store: { load: 1 } }, /store must have load, save, clear/],
])('refuses %o', (options, message) => {
  const make = () => new Login(options as never);
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }));
  expect(make).not.toThrow(/sys_a-secret/);
});

it.each(['https://login.example.com', 'http://127.0.0.1:8080/symbolon/', 'http://localhost:8080'])(
  'takes %s',
  (url) => {
    expect(() => new Login({ ...GOOD, url })).not.toThrow();
  },
);

it('sends its token over http elsewhere than on this machine only where it is made with plaintext', () => {
  const http = 'http://api.example.com';
  expect(() => new Login(GOOD).fetchFor(http)).toThrow('http://api.example.com must be https');
  expect(() => new Login({ ...GOOD, plaintext: true }).fetchFor(http)).not.toThrow();
});

const data = dataDirectory();
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: data.path });
});
afterAll(async () => {
  await server.kill();
  data[Symbol.dispose]();
});

/** `code`: makes `result` of `login`, `events`, `demo` and what the entry exports. */
async function inPage(code: string): Promise<unknown> {
  const { demo, httpAddress } = server;
  const { code: module } = await bundled(`
    import { Login, MemoryStore, PageStore, SymbolonError } from '${ENTRY}';
    const demo = ${JSON.stringify({ user: demo.user, clientId: demo.tenant_id, url: `http://${httpAddress}` })};
    const events = [];
    const open = (options = {}) =>
      new Login({ url: demo.url, clientId: demo.clientId, onEvent: (event) => events.push(event.type), ...options });
    const failure = (promise) => promise.then(() => 'none', ({ code, reason }) => [code, reason]);
    export const result = await (async () => { ${code} })();
  `);
  return inBrowser(module);
}

describe.skipIf(!HAS_CHROMIUM)(`in a page${HAS_CHROMIUM ? '' : ' (skipped: there is no Chromium here)'}`, () => {
  it('signs in, is known, refreshes, and signs out', async () => {
    const done = await inPage(`
      const login = open();
      const wrong = await failure(login.signInUser(demo.user.login_name, 'wrong'));
      await login.signInUser(demo.user.login_name, demo.user.password);
      const { userId } = await login.account.get();
      const logins = await login.account.logins();
      const own = logins.some(({ familyId }) => familyId === login.currentUser.familyId);
      const refused = await login.refused(await login.token());
      const exported = JSON.parse(login.exportTokens());
      const stale = open();
      await stale.resume(JSON.stringify({ ...exported, obtained_ms: 0, lifetime_ms: 1 }));
      const tokens = new Set(await Promise.all(Array.from({ length: 20 }, () => stale.token())));
      const renewed = [...tokens];
      const told = await stale.signOut();
      return { wrong, userId, own, refused, kind: login.currentUser.kind, renewed: renewed.length, other: renewed[0] !== exported.access_token, told,
        after: await failure(stale.token()), events };
    `);
    expect(done).toEqual({
      ...{ wrong: ['FAILED_PRECONDITION', 'INVALID_CREDENTIALS'], userId: server.demo.user.id, kind: 'user' },
      ...{ own: true, refused: false },
      ...{ renewed: 1, other: true, told: true, after: ['UNAUTHENTICATED', ''] },
      events: ['signed_in', 'signed_in', 'refreshed', 'signed_out'],
    });
  });

  it('comes back from localStorage, and two Logins of the origin are one refresh', async () => {
    const done = await inPage(`
      const store = () => new PageStore(localStorage);
      const first = open({ store: store() });
      await first.signInUser(demo.user.login_name, demo.user.password);
      const kept = JSON.parse(localStorage.getItem('symbolon-login'));
      localStorage.setItem('symbolon-login', JSON.stringify({ ...kept, obtained_ms: 0, lifetime_ms: 1 }));
      const tabs = [open({ store: store() }), open({ store: store() })];
      const signedIn = await Promise.all(tabs.map((tab) => tab.resumeStored()));
      const [one, two] = await Promise.all(tabs.map((tab) => tab.token()));
      await tabs[0].signOut();
      const left = localStorage.getItem('symbolon-login');
      const again = await tabs[1].refused(two);
      return { signedIn, same: one === two, left, again, signedOut: tabs[1].signedIn, locks: navigator.locks !== undefined };
    `);
    expect(done).toEqual({
      ...{ signedIn: [true, true], same: true, left: null, again: false, signedOut: false, locks: true },
    });
  });

  it('sends no token after a redirect to another origin', async () => {
    const seen: (string | undefined)[] = [];
    const serve = async () => {
      const service = createServer(({ url = '', method, headers }, response) => {
        response
          .setHeader('access-control-allow-origin', '*')
          .setHeader('access-control-allow-headers', 'authorization');
        if (method !== 'OPTIONS') {
          seen.push(headers.authorization?.slice(0, 11));
        }
        const [, to] = /^\/to\?(.*)$/.exec(url) ?? [];
        response.writeHead(
          to === undefined || method === 'OPTIONS' ? 200 : 307,
          to === undefined ? {} : { location: to },
        );
        response.end();
      });
      await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}`, service };
    };
    const [here, elsewhere] = [await serve(), await serve()];
    const statuses = await inPage(`
      const login = open();
      await login.signInUser(demo.user.login_name, demo.user.password);
      const api = login.fetchFor('${here.url}');
      const kept = await api('${here.url}/to?${here.url}/kept');
      const left = await api('${here.url}/to?${elsewhere.url}/left');
      return [kept.status, left.status, await failure(api('${elsewhere.url}/'))];
    `);
    for (const { service } of [here, elsewhere]) {
      service.closeAllConnections();
      service.close();
    }
    expect(statuses).toEqual([200, 200, ['INVALID_ARGUMENT', '']]);
    expect(seen).toEqual(['Bearer syu_', 'Bearer syu_', 'Bearer syu_', undefined]);
  });

  it('tells that the server is away, and ends a wait by its signal', async () => {
    const done = await inPage(`
      const nobody = open({ url: 'http://127.0.0.1:1', timeoutMs: 300 });
      const away = await failure(nobody.signInUser('ann', 'a'));
      const login = open();
      const aborted = await failure(login.signInUser('ann', 'a', { signal: AbortSignal.abort() }));
      login.close();
      return { away, aborted, closed: await failure(login.token()) };
    `);
    expect(done).toEqual({ away: ['UNAVAILABLE', ''], aborted: ['CANCELLED', ''], closed: ['CANCELLED', ''] });
  });
});

it('keeps what a page keeps, also where there are no locks', async () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const store = new PageStore(storage, 'of the shop');
  expect(await store.load()).toBeUndefined();
  await store.save('a text');
  expect([...kept]).toEqual([['of the shop', 'a text']]);
  expect(await store.lock(() => store.load())).toBe('a text');
  await store.clear();
  expect(kept.size).toBe(0);
});
