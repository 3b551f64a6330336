/** Headless Chromium, and pages for it on an origin of their own, which may import packages as a bundler would let them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../../support.ts';

const PROGRAM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));
export const CHROMIUM = PROGRAM ?? 'chromium';

/** CI installs it, and must not go without. */
export const HAS_CHROMIUM = PROGRAM !== undefined || process.env.SYMBOLON_CI === '1';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = ['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-web'];
const IMPORTS = Object.fromEntries(
  PACKAGES.flatMap((name) => [
    [name, `/node_modules/${name}/dist/esm/index.js`],
    ...['wire', 'wkt', 'codegenv2', 'protocol', 'protocol-connect', 'protocol-grpc-web'].map((part) => [
      `${name}/${part}`,
      `/node_modules/${name}/dist/esm/${part}/index.js`,
    ]),
  ]),
);
/** What the page may read besides the packages. */
const FILES = /^\/(?:node_modules\/@(?:bufbuild|connectrpc)\/[\w./-]+\.js|gen\/descriptors\.binpb)$/;

/** Runs a module in a page, and answers what it exports as `result`. */
export async function inBrowser(module: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const pages = await servePages(module, resolve);
  const profile = temporaryDirectory();
  const browser = open(`http://localhost:${(pages.address() as AddressInfo).port}/`, profile.path);
  browser.once('error', reject);
  browser.once('exit', (code) => reject(new Error(`the browser ended with ${code}`)));
  try {
    return await promise;
  } finally {
    const ended = new Promise((done) => browser.once('exit', done));
    if (endChromium(browser)) {
      await ended;
    }
    pages.closeAllConnections();
    pages.close();
    profile.remove();
  }
}

function open(url: string, profile: string): ChildProcess {
  // Root may not have a sandbox, and a small /dev/shm is too small for it.
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${profile}`];
  return startChromium([...flags, '--remote-debugging-port=0', url]);
}

/** In a group of processes of its own: Debian's command is a shell script, beside which the browser would stay. */
export function startChromium(args: readonly string[]): ChildProcess {
  return spawn(CHROMIUM, args, { stdio: 'ignore', detached: true });
}

/** Answers whether it was still running. */
export function endChromium({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null && process.kill(-pid, 'SIGKILL');
}

async function servePages(module: string, report: (result: unknown) => void): Promise<Server> {
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  const report = (result) => fetch('/report', { method: 'POST', body: JSON.stringify(result) });
  import('/module.js').then(({ result }) => report(result), (error) => report({ error: String(error), stack: error.stack }));
</script>`;
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === '/report') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end();
        report(JSON.parse(Buffer.concat(chunks).toString()));
      });
      return;
    }
    const isScript = url.endsWith('.js');
    response.setHeader(
      'Content-Type',
      isScript ? 'text/javascript' : url === '/' ? 'text/html' : 'application/octet-stream',
    );
    if (url === '/' || url === '/module.js') {
      response.end(url === '/' ? page : module);
    } else if (FILES.test(url) && !url.includes('..') && existsSync(ROOT + url)) {
      response.end(readFileSync(ROOT + url));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
