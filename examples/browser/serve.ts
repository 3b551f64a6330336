/** Bundles the page and serves it, beside a server of with-demo.ts. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { install } from '../typescript/install.ts';

const { SYMBOLON_DEMO: demo = '', PORT: port = '8000' } = process.env;
const { http, tenant_id, user } = JSON.parse(readFileSync(demo, 'utf8'));

install(import.meta.dirname, ['client']);
const bundle = await rolldown({ input: join(import.meta.dirname, 'page.ts'), platform: 'browser' });
const { output } = await bundle.generate({ format: 'esm' });

const symbolon = `http://${http}`;
const settings = { url: symbolon, clientId: tenant_id };
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/': ['text/html', readFileSync(join(import.meta.dirname, 'index.html'), 'utf8')],
  '/page.js': ['text/javascript', output[0].code],
  '/settings.json': ['application/json', JSON.stringify(settings)],
};
// A script that somebody smuggles in would find the login in localStorage: only those of this server run, and they call nobody else.
const POLICY = `default-src 'none'; script-src 'self'; connect-src 'self' ${symbolon}; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

const server = createServer(({ url = '' }, response) => {
  const [type, text] = FILES[url] ?? ['text/plain', ''];
  const headers = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY };
  response.writeHead(text === '' ? 404 : 200, { ...headers, 'x-content-type-options': 'nosniff' }).end(text);
});
server.listen(Number(port), '127.0.0.1', () => {
  const { port: bound } = server.address() as AddressInfo;
  process.stdout.write(`ready http://localhost:${bound}/, sign in as ${user.login_name} with ${user.password}\n`);
});
