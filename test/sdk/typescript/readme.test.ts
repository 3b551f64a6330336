/** The code of the READMEs, in a project that has the packages and nothing else of this checkout. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../../http/pages/visitor.ts';
import { environment, eventually, ROOT, Running } from '../../process/program.ts';
import { temporaryDirectory } from '../../support.ts';
import { askGrpc, askHttp, Bed, portOfNobody } from './guards/bed.ts';

const project = temporaryDirectory();
const NEEDED = [
  ...['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-node', '@grpc/grpc-js', '@grpc/proto-loader'],
  ...['@nestjs/common', '@nestjs/core', '@nestjs/microservices', '@types/express', '@types/node', 'express', 'fastify'],
];
let bed: Bed;
beforeAll(async () => {
  for (const name of ['client', 'server']) {
    const target = join(project.path, 'node_modules', '@symbolon', name);
    const cwd = join(ROOT, 'sdk', 'typescript', name);
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'package-sdk.ts'), target], { cwd, env: environment() });
  }
  for (const name of NEEDED) {
    const link = join(project.path, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  cpSync(join(import.meta.dirname, 'guards', 'shop.proto'), PROTO);
  bed = await Bed.start();
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
  project.remove();
});

/** The block of a README that is marked so. */
function codeOf(name: string, mark: string): string {
  const text = readFileSync(join(ROOT, 'sdk', 'typescript', name, 'README.md'), 'utf8');
  const code = new RegExp(`^\`\`\`${mark}\n(.*?)^\`\`\`$`, 'ms').exec(text)?.[1];
  if (code === undefined) {
    throw new Error(`the README of ${name} has no ${mark}`);
  }
  return code;
}

const VERIFIER = `import { Verifier } from '@symbolon/server';
const verifier = new Verifier(JSON.parse(process.env.VERIFIER ?? ''));
`;
const PROTO = join(project.path, 'shop.proto');
/** What somebody generates of their own contract. */
const SHOP = {
  grpc: `import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
const { Shop } = loadPackageDefinition(loadSync('${PROTO}')).shop.v1;
`,
  connect: `import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { loadSync } from '@grpc/proto-loader';
const files = loadSync('${PROTO}')['shop.v1.Name'].fileDescriptorProtos;
const file = files.map((each) => fromBinary(FileDescriptorProtoSchema, each));
const Shop = createFileRegistry(create(FileDescriptorSetSchema, { file })).getService('shop.v1.Shop');
`,
};

/** Runs it on a port of its own, until the end of the scope. */
async function run(name: string, code: string) {
  const port = await portOfNobody();
  const placed = code.replace('8081', String(port));
  const source = join(project.path, name);
  writeFileSync(source, placed);
  const program = name.endsWith('.ts') ? compiled(name) : source;
  const env = { ...environment(), VERIFIER: JSON.stringify(bed.options) };
  const running = new Running(process.execPath, [program], env);
  const end = async () => {
    await running.end('SIGKILL');
  };
  return { port, running, [Symbol.asyncDispose]: end };
}

/** Strict, and with the declarations of all that it imports looked at. */
function compiled(name: string): string {
  tsc(name, '--experimentalDecorators', '--outDir', 'built');
  return join(project.path, 'built', name.replace('.ts', '.js'));
}

function tsc(...args: string[]): void {
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--ignoreConfig'];
  // The declarations of Connect want those of browsers.
  const lib = ['--lib', 'es2023,esnext.disposable,dom'];
  try {
    execFileSync(`${ROOT}node_modules/.bin/tsc`, [...strict, ...lib, ...args], { cwd: project.path, stdio: 'pipe' });
  } catch (error) {
    throw new Error(String((error as { stdout?: Buffer }).stdout ?? error));
  }
}

beforeAll(() => writeFileSync(join(project.path, 'package.json'), '{ "type": "module" }'));

describe.each([
  ['express', 'js', '.mjs'],
  ['fastify', 'js', '.mjs'],
  ['nest', 'ts', '.ts'],
])('the ten lines of %s', (framework, language, ending) => {
  it('let in who has a live token with the scopes', async () => {
    const code = `${VERIFIER}${codeOf('server', `${language} ${framework}`)}`;
    await using service = await run(`${framework}${ending}`, code);
    const ask = (path: string, ...authorization: string[]) => askHttp(service.port, path, authorization);
    await eventually('the service', () => ask('/health').catch(() => mustRun(service.running)));
    const [token, reader] = [await bed.token([]), await bed.token(['read'])];
    expect(await ask('/health')).toMatchObject({ status: 200, text: 'ok' });
    expect(await ask('/')).toMatchObject({ status: 401, told: 'Bearer realm="shop"' });
    expect(await ask('/', `Bearer ${token}`)).toMatchObject({ status: 200, text: 'demo-admin' });
    expect(await ask('/orders', `Bearer ${token}`)).toMatchObject({ status: 403 });
    expect(await ask('/orders', `Bearer ${reader}`)).toMatchObject({ status: 200, text: 'bread' });
  });
});

