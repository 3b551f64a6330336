/** What `npm pack` makes of the SDK: it runs, and has types, where nothing else of this checkout is. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TokenClient } from '../../process/grpc-client.ts';
import { environment, eventually, ROOT, Running } from '../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { temporaryDirectory } from '../../support.ts';

const SDK = `${ROOT}sdk/typescript`;
const MODULE = '@symbolon/server';
const NAMES = ['client', 'server'] as const;
const directory = temporaryDirectory();
const README = readFileSync(`${SDK}/server/README.md`, 'utf8');

interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional: boolean }>;
}

beforeAll(() => {
  const run = (command: string, args: readonly string[], cwd: string) =>
    execFileSync(command, args, { cwd, env: environment() }).toString();
  for (const name of NAMES) {
    const packing = ['pack', '--json', '--ignore-scripts=false', '--pack-destination', directory.path];
    const output = run('npm', packing, join(SDK, name));
    const [packed] = Object.values(
      JSON.parse(output.slice(output.search(/^[[{]/m))) as Record<string, { filename: string }>,
    );
    mkdirSync(folderOf(name), { recursive: true });
    const file = join(directory.path, packed?.filename ?? '');
    run('tar', ['-xzf', file, '-C', folderOf(name), '--strip-components=1'], ROOT);
  }
  // What they say they need, as it is here: no test needs a registry.
  const needed = NAMES.flatMap((name) => Object.keys(needs(manifest(folderOf(name)))));
  for (const name of new Set([...needed, '@types/node'])) {
    const link = join(directory.path, 'node_modules', name);
    if (!existsSync(link)) {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), link);
    }
  }
});
afterAll(() => directory.remove());

function folderOf(name: (typeof NAMES)[number]): string {
  return join(directory.path, 'node_modules', '@symbolon', name);
}

function needs({ dependencies, peerDependencies = {} }: Manifest): Record<string, string> {
  return { ...dependencies, ...peerDependencies };
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

it.each(NAMES)('@symbolon/%s has the version of all, and needs what it is tried with here', (name) => {
  const [whole, sdk] = [manifest(ROOT), manifest(folderOf(name))];
  expect(sdk.version).toBe(whole.version);
  const here: Record<string, string> = {
    ...{ ...whole.devDependencies, ...whole.dependencies },
    '@symbolon/client': whole.version,
  };
  for (const [needed, range] of Object.entries(sdk.dependencies)) {
    // The way to the sockets of grpc-js is none that it promises to keep, so a later minor version has to be tried first. What the
    // packages share may change with each of their versions.
    const kept = { '@grpc/grpc-js': '~', '@symbolon/client': '' }[needed] ?? '^';
    expect(range, needed).toBe(`${kept}${here[needed]}`);
  }
  // A framework is the service's own, and may be older than the one here.
  for (const [needed, range] of Object.entries(sdk.peerDependencies ?? {})) {
    expect(hasRange(range, here[needed] ?? ''), `${needed} ${here[needed]} in ${range}`).toBe(true);
  }
  expect(Object.values(sdk.peerDependenciesMeta ?? {}).every(({ optional }) => optional)).toBe(true);
  expect(Object.keys(sdk.peerDependenciesMeta ?? {})).toEqual(Object.keys(sdk.peerDependencies ?? {}));
});

/** Whether a version is in one of such ranges as `^4.1.0 || ^5.0.0`. */
function hasRange(range: string, version: string): boolean {
  return range.split(' || ').some((each) => {
    const [, lowest = '', major] = /^\^((\d+)\.\d+\.\d+)$/.exec(each) ?? [];
    const isLater = lowest.localeCompare(version, 'en', { numeric: true }) <= 0;
    return major === version.split('.')[0] && isLater;
  });
}

