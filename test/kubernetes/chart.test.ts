/** The Helm chart: what it renders is what the Kubernetes API takes, strictly; and the manifests are what it renders. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { environment, ROOT } from '../process/program.ts';
import { temporaryDirectory } from '../support.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CHART = `${ROOT}deploy/helm/symbolon`;
/** Helm and the types of the API, from nothing: a minute on two idle cores. */
const MAX_BUILD_MS = 15 * 60_000;
const OLDEST_GO = 1.24;

interface Rendered {
  readonly values: string;
  readonly text: string;
  readonly kinds: readonly string[] | null;
  readonly error?: string;
}

function whyNot(): string | undefined {
  const { stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  const version = /go(\d+\.\d+)/.exec(stdout ?? '')?.[1];
  if (!(Number(version) >= OLDEST_GO)) {
    return `there is no Go ${OLDEST_GO} or newer here`;
  }
  // No test fetches anything by itself: `.ci/run` does it before.
  const env = { ...environment(), GOPROXY: 'off' };
  const modules = spawnSync('go', ['list', '-deps', '.'], { cwd: HERE, env, stdio: 'ignore' });
  return modules.status === 0 ? undefined : 'its modules are not here: run `go mod download` in test/kubernetes';
}

const reason = process.env.SYMBOLON_CI === '1' ? undefined : whyNot();

if (reason !== undefined) {
  it.skip(`the chart is not rendered: ${reason}`, () => undefined);
}

const whole = reason === undefined ? describe : () => undefined;

whole('the chart', () => {
  let all: readonly Rendered[];
  let program: string;
  const render = (...sets: string[]): Rendered[] =>
    JSON.parse(execFileSync(program, [CHART, ...sets], { encoding: 'utf8' })) as Rendered[];
  const textOf = (values: string) => all.find((each) => each.values === values)?.text ?? '';

  beforeAll(() => {
    const directory = temporaryDirectory();
    program = join(directory.path, 'kubernetes');
    execFileSync('go', ['build', '-o', program, '.'], { cwd: HERE, env: environment() });
    all = render();
    return () => directory.remove();
  }, MAX_BUILD_MS);

  it('renders with each values file to what the API takes, and lints', () => {
    const files = readdirSync(`${CHART}/ci`).map((file) => file.replace('-values.yaml', ''));
    expect(all.map(({ values }) => values)).toEqual(files.flatMap((file) => [file, `${file} lint`]));
    expect(all.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it.each([
    ['sqlite', ['NetworkPolicy', 'PodDisruptionBudget', 'Service', 'Service', 'StatefulSet']],
    ['postgres', ['NetworkPolicy', 'PodDisruptionBudget', 'Service', 'Service', 'Deployment']],
    ['sqlite-plain', ['Service', 'Service', 'StatefulSet']],
  ])('makes of %s no hook, no secret, and no more than it should', (values, kinds) => {
    expect(all.find((each) => each.values === values)?.kinds).toEqual(kinds);
    expect(textOf(values)).not.toMatch(/helm\.sh\/hook|kind: Secret/);
  });

  it.each(['sqlite', 'postgres'])('is what deploy/kubernetes/%s.yaml has', async (values) => {
    const head = `# What the chart renders of deploy/helm/symbolon/ci/${values}-values.yaml: edit that, and run \`npx vitest run -u test/kubernetes\`.\n`;
    await expect(head + textOf(values)).toMatchFileSnapshot(`${ROOT}deploy/kubernetes/${values}.yaml`);
  });

  it('lets no container be more than it must', () => {
    for (const { text, values } of all.filter(({ text }) => text !== '')) {
      for (const line of ['runAsNonRoot: true', 'readOnlyRootFilesystem: true', 'allowPrivilegeEscalation: false']) {
        expect(text, values).toContain(line);
      }
      expect(text, values).toContain('type: RuntimeDefault');
      expect(text, values).toContain('drop: [ALL]');
      expect(text, values).toContain('automountServiceAccountToken: false');
    }
  });

  const IMAGE = 'image.repository=r';
  const POSTGRES = 'store.kind=postgres';
  it.each([
    [['insecurePlaintext=true'], 'image.repository is empty: say where the image is'],
    [[IMAGE], 'tls.existingSecret is empty: name the secret of a certificate, or say insecurePlaintext=true'],
    [[IMAGE, 'insecurePlaintext=true', 'tls.existingSecret=t'], 'exclude each other: leave one of them out'],
    [[IMAGE, 'insecurePlaintext=true', POSTGRES], 'store.postgres.existingSecret is empty: name the secret'],
    [
      [IMAGE, 'insecurePlaintext=true', POSTGRES, 'store.postgres.existingSecret=s'],
      'keyFile.existingSecret is empty: the servers of one PostgreSQL share a key',
    ],
    [
      [IMAGE, 'insecurePlaintext=true', 'store.postgres.tls.clientCertificate=true'],
      'store.postgres.tls.clientCertificate needs store.postgres.tls.existingSecret',
    ],
    [[IMAGE, 'insecurePlaintext=true', 'store.kind=mysql'], 'store'],
    [[IMAGE, 'insecurePlaintxt=true'], 'insecurePlaintxt'],
    [[IMAGE, 'insecurePlaintext=true', 'metrics.port=0'], 'port'],
  ])('refuses %j', (sets, message) => {
    expect(render(...sets)[0]?.error).toContain(message);
  });

  it('is refused where it has a field that the API does not have', () => {
    const [result] = render(IMAGE, 'insecurePlaintext=true', 'resources.limit.cpu=1');
    expect(result?.error).toContain('unknown field "spec.template.spec.containers[0].resources.limit"');
  });
});

it('the chart has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
  const chart = readFileSync(`${CHART}/Chart.yaml`, 'utf8');
  expect(chart).toContain(`\nversion: ${version}\n`);
  expect(chart).toContain(`\nappVersion: ${version}\n`);
});
