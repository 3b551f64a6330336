/** The image of deploy/container/Containerfile, built and run as a cluster runs it: a user that nobody knows, no right, a root that can't be written. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, eventually, ROOT, Running } from '../process/program.ts';
import { getHealth } from '../process/rest-client.ts';

const TOOLS = ['buildah', 'mmdebstrap', 'runc'];
const MAX_BUILD_MS = 10 * 60_000;
/** Of nobody: not in /etc/passwd here, nor in the image, which has none. */
const UID = 54_321;
const NODE = '/usr/local/bin/node';

function whyNot(): string | undefined {
  const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0);
  if (missing.length > 0) {
    return `there is no ${missing.join(' and no ')} here`;
  }
  if (process.getuid?.() !== 0) {
    return 'only root can make a container here';
  }
  const ping = spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=10000'], { stdio: 'ignore' });
  return ping.status === 0 ? undefined : 'the registry of npm can’t be reached';
}

const reason = process.env.SYMBOLON_CI === '1' ? undefined : whyNot();

if (reason !== undefined) {
  it.skip(`the image is not built: ${reason}`, () => undefined);
}

const whole = reason === undefined ? describe : () => undefined;

whole('the image', () => {
  let directory: string;
  let bundle: string;
  let config: { Env: string[]; Entrypoint: string[]; Cmd: string[]; User: string; Healthcheck: { Test: string[] } };
  let running: Running;
  let http: string;
  const name = `symbolon-test-${process.pid}`;
  const runc = (...args: string[]) => ['--root', join(directory, 'runc'), ...args];
  const inside = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('runc', runc('exec', name, ...args), { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'symbolon-container-'));
    const build = (script: string) =>
      execFileSync(join(ROOT, 'test', 'container', script), [directory], { env: environment() });
    const rootfs = build('build.sh').toString().trim();
    config = JSON.parse(readFileSync(join(directory, 'image.json'), 'utf8')).Docker.config;
    bundle = join(directory, 'bundle');
    mkdirSync(bundle);
    const volume = join(directory, 'data');
    mkdirSync(volume, { mode: 0o770 });
    chownSync(volume, UID, 0);
    execFileSync('runc', ['spec'], { cwd: bundle });
    const spec = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
    const env = [...config.Env, 'SYMBOLON_GRPC_ADDRESS=127.0.0.1:0', 'SYMBOLON_HTTP_ADDRESS=127.0.0.1:0'];
    const none = { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] };
    spec.root = { path: rootfs, readonly: true };
    spec.process = {
      ...spec.process,
      ...{ terminal: false, user: { uid: UID, gid: 0 }, env, capabilities: none, noNewPrivileges: true },
      args: [...config.Entrypoint, ...config.Cmd, '--demo'],
    };
    spec.mounts = [
      ...spec.mounts.filter(({ destination }: { destination: string }) => !/^\/sys|mqueue/.test(destination)),
      { destination: '/data', type: 'bind', source: volume, options: ['bind', 'rw'] },
    ];
    spec.linux.namespaces = spec.linux.namespaces.filter(({ type }: { type: string }) => !/network|cgroup/.test(type));
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
    running = new Running('runc', runc('run', '--bundle', bundle, name), environment());
    const ready = await eventually('symbolon ready', () => {
      if (running.hasEnded) {
        throw new Error(`the container ended: ${running.stderr}${running.stdout}`);
      }
      return /^symbolon ready: gRPC on \S+, HTTP on (\S+), data in \/data$/m.exec(running.stdout) ?? undefined;
    });
    http = ready[1] ?? '';
  }, MAX_BUILD_MS);

  afterAll(() => {
    spawnSync('runc', runc('delete', '--force', name));
    execFileSync(join(ROOT, 'test', 'container', 'clean.sh'), [directory]);
  });

  it('serves as a user that nobody knows, and can write nothing but its data', async () => {
    expect(await getHealth(http)).toMatchObject({ status: 200, json: { status: 'SERVING' } });
    const write = (path: string) => inside(NODE, '-e', `require('node:fs').writeFileSync('${path}', '')`);
    expect(write('/data/file')).toMatchObject({ status: 0 });
    expect(write('/app/file').stderr).toContain('EROFS');
    expect(inside(NODE, '-p', 'process.getuid()').stdout).toBe(`${UID}\n`);
  });

  it('says whether it is well, by the check that the image brings', () => {
    const [kind, ...check] = config.Healthcheck.Test;
    expect({ kind, ...inside('/usr/local/bin/node', ...check.slice(1)) }).toMatchObject({ kind: 'CMD', status: 1 });
    const env = ['--env', `SYMBOLON_HTTP_ADDRESS=${http}`];
    expect(spawnSync('runc', runc('exec', ...env, name, ...check)).status).toBe(0);
  });

  it('takes the commands of the operator', () => {
    expect(inside(...config.Entrypoint, 'tenant', 'create', 'acme')).toMatchObject({ status: 0 });
  });

  it('is not root, and has no shell', () => {
    expect(config.User).toMatch(/^[1-9][0-9]*:[1-9][0-9]*$/);
    expect(inside('/bin/sh', '-c', 'true').status).not.toBe(0);
  });

  it('drains on SIGTERM', async () => {
    spawnSync('runc', runc('kill', name, 'TERM'));
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});
