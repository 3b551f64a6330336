/** The SDK in Go by its own tools, as it is packed, and its example. Every build is shared: Go keeps it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DemoRecord } from '../../../src/server/demo.ts';
import { Browser } from '../../http/pages/browser.ts';
import { TokenClient } from '../../process/grpc-client.ts';
import { environment, eventually, ROOT, Running } from '../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../../stubs/tools.ts';
import { temporaryDirectory } from '../../support.ts';
import { askGrpc } from '../typescript/guards/bed.ts';

const HAS_TOOLS = hasTools('Go', [['go', 'version', '1.26']]);
const SDK = join(ROOT, 'sdk/go');
const STUBS = join(ROOT, 'gen/go');
const EXAMPLE = join(ROOT, 'examples/go');
/** Every go.mod that is ours. */
const MODULES = [SDK, STUBS, EXAMPLE, join(SDK, 'internal/pack'), join(SDK, 'internal/middlewaretest')];
const VERSION = `v${(JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string }).version}`;
const README = readFileSync(join(SDK, 'README.md'), 'utf8');
const directory = temporaryDirectory();

const go = (args: readonly string[], cwd: string, env = {}) => runTool('go', args, cwd, env);

describe.skipIf(!HAS_TOOLS)('the SDK in Go', { timeout: MAX_DURATION_MS }, () => {
  afterAll(() => directory.remove());

  it('is formatted, vetted and tidy', async () => {
    // What gofmt would change, by name.
    expect(await runTool('gofmt', ['-l', SDK, EXAMPLE], ROOT)).toBe('');
    for (const module of MODULES) {
      await go(['vet', './...'], module);
      expect(await go(['mod', 'tidy', '-diff'], module), module).toBe('');
    }
  });

  it('has the version of all', () => {
    for (const module of MODULES) {
      const manifest = readFileSync(join(module, 'go.mod'), 'utf8');
      for (const [line, version] of manifest.matchAll(/^(?:require |\t)symbolon\.internal\/\S+ (v\S+)/gm)) {
        expect(version, line).toBe(VERSION);
      }
    }
  });

  it('passes its tests with the race detector', async () => {
    await go(['test', '-race', './...'], SDK);
  });

  it('is an AuthFunc of go-grpc-middleware', async () => {
    await go(['test', '-race', './...'], join(SDK, 'internal/middlewaretest'));
  });

  it('can be installed from a checkout as its README tells', async () => {
    const project = join(directory.path, 'beside');
    mkdirSync(project);
    symlinkSync(ROOT, join(directory.path, 'symbolon'));
    const [, lines = ''] = /^```sh\n(go mod edit.*?)^```$/ms.exec(README) ?? [];
    expect(lines).toContain(`@${VERSION}`);
    await go(['mod', 'init', 'example.internal/beside'], project);
    await runTool('sh', ['-ec', lines], project);
    writePrograms(project);
    await go(['vet', './...'], project);
  });

  it('can be installed as it is packed, and runs the code of its README', async () => {
    const program = await installed();
    using data = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: data.path });
    const { demo } = server;
    const settings = {
      ...environment(),
      SYMBOLON_ADDRESS: demo.grpc,
      CLIENT_ID: demo.service.client_id,
      CLIENT_SECRET: demo.service.client_secret,
    };
    expect(await runTool(program.of('client'), [], ROOT, settings)).toMatch(/^Authorization: Bearer syp_[\w-]+\n$/);
    const service = new Running(program.of('service'), [], settings);
    const microservice = new Running(program.of('server'), [], settings);
    try {
      using admin = TokenClient.admin(demo);
      const { accessToken } = await admin.logIn(demo.user.login_name, demo.user.password);
      const ask = async (authorization: string) => {
        const answer = await fetch(`http://127.0.0.1:${program.port}/`, { headers: { authorization } });
        return { status: answer.status, told: answer.headers.get('www-authenticate'), text: await answer.text() };
      };
      await eventually('the service', () => ask('').catch(() => undefined));
      // On a machine that stands still the server can't be asked, which is no fault of the service.
      const known = (authorization: string) =>
        eventually('known', async () => {
          const answer = await ask(authorization);
          return answer.status === 503 ? undefined : answer;
        });
      const greeting = { status: 200, told: null, text: `Hello, user ${demo.user.id}\n` };
      expect(await known(`Bearer ${accessToken}`)).toEqual(greeting);
      expect(await known('Basic YTpi')).toMatchObject({ status: 401, told: 'Bearer' });
      expect(await known('Bearer made-up')).toMatchObject({ status: 401, told: 'Bearer error="invalid_token"' });
      const call = (...authorization: string[]) =>
        askGrpc(program.grpcPort, '/grpc.health.v1.Health/Check', authorization, String);
      const isServed = async () => (await call(`Bearer ${accessToken}`)).status === 'OK';
      await eventually('the microservice', () => isServed().catch(() => false));
      await eventually('it says hello', () => microservice.stderr.includes(`Hello, user ${demo.user.id}\n`));
      expect(await call()).toMatchObject({ status: 'UNAUTHENTICATED', told: 'Bearer' });
      await playApps(program, demo, settings, microservice);
      await admin.revokeToken(accessToken);
      await eventually('denied', async () => (await ask(`Bearer ${accessToken}`)).status === 401);
      const isWarning = (line: string) => line.includes(' WARN symbolon: each check is a call ');
      expect(service.stderr.split('\n').filter((line) => line !== '' && !isWarning(line))).toEqual([]);
      await server.kill();
      await eventually('unknown', async () => (await ask(`Bearer ${accessToken}`)).status === 503);
      // Who operates the service is told, although it has no listener.
      const warning =
        /^[\d/]+ [\d:]+ WARN symbolon: each check is a call .* error="symbolon: the watch ended: UNAVAILABLE: /;
      await eventually('warned', () => warning.test(service.stderr));
    } finally {
      await microservice.end('SIGKILL');
      await service.end('SIGKILL');
    }
  });

  it('prints what examples/README.md shows', async () => {
    const [, expected] = /^```\n(.*?)^```$/ms.exec(readFileSync(`${ROOT}examples/README.md`, 'utf8')) ?? [];
    expect(await runTool(join(EXAMPLE, 'run'), [], ROOT)).toBe(expected);
  });

  it('has an app that stays signed in, and a device that onboards', async () => {
    const orders = 'bread and cheese, for demo.reader\n';
    expect(await runTool(join(EXAMPLE, 'run'), ['app'], ROOT)).toBe(
      `signed in, a user\n${orders}signed out\nsign in first: app sign-in\n`,
    );
    const device = `onboarded: lamp-7, The lamp in the hall\ngRPC with its token: ${orders}`;
    expect(await runTool(join(EXAMPLE, 'run'), ['device'], ROOT)).toBe(device + device);
  });
});

