/** What `npm pack` makes: it runs where no sources, no tools and no tests are. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TokenKind } from '../../gen/ts/symbolon/v1/token_service.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { environment, ROOT, runProgram } from '../process/program.ts';
import { postLogin } from '../process/rest-client.ts';
import { ServerProcess } from '../process/server-process.ts';
import { temporaryDirectory } from '../support.ts';

const MAX_PACKED_BYTES = 1_000_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const directory = temporaryDirectory();
const installed = join(directory.path, 'node_modules', 'symbolon');
const program = join(installed, 'bin', 'symbolon.js');
let packed: Packed;

beforeAll(() => {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: ROOT, env: environment() });
  const report = run('npm', 'pack', '--json', '--ignore-scripts=false', '--pack-destination', directory.path);
  packed = packedIn(report.toString());
  mkdirSync(installed, { recursive: true });
  run('tar', '-xzf', join(directory.path, packed.filename), '-C', installed, '--strip-components=1');
  linkDependencies();
});
afterAll(() => directory.remove());

/** The report comes after what the script before it has printed; npm calls it by a name in some versions. */
function packedIn(output: string): Packed {
  const report: unknown = JSON.parse(output.slice(output.search(/^[[{]/m)));
  const [first] = Object.values(report as Record<string, Packed>);
  return first as Packed;
}

/** Those that the package says it needs, as they are here: no test needs a registry. */
function linkDependencies(): void {
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(directory.path, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
}

it('has what runs, the contract, and what people read first', () => {
  const others = packed.files
    .map(({ path }) => path)
    .filter((path) => !/^(dist\/(src|gen)|proto\/symbolon\/v1)\//.test(path));
  expect(others.sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'NOTICE',
    'README.md',
    'bin/symbolon.js',
    'dist/package.json',
    'package.json',
  ]);
  expect(packed.files.filter(({ path }) => /\.ts$|\.map$|test/.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(MAX_PACKED_BYTES);
});

it('serves both surfaces, and takes the commands of the operator', async () => {
  const dataDir = join(directory.path, 'data');
  await using server = await ServerProcess.startDemo({ dataDir, program });
  const { demo } = server;
  using admin = TokenClient.admin(demo);
  const { accessToken } = await admin.logIn(demo.user.login_name, demo.user.password);
  const { json } = await postLogin(demo, demo.user.login_name, demo.user.password);
  for (const token of [accessToken, String(json.access_token)]) {
    expect(await admin.introspect(token)).toMatchObject({ active: true, kind: TokenKind.USER });
  }
  const revoke = ['user', 'revoke', demo.user.login_name, '--tenant', demo.tenant_id, '--data-dir', dataDir];
  expect(await runProgram(revoke, { program })).toMatchObject({ code: 0, stderr: '' });
  expect(await admin.isActive(accessToken)).toBe(false);
});

it('keeps what was compiled beside itself, where it is the owner’s and nobody says otherwise', async () => {
  const kept = join(installed, '.compile-cache');
  const version = (env: Record<string, string | undefined>) => runProgram(['--version'], { program, env });
  expect(await version({ NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ code: 0 });
  expect(existsSync(kept)).toBe(false);
  expect(await version({ NODE_COMPILE_CACHE: undefined })).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(kept)).toHaveLength(1);
  // A disk that can't be written, or somebody else's sources.
  rmSync(kept, { recursive: true });
  writeFileSync(kept, '');
  expect(await version({ NODE_COMPILE_CACHE: undefined })).toMatchObject({ code: 0, stderr: '' });
  rmSync(kept);
});

it('says its version, and to an older Node where to get another', async () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
  expect(await runProgram(['--version'], { program })).toMatchObject({ code: 0, stdout: `${version}\n` });
  const pretend = 'Object.defineProperty(process.versions,"node",{value:"20.1.0"})';
  const nodeArgs = ['--import', `data:text/javascript,${pretend}`];
  expect(await runProgram(['serve'], { program, nodeArgs })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^symbolon needs Node 24 [^\n]* npx --package node@24 --package <[^\n>]*> symbolon\.\n$/,
    ),
  });
});