it('runs the code of its README, which greets the bearer of a live token and nobody else', async () => {
  using data = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: data.path });
  const port = await freePort();
  const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(README) ?? [];
  writeFileSync(join(directory.path, 'service.mjs'), code.replace('8081', String(port)));
  const { client_id: CLIENT_ID, client_secret: CLIENT_SECRET } = server.demo.service;
  const env = { ...environment(), SYMBOLON_ADDRESS: server.demo.grpc, CLIENT_ID, CLIENT_SECRET };
  const service = new Running(process.execPath, [join(directory.path, 'service.mjs')], env);
  try {
    using admin = TokenClient.admin(server.demo);
    const { accessToken } = await admin.logIn(server.demo.user.login_name, server.demo.user.password);
    const ask = async (authorization: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization } });
      return { status: answer.status, told: answer.headers.get('www-authenticate'), text: await answer.text() };
    };
    const greeting = { status: 200, told: null, text: `Hello, user ${server.demo.user.id}\n` };
    await eventually('the service', () => ask('').catch(() => undefined));
    // On a machine that stands still the server can't be asked, which is no fault of the service.
    const known = (authorization: string) =>
      eventually('known', async () => {
        const answer = await ask(authorization);
        return answer.status === 503 ? undefined : answer;
      });
    expect(await known(`Bearer ${accessToken}`)).toEqual(greeting);
    expect(await known(`bearer ${accessToken}`)).toEqual(greeting);
    expect(await ask('Basic YTpi')).toMatchObject({ status: 401, told: 'Bearer' });
    expect(await known('Bearer made-up')).toMatchObject({ status: 401, told: 'Bearer error="invalid_token"' });
    await admin.revokeToken(accessToken);
    await eventually('denied', async () => (await ask(`Bearer ${accessToken}`)).status === 401);
    await server.kill();
    expect(await ask(`Bearer ${accessToken}`)).toMatchObject({ status: 503 });
    // That the server is gone is warned of, and nothing else is said.
    expect(service.stderr.replaceAll(/^.*SymbolonWarning: The watch ended.*\n|^\(Use `node .*\n/gm, '')).toBe('');
  } finally {
    await service.end('SIGKILL');
  }
});

it('has an entry for pages, which needs nothing of Node’s', () => {
  const alone = temporaryDirectory();
  const modules = join(alone.path, 'node_modules');
  mkdirSync(join(modules, '@symbolon'), { recursive: true });
  mkdirSync(join(modules, '@bufbuild'));
  cpSync(folderOf('client'), join(modules, '@symbolon', 'client'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', '@bufbuild', 'protobuf'), join(modules, '@bufbuild', 'protobuf'));
  const code = `import { Login } from '@symbolon/client/web';
    console.log(new Login({ url: 'https://localhost', clientId: 'a' }).signedIn);`;
  writeFileSync(join(alone.path, 'page.mjs'), code);
  expect(execFileSync(process.execPath, [join(alone.path, 'page.mjs')]).toString()).toBe('false\n');
  alone.remove();
});

it('has types', () => {
  writeFileSync(
    join(directory.path, 'typed.ts'),
    `import { type Caller, SymbolonError, Verifier } from '${MODULE}';
     export const verifier = new Verifier({ address: 'localhost:1', clientId: 'a', clientSecret: 'b' });
     export const caller: Promise<Caller | undefined> = verifier.check('token');
     export const reason: string = new SymbolonError('UNAVAILABLE', 'why').reason;
     // @ts-expect-error: an address is needed
     new Verifier({ clientId: 'a', clientSecret: 'b' });
    `,
  );
  const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'typed.ts'];
  const lib = ['--lib', 'es2023,esnext.disposable', '--ignoreConfig'];
  const run = () =>
    execFileSync(`${ROOT}node_modules/.bin/tsc`, [...args, ...lib], { cwd: directory.path, stdio: 'pipe' });
  expect(told(run)).toBe('');
});

function told(run: () => Buffer): string {
  try {
    return run().toString();
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error);
  }
}

/** One that was free just now: the README names a port. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