/** The apps of the README, with its services. */
async function playApps(program: Installed, demo: DemoRecord, environment: NodeJS.ProcessEnv, microservice: Running) {
  const app = {
    ...environment,
    APP_ID: demo.tenant_id,
    USERNAME: demo.user.login_name,
    PASSWORD: demo.user.password,
    STORE: join(directory.path, 'login.json'),
  };
  const greeting = `Hello, user ${demo.user.id}\n`;
  expect(await runTool(program.of('app'), [], ROOT, app)).toBe(greeting);
  expect(await runTool(program.of('app'), [], ROOT, { ...app, PASSWORD: 'is not asked for again' })).toBe(greeting);
  expect(await runTool(program.of('device'), [], ROOT, { ...app, PASSWORD: 'of a lamp' })).toBe('lamp-7 SERVING\n');
  expect(microservice.stderr).toContain('Hello, device th.');
  const account = { ...app, PASSWORD: 'an old horse', NEW_PASSWORD: 'a new horse' };
  expect(await runTool(program.of('account'), [], ROOT, account)).toBe(
    'signed_in \nBeatrice has 1 login\nsigned_out password_changed\n',
  );
  await playBrowser(program, demo, app);
}

/** Those that send their user to a browser. */
async function playBrowser(program: Installed, demo: DemoRecord, environment: NodeJS.ProcessEnv) {
  const issuer = `http://${demo.http}/t/${demo.tenant_id}`;
  const ids = { PUBLIC_ID: demo.public.client_id, TV_ID: demo.device_client.client_id };
  const greeting = `Hello, ${demo.user.id}\n`;
  const browser = new Browser(demo.http);
  const own = { username: demo.user.login_name, password: demo.user.password };
  const app = new Running(program.of('browser'), [], { ...environment, ...ids, ISSUER: issuer });
  const tv = new Running(program.of('tv'), [], { ...environment, ...ids });
  try {
    const url = await eventually('it is to be opened', () => /^Open (\S+)\n/.exec(app.stdout)?.[1]);
    const signedIn = await browser.submit(await browser.get(pathOf(url)), own);
    const decided = await browser.submit(await browser.get(pathOf(signedIn.location)), { decision: 'allow' });
    expect(await (await fetch(decided.location ?? '')).text()).toBe('You may close this window.\n');
    await eventually('signed in', () => app.stdout.endsWith(greeting));
    const [, page, code = ''] = await eventually(
      'a code',
      () => /^Go to (\S+) and type (\S+)\n/.exec(tv.stdout) ?? undefined,
    );
    const asked = await browser.submit(await browser.get(pathOf(page)), { user_code: code });
    await browser.submit(asked, { decision: 'allow' });
    await eventually('approved', () => tv.stdout.endsWith(greeting));
  } finally {
    await app.end('SIGKILL');
    await tv.end('SIGKILL');
  }
}

