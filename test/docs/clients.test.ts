/** The programs of docs/clients.md do what the page says, in each language whose tools are found. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenClient } from '../process/grpc-client.ts';
import { ROOT } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { Drivers } from '../sdk/drivers.ts';
import { canRun, LANGUAGES } from '../sdk/languages.ts';
import { MAX_DURATION_MS, runTool } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';

/** However busy the machine is. */
const PATIENCE_MS = 300_000;
const PAGE = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');

interface Program {
  /** Of its block on the page. */
  readonly fence: string;
  readonly file: string;
  /** How it is run, beside what the driver of its language was built into. */
  readonly command: (file: string, built: string) => readonly string[];
  /** From where. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  typescript: { fence: 'ts', file: 'check.ts', command: (file) => [process.execPath, file] },
  go: { fence: 'go', file: 'check.go', command: (file) => ['go', 'run', file], folder: 'sdk/go' },
  python: {
    fence: 'python',
    file: 'check.py',
    command: (file, built) => [join(built, 'venv/bin/python'), file],
    env: { PYTHONPATH: join(ROOT, 'sdk/python/src') },
  },
  java: {
    fence: 'java',
    file: 'Check.java',
    command: (file, built) => ['java', '-cp', join(built, 'symbolon-driver/driver.jar'), file],
  },
};

const directory = temporaryDirectory();
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: join(directory.path, 'data') });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  directory.remove();
});

/** Those of this checkout. */
function withoutPackages(code: string): string {
  return code.replace("'@symbolon/server'", `'${join(ROOT, 'sdk/typescript/server/src/index.ts')}'`);
}

/** A program whose machine stands still while it starts can't know: it says so, and is started again. */
async function answered(check: () => Promise<string>): Promise<string> {
  for (const giveUp = performance.now() + PATIENCE_MS; ; ) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > giveUp || !/DEADLINE|UNAVAILABLE|deadline|unavailable/.test(String(error))) {
        throw error;
      }
    }
  }
}

for (const [name, { fence, file, command, folder = '.', env = {} }] of Object.entries(PROGRAMS)) {
  const language = LANGUAGES[name];
  describe.runIf(language !== undefined && canRun(name, language))(`the program in ${name}`, () => {
    it('tells a live token from one that is not', { timeout: MAX_DURATION_MS }, async () => {
      const built = join(directory.path, name);
      mkdirSync(built);
      const [code = ''] = new RegExp(`(?<=^\`\`\`${fence}\\n)[^]*?(?=^\`\`\`$)`, 'm').exec(PAGE) ?? [];
      writeFileSync(join(built, file), withoutPackages(code));
      if (command('', built)[0] !== process.execPath && language !== undefined) {
        await new Drivers(language, built).build();
      }
      const { client_id, client_secret } = server.demo.service;
      using client = TokenClient.admin(server.demo).persistently();
      const { login_name, password, id } = server.demo.user;
      const { accessToken } = await client.logIn(login_name, password);
      const [program = '', ...args] = command(join(built, file), built);
      await expect(runTool(program, args, join(ROOT, folder), env)).rejects.toThrow(/usage: [Cc]heck/);
      const present = [server.grpcAddress, client_id, client_secret, accessToken];
      const check = () => answered(() => runTool(program, [...args, ...present], join(ROOT, folder), env));
      // An enum of Java is in capitals.
      expect((await check()).toLowerCase()).toBe(`live: user ${id}\n`);
      await client.revokeToken(accessToken);
      expect(await check()).toBe('not live\n');
    });
  });
}

it('shows the calls of an app that has no package', { timeout: MAX_DURATION_MS }, async () => {
  const [code = ''] = /(?<=^```sh\n)[^]*?(?=^```$)/m.exec(PAGE) ?? [];
  const { login_name, password, id } = server.demo.user;
  const settings = {
    SYMBOLON: `http://${server.httpAddress}`,
    CLIENT_ID: 'demo',
    USERNAME: login_name,
    PASSWORD: password,
  };
  const printed = await runTool('sh', ['-c', code], ROOT, settings);
  const [user, live, revoked, dead] = printed.match(/\{.*?\}(?=\{|$)/gs) ?? [];
  expect(JSON.parse(user ?? '')).toMatchObject({ user: { userId: id } });
  expect(JSON.parse(live ?? '')).toMatchObject({ kind: 'TOKEN_KIND_USER', subjectId: id, clientId: 'demo' });
  expect(JSON.parse(revoked ?? '')).toMatchObject({ revoked: true });
  expect(JSON.parse(dead ?? '')).toMatchObject({ code: 'failed_precondition' });
});
