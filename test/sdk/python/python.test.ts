/** The SDK in Python by its own tools: what is checked, packed, and installed where nothing else is. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, ROOT } from '../../process/program.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../../stubs/tools.ts';
import { temporaryDirectory } from '../../support.ts';

const SDK = join(ROOT, 'sdk/python');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const REQUIREMENTS = join(SDK, 'requirements-dev.txt');
const [, EXAMPLE] = /^```\n(.*?)^```$/ms.exec(readFileSync(join(ROOT, 'examples/README.md'), 'utf8')) ?? [];
/** The oldest that the package takes, as pyproject.toml says. */
const OLDEST = [
  'grpcio==1.71.2',
  'grpcio-tools==1.71.2',
  'protobuf==5.29.6',
  'googleapis-common-protos==1.66.0',
  'httpx==0.23.0',
];

const QUIET = ['--quiet', '--disable-pip-version-check', '--no-compile'];

const directory = temporaryDirectory();
/** Nothing is written beside what is tested. */
const COMPILED = { PYTHONPYCACHEPREFIX: join(directory.path, 'compiled') };
const site = join(directory.path, 'site');
const empty = join(directory.path, 'empty');
let tools = '';
let wheel = '';
/** Begun early, for it waits for the disk and the network while tests wait for each other. */
let oldest: Promise<unknown> = Promise.resolve();

/** With a path to what is installed, and nothing of this checkout. */
const python = (venv: string, args: readonly string[], path = '') =>
  runTool(join(venv, 'bin/python'), args, SDK, { PYTHONPATH: path, ...COMPILED });
/** That of the tools, for every environment. What is never loaded is never compiled. */
const pip = (venv: string, args: readonly string[]) =>
  python(tools, ['-m', 'pip', `--python=${venv}`, 'install', ...QUIET, ...args]);
const pytest = (venv: string, files: readonly string[], path = '') =>
  python(
    venv,
    [
      '-m',
      'pytest',
      '-q',
      '-o',
      'pythonpath=tests',
      `--basetemp=${join(directory.path, basename(venv))}-pytest`,
      ...files,
    ],
    path,
  );

/** What the checks run with. It is kept: the versions are pinned. */
async function installTools(): Promise<void> {
  const name = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  tools = join(ROOT, 'node_modules/.cache/python', name);
  if (!existsSync(join(tools, 'complete'))) {
    rmSync(tools, { recursive: true, force: true });
    await runTool('python3', ['-m', 'venv', tools], ROOT);
    await pip(tools, ['-r', REQUIREMENTS]);
    mkdirSync(join(tools, 'unfinished'));
    renameSync(join(tools, 'unfinished'), join(tools, 'complete'));
  }
}

/** An empty environment with the oldest that the package takes. */
async function installOldest(): Promise<void> {
  // Without a pip of its own: setting that up takes longer than all that it would install.
  await runTool('python3', ['-m', 'venv', '--without-pip', empty], ROOT);
  await pip(empty, [`${wheel}[fastapi,httpx]`, 'uvicorn', 'pytest', 'types-grpcio', 'types-protobuf', ...OLDEST]);
}

const HAS_TOOLS = hasTools('Python', [['python3', '--version', '3.10']]);

describe.skipIf(!HAS_TOOLS)('the SDK in Python', { timeout: MAX_DURATION_MS }, () => {
  beforeAll(async () => {
    await installTools();
    await python(tools, ['-m', 'build', '--no-isolation', '--outdir', directory.path]);
    wheel = globSync(join(directory.path, '*.whl'))[0] ?? '';
    await pip(tools, ['--no-deps', '--target', site, wheel]);
    oldest = installOldest();
    // What it fails with is told where it is waited for.
    oldest.catch(() => undefined);
  }, MAX_DURATION_MS);
  afterAll(async () => {
    await oldest.catch(() => undefined);
    directory.remove();
  });

  // Side by side with its own tests, which wait more than they compute.
  it.concurrent('is formatted, linted and typed', async () => {
    const folders = ['sdk/python', 'examples/python', 'test/sdk/python', 'test/clients/python'];
    const ruff = (...args: readonly string[]) =>
      runTool(
        join(tools, 'bin/ruff'),
        [...args, '--no-cache', '--config', 'sdk/python/pyproject.toml', ...folders],
        ROOT,
      );
    await ruff('format', '--check');
    await ruff('check');
    await python(tools, ['-m', 'mypy', '--cache-dir', join(directory.path, 'mypy')]);
  });

  it.concurrent('is packed with its stubs as files, and with its types', async () => {
    const list = (code: string, file: string) => python(tools, ['-c', code, file]);
    const inWheel = await list(
      'import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep="\\n")',
      wheel,
    );
    const [sdist = ''] = globSync(join(directory.path, '*.tar.gz'));
    const code =
      'import sys, tarfile; print(*(each.name for each in tarfile.open(sys.argv[1]) if each.isfile()), sep="\\n")';
    const inSdist = await list(code, sdist);
    const stubs = globSync('symbolon/v1/*', { cwd: join(ROOT, 'gen/python') }).filter((name) => !name.includes('__'));
    expect(stubs.length).toBeGreaterThan(20);
    for (const name of [...stubs, 'symbolon/py.typed', 'symbolon/_core/state.py', 'symbolon/_login/state.py']) {
      expect(inWheel.split('\n')).toContain(name);
      expect(inSdist.split('\n')).toContain(`symbolon-${VERSION}/src/${name}`);
    }
  });

  it.concurrent('passes its own tests as it is packed', async () => {
    expect(await pytest(tools, ['tests'], site)).toMatch(/^\d+ passed/m);
  });

  it('is installed in an empty environment with the oldest that it takes, and runs its README and the example', async () => {
    await oldest;
    const typed = [
      '--strict',
      '--python-executable',
      join(empty, 'bin/python'),
      '--cache-dir',
      join(directory.path, 'typed'),
    ];
    const checked = python(tools, [
      '-m',
      'mypy',
      '--config-file',
      '',
      ...typed,
      join(ROOT, 'test/sdk/python/typed.py'),
    ]);
    const services = ['verifier', 'client', 'interceptors', 'fork', 'tls', 'mishaps'];
    const names = [
      'readme',
      'examples',
      'login',
      'login_store',
      'login_server',
      'login_attach',
      'login_browser',
      'access',
      ...services,
    ];
    const files = names.map((name) => `tests/test_${name}.py`);
    const [tested] = await Promise.all([pytest(empty, files), checked]);
    expect(tested).toMatch(/^\d+ passed/m);
    const env = { ...environment(), ...COMPILED, VENV: empty } as Record<string, string>;
    expect(await runTool(join(ROOT, 'examples/python/run'), [], ROOT, env)).toBe(EXAMPLE);
  });
});
