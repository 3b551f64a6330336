/**
 * What an operator is given to watch servers by: the alerts, the dashboard and the table of the documentation, against what real servers
 * that were used really show.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import { FREE_PAGE, metricsAddressOf, useServer } from '../process/measured-server.ts';
import { eventually, ROOT } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../process/tls-files.ts';
import { type Family, familiesOf, scrape } from '../telemetry/page-text.ts';
import { HAS_PROMTOOL, MONITORING, promtool, WITHOUT_PROMTOOL } from './promtool.ts';
import { selectorsOf } from './queries.ts';

/** Of a server on SQLite that was used. */
let used = '';
/** Of a server on PostgreSQL with a certificate. */
let onPostgres = '';
/** Of both. */
let families: ReadonlyMap<string, Family>;
const secrets: string[] = [];
/** Of a certificate, where there is nothing to make one. */
const NEEDS_OPENSSL: readonly [string, Family][] = HAS_OPENSSL
  ? []
  : ['symbolon_certificate_end_seconds'].map((name) => [
      name,
      { name, type: 'gauge', unit: 'seconds', help: '', series: [] },
    ]);
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  const [sqlite, postgres] = [stack.use(dataDirectory()), stack.use(dataDirectory())];
  const server = stack.use(await ServerProcess.startDemo({ dataDir: sqlite.path, args: FREE_PAGE }));
  await useServer(server);
  used = await eventually('a message that was sent', async () => {
    const page = await scrape(metricsAddressOf(server));
    return /^symbolon_outbox_attempts_total\{.*outcome="sent"\} 1$/m.test(page) ? page : undefined;
  });
  const { admin, service, user, device } = server.demo;
  secrets.push(admin.client_secret, service.client_secret, user.password, device.password);
  secrets.push(user.login_name, user.email, user.phone, user.id, device.id, device.vendor_id);

  const database = stack.use(await PostgresServer.start());
  const { certificate, key } = HAS_OPENSSL
    ? makeCertificate(postgres.root, 'server')
    : { certificate: undefined, key: undefined };
  const store = ['--store', database.urlOf(await database.createDatabase())];
  const tls = certificate === undefined ? [] : ['--tls-cert', certificate, '--tls-key', key];
  const second = stack.use(
    await ServerProcess.start({ dataDir: postgres.path, args: [...FREE_PAGE, ...store, ...tls] }),
  );
  onPostgres =
    certificate === undefined
      ? await scrape(metricsAddressOf(second))
      : await securely(metricsAddressOf(second), readFileSync(certificate));
  families = new Map([...NEEDS_OPENSSL, ...familiesOf(onPostgres), ...familiesOf(used)]);
});

afterAll(() => stack.disposeAsync());

function securely(address: string, ca: Buffer): Promise<string> {
  const url = `https://localhost:${address.split(':')[1]}/metrics`;
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (answer) => text(answer).then(resolve, reject))
      .once('error', reject)
      .end();
  });
}

/** What is wrong with the names in a query. */
function strangersIn(query: string): string[] {
  return selectorsOf(query).flatMap(({ metric, labels }) => {
    const family = families.get(metric) ?? families.get(metric.replace(/_(bucket|count|sum)$/, ''));
    if (metric === 'up') {
      return [];
    }
    if (family === undefined) {
      return [`${metric} is no metric`];
    }
    const known = labelsOf(family);
    return labels.filter((label) => !known.includes(label)).map((label) => `${metric} has no label ${label}`);
  });
}

/** Those that only some calls have. */
const RARE: Readonly<Record<string, readonly string[]>> = {
  rpc_server_call_duration_seconds: ['error_type'],
  http_server_request_duration_seconds: ['error_type'],
};

function labelsOf({ name, series }: Family): string[] {
  return [...new Set([...series.flatMap(({ labels }) => Object.keys(labels)), ...(RARE[name] ?? [])])].sort();
}

describe('the alerts', () => {
  const rules = readFileSync(`${MONITORING}rules.yml`, 'utf8');
  const alerts = [...rules.matchAll(/- alert: (\w+)\n\s+expr: (?:\|\n)?([\s\S]*?)\n\s+(?:for|labels):/g)];

  it('ask for what there is', () => {
    expect(alerts.length).toBe(rules.match(/- alert:/g)?.length);
    expect(alerts.flatMap(([, , query = '']) => strangersIn(query))).toEqual([]);
  });

  it('are each tested, and explained in the documentation', () => {
    const tests = readFileSync(`${MONITORING}rules.test.yml`, 'utf8');
    const page = readFileSync(`${ROOT}docs/monitoring.md`, 'utf8');
    const names = alerts.map(([, name = '']) => name);
    expect(names.filter((name) => !tests.includes(`- alertname: ${name}\n`))).toEqual([]);
    expect([...page.matchAll(/^\| `(Symbolon\w+)` \|/gm)].map(([, name]) => name)).toEqual(names);
  });
});

describe('the dashboard', () => {
  it('asks for what there is', () => {
    const { panels } = JSON.parse(readFileSync(`${MONITORING}dashboard.json`, 'utf8')) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(50);
    expect(queries.flatMap(strangersIn)).toEqual([]);
  });

  it('shows every metric', () => {
    const dashboard = readFileSync(`${MONITORING}dashboard.json`, 'utf8');
    expect([...families.keys()].filter((name) => name !== 'target_info' && !dashboard.includes(name))).toEqual([]);
  });
});

it('has every metric in the table of docs/monitoring.md, with its type, unit and labels, and nothing else', () => {
  const page = readFileSync(`${ROOT}docs/monitoring.md`, 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z]\w+)` \| (\w+) \| (\w*) \| ([^|]*) \|/gm)].map(
    ([, name, type, unit, labels = '']) => [name, type, unit, labels.replaceAll('`', '').trim()],
  );
  const shown = [...families.values()].map((family) => [
    family.name,
    family.type,
    family.unit,
    family.name === 'target_info' ? 'service_name, …' : labelsOf(family).join(', '),
  ]);
  const byName = ([a = '']: (string | undefined)[], [b = '']: (string | undefined)[]) => (a < b ? -1 : 1);
  expect(rows.sort(byName)).toEqual(shown.sort(byName));
});

it('shows no secret, and nobody’s name or id', () => {
  for (const page of [used, onPostgres]) {
    expect(secrets.filter((secret) => page.includes(secret))).toEqual([]);
    expect(page).not.toMatch(/sy[udpanrsm]_|fm_|t[ar]_[0-9A-Za-z]{30}|nobody-of-this-name|made-up/);
  }
});

if (HAS_PROMTOOL) {
  describe('Prometheus', () => {
    it('takes the alerts, and they fire when they must', () => {
      expect(promtool(['check', 'rules', 'rules.yml'])).toBe('');
      expect(promtool(['test', 'rules', 'rules.test.yml'])).toBe('');
    });

    it.each([
      ['SQLite', () => used],
      ['PostgreSQL', () => onPostgres],
    ])('has nothing against what a server on %s shows', (_, page) => {
      expect(promtool(['check', 'metrics'], page())).toBe('');
    });
  });
} else {
  it.skip(`is asked what it thinks of it (skipped: ${WITHOUT_PROMTOOL})`);
}