it('the lines about permissions let in whose device it is', async () => {
  const { mine, others, token, userId } = await bed.lamps();
  await using service = await run('permission.mjs', `${VERIFIER}${codeOf('server', 'js permission')}`);
  const ask = (id: string, ...authorization: string[]) => askHttp(service.port, `/lamps/${id}`, authorization);
  await eventually('the service', () => ask(mine).catch(() => mustRun(service.running)));
  expect(await ask(mine)).toMatchObject({ status: 401, told: 'Bearer' });
  expect(await ask(others, `Bearer ${token}`)).toMatchObject({ status: 403, told: undefined });
  expect(await ask(mine, `Bearer ${token}`)).toMatchObject({ status: 200, text: userId });
});

describe.each(['grpc', 'connect'] as const)('the ten lines of %s', (framework) => {
  it('let in who has a live token with the scopes', async () => {
    const code = `${SHOP[framework]}${VERIFIER}${codeOf('server', `js ${framework}`)}`;
    await using service = await run(`${framework}.mjs`, code);
    const nameIn = (message: Buffer) => message.subarray(2).toString();
    const ask = (...authorization: string[]) => askGrpc(service.port, '/shop.v1.Shop/Read', authorization, nameIn);
    await eventually('the service', () => ask().catch(() => mustRun(service.running)));
    const [token, reader] = [await bed.token([]), await bed.token(['read'])];
    expect(await ask()).toMatchObject({ status: 'UNAUTHENTICATED', told: 'Bearer realm="shop"' });
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 'PERMISSION_DENIED' });
    expect(await ask(`Bearer ${reader}`)).toMatchObject({ status: 'OK', text: 'demo-admin' });
  });
});

/** Nobody need wait for one that has ended. */
function mustRun({ hasEnded, stderr }: Running): undefined {
  if (hasEnded) {
    throw new Error(`it ended: ${stderr}`);
  }
}

it('the lines of the client have types, and print a token', async () => {
  writeFileSync(join(project.path, 'client.ts'), codeOf('client', 'ts'));
  const { client_id: CLIENT_ID, client_secret: CLIENT_SECRET } = bed.demo.service;
  const env = { ...environment(), SYMBOLON_ADDRESS: bed.demo.grpc, CLIENT_ID, CLIENT_SECRET };
  const printed = execFileSync(process.execPath, [compiled('client.ts')], { cwd: project.path, env }).toString();
  expect(printed).toMatch(/^Authorization: Bearer syp_[\w-]+\n$/);
});

describe('the lines of a login', () => {
  const file = join(project.path, 'login.json');
  const run = (name: string, code: string, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(join(project.path, name), code);
    const { grpc, tenant_id, user } = bed.demo;
    const of = { SYMBOLON_ADDRESS: grpc, CLIENT_ID: tenant_id, NAME: user.login_name, PASSWORD: user.password };
    const all = { ...environment(), ...of, LOGIN: file, ...env };
    return promisify(execFile)(process.execPath, [compiled(name)], { cwd: project.path, env: all });
  };
  /** Of who is signed in. */
  const before = `import { FileStore, Login } from '@symbolon/client';
    const { SYMBOLON_ADDRESS: address = '', CLIENT_ID: clientId = '', PASSWORD: password = '' } = process.env;
    const login = new Login({ address, clientId, store: new FileStore('login.json') });
    await login.resumeStored();
  `;

  it('sign in once, and go on after a restart', async () => {
    expect((await run('login.ts', codeOf('client', 'ts login'))).stdout).toBe('signed_in\nuser syu_\n');
    const again = await run('login.ts', codeOf('client', 'ts login'), { PASSWORD: 'a wrong one' });
    expect(again.stdout).toBe('signed_in\nuser syu_\n');
  });

  /** A program that a user signs in to elsewhere. */
  const begin = (name: string, mark: string, clientId: string) => {
    writeFileSync(join(project.path, name), codeOf('client', mark));
    const { grpc, http, tenant_id } = bed.demo;
    const ISSUER = `http://${http}/t/${tenant_id}`;
    const env = { ...environment(), SYMBOLON_ADDRESS: grpc, CLIENT_ID: clientId, ISSUER };
    const running = new Running(process.execPath, [compiled(name)], env);
    const told = (pattern: RegExp) => eventually(name, () => pattern.exec(running.stdout) ?? mustRun(running));
    return { running, told, ISSUER };
  };

  it('sign in by the browser', async () => {
    const { public: app } = bed.demo;
    const { account } = await bed.lamps();
    const { running, told, ISSUER } = begin('code.ts', 'ts code', app.client_id);
    const [, url = ''] = (await told(/^Open (\S+)$/m)) ?? [];
    const visitor = new Visitor(ISSUER, account);
    expect(await (await fetch(await visitor.decide(url, 'allow'))).text()).toContain('You may close this window');
    await eventually('the end', () => running.stdout.includes("user [ 'read' ]") || mustRun(running));
    await running.end('SIGKILL');
  });

  it('sign in by a code that a device shows', async () => {
    const { device_client } = bed.demo;
    const { account } = await bed.lamps();
    const { running, told, ISSUER } = begin('device.ts', 'ts device', device_client.client_id);
    const [, code = '', at = ''] = (await told(/^Type (\S+) at (\S+)$/m)) ?? [];
    const visitor = new Visitor(ISSUER, account);
    await visitor.connect(at, code, 'allow');
    await eventually('the end', () => /^user$/m.test(running.stdout) || mustRun(running));
    await running.end('SIGKILL');
  });

  it('attach the token', async () => {
    const service = createServer((request, response) => response.end(request.headers.authorization?.slice(0, 11)));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const attach = codeOf('client', 'ts attach').replaceAll('https://api.example.com', `http://127.0.0.1:${port}`);
    const code = `import { Client as OrdersClient, credentials } from '@grpc/grpc-js';
      ${before}${attach} console.log(await response.text()); orders.close(); login.close();`;
    expect((await run('attach.ts', code)).stdout).toBe('Bearer syu_\n');
    service.close();
  });

  it('do what a user does for itself', async () => {
    const code = `${before}${codeOf('client', 'ts account')}
      console.log(login.signedIn, userId.length > 0, otpauthUri.slice(0, 10)); login.close();`;
    const { stdout } = await run('account.ts', code);
    expect(stdout).toMatch(/ demo\nfalse true otpauth:\/\/\n$/);
  });

  it('have types in a page, without those of Node', () => {
    writeFileSync(join(project.path, 'web.ts'), `${codeOf('client', 'ts web')}\nexport const answer = api('/orders');`);
    const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--ignoreConfig', '--noEmit'];
    const run = () =>
      execFileSync(`${ROOT}node_modules/.bin/tsc`, [...strict, '--lib', 'es2023,dom,esnext.disposable', 'web.ts'], {
        ...{ cwd: project.path, stdio: 'pipe' },
      });
    expect(run).not.toThrow();
  });
});