function pathOf(url = ''): string {
  const { pathname, search } = new URL(url, 'http://127.0.0.1');
  return pathname + search;
}

/** Each of the README in a folder of its name. */
function writePrograms(project: string, ports: Readonly<Record<string, number>> = {}): void {
  for (const [, name = '', code = ''] of README.matchAll(/^```go (\w+)\n(.*?)^```$/gms)) {
    mkdirSync(join(project, name));
    const placed = Object.entries(ports).reduce((text, [from, to]) => text.replace(from, String(to)), code);
    writeFileSync(join(project, name, 'main.go'), placed);
  }
}

type Program = 'service' | 'server' | 'client' | 'app' | 'device' | 'account' | 'lamps' | 'browser' | 'tv';

interface Installed {
  readonly port: number;
  readonly grpcPort: number;
  /** The path of a program. */
  readonly of: (name: Program) => string;
}

/** The README's programs, built in a folder where nothing of this checkout is, of what a module proxy would serve. */
async function installed(): Promise<Installed> {
  const proxy = join(directory.path, 'proxy');
  await go(['run', '.', proxy, VERSION, SDK, STUBS], join(SDK, 'internal/pack'));
  const project = join(directory.path, 'project');
  mkdirSync(project);
  const [port, grpcPort] = [await freePort(), await freePort()];
  writePrograms(project, { 8081: port, 50052: grpcPort });
  const env = {
    // Modules that are here already, and then where they always come from.
    GOPROXY: [`file://${proxy}`, `file://${downloads()}`, told('GOPROXY')].join(),
    // Another content of the same version must not meet the one before.
    GOMODCACHE: join(directory.path, 'modules'),
    GOFLAGS: '-modcacherw',
    GONOSUMDB: 'symbolon.internal',
  };
  await go(['mod', 'init', 'example.internal/service'], project, env);
  await go(['get', `symbolon.internal/sdk/go@${VERSION}`], project, env);
  await go(['mod', 'tidy'], project, env);
  expect(await runTool('gofmt', ['-l', project], ROOT)).toBe('');
  await go(['vet', './...'], project, env);
  await go(['build', '-o', 'bin/', './...'], project, env);
  expect(existsSync(join(directory.path, 'modules/symbolon.internal/sdk/go', '..', `go@${VERSION}`, 'README.md'))).toBe(
    true,
  );
  return { port, grpcPort, of: (name) => join(project, 'bin', name) };
}

function told(name: string): string {
  return execFileSync('go', ['env', name], { encoding: 'utf8' }).trim();
}

function downloads(): string {
  return join(told('GOMODCACHE'), 'cache/download');
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