it('has types, of every entry', () => {
  writeFileSync(
    join(project.path, 'typed.ts'),
    `import { Client, SymbolonError, type CallOptions } from '@symbolon/client';
     import { FileStore, Login, type LoginEvent, type LoginStore, type SecondFactor } from '@symbolon/client';
     import * as web from '@symbolon/client/web';
     import { RevocationWait, type IssueResponse } from '@symbolon/client/v1/token_service';
     import { SymbolonError as Same, Verifier, type Caller } from '@symbolon/server';
     import * as connect from '@symbolon/server/connect';
     import * as express from '@symbolon/server/express';
     import * as fastify from '@symbolon/server/fastify';
     import * as grpc from '@symbolon/server/grpc';
     import * as nest from '@symbolon/server/nest';
     import app from 'express';

     const client = new Client({ address: 'localhost:1', clientId: 'a', clientSecret: 'b' });
     const options: CallOptions = { timeoutMs: 1, signal: new AbortController().signal };
     export const issued: Promise<IssueResponse> = client.tokens.issue({ scopes: ['a'] }, options);
     export const error: Same = new SymbolonError('UNAVAILABLE', 'why');
     client.tokens.revoke({ wait: RevocationWait.VERIFIERS });
     // @ts-expect-error: no such field
     client.tokens.issue({ scope: 'a' });
     // @ts-expect-error: an address is needed
     new Verifier({ clientId: 'a', clientSecret: 'b' });
     const verifier = new Verifier({ address: 'localhost:1', clientId: 'a', clientSecret: 'b' });
     app().get('/', express.guard(verifier), (request, response) => {
       const caller: Caller | undefined = request.caller;
       response.json(caller);
     });
     const keychain: LoginStore = { load: async () => undefined, save: async () => {}, clear: async () => {} };
     const onEvent = (event: LoginEvent) => (event.type === 'signed_out' ? event.reason : undefined);
     const login = new Login({ address: 'localhost:1', clientId: 'a', store: keychain, onEvent });
     export const factor: Promise<SecondFactor | undefined> = login.signInUser('a', 'b', { signal: options.signal });
     export const attached: typeof fetch = login.fetchFor('https://a');
     export const page = new web.Login({ url: 'https://a', clientId: 'a', store: new web.MemoryStore() });
     export const same: SymbolonError = new web.SymbolonError('UNAVAILABLE', 'why');
     export const stores: LoginStore[] = [new FileStore('a'), new web.PageStore(sessionStorage)];
     // @ts-expect-error: a page has no secret
     new web.Login({ url: 'https://a', clientId: 'a', clientSecret: 'b' });
     export const guards = [connect.guard(verifier), grpc.guard(verifier), new nest.SymbolonGuard(verifier), fastify.guard];
    `,
  );
  expect(() => tsc('--noEmit', 'typed.ts')).not.toThrow();
});
