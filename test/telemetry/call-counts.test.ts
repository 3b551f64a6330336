/** What is counted of calls, and that nobody can make it grow. */
import { beforeEach, expect, it } from 'vitest';
import { CallRecord, type Door } from '../../src/calls/call-record.ts';
import type { CallFacts } from '../../src/core/call-notes.ts';
import type { Histogram } from '../../src/core/histogram.ts';
import { CallCounts } from '../../src/telemetry/call-counts.ts';
import type { Labels, Point } from '../../src/telemetry/metric.ts';

class FakeCall extends CallRecord {
  readonly route: string | undefined;
  readonly requestId = 'r';
  readonly remoteAddress = undefined;
  readonly #how: How;

  constructor(how: How) {
    super();
    this.#how = how;
    this.method = how.method;
    this.code = how.code ?? 'ok';
    this.route = how.route;
    this.isActive = how.isActive;
    this.note(how.facts ?? {});
  }

  override get door(): Door {
    return this.#how.door ?? 'grpc';
  }

  override get httpMethod(): string | undefined {
    return this.#how.httpMethod;
  }

  override get status(): number | undefined {
    return this.#how.status;
  }

  override header(): undefined {
    return undefined;
  }
}

interface How {
  readonly method: string;
  readonly door?: Door;
  readonly route?: string;
  readonly code?: string;
  readonly isActive?: boolean;
  readonly facts?: CallFacts;
  readonly httpMethod?: string;
  readonly status?: number;
}

let counts: CallCounts;

beforeEach(() => {
  counts = new CallCounts();
});

function count(how: How): void {
  const call = new FakeCall(how);
  // As the doors call them: by themselves.
  const { begin, finish } = counts;
  begin(call);
  call.endTime = call.startTime + 3;
  finish(call);
}

function pointsOf(name: string): readonly Point[] {
  return counts.metrics.find((metric) => metric.name === name)?.read() ?? [];
}

const logIn = (tenant: string, client: string, more: Partial<How> = {}): How => ({
  method: 'Issue',
  route: '/symbolon.v1.TokenService/Issue',
  ...more,
  facts: { event: 'login', credential: 'user_password', tenant, client, ...more.facts },
});

it('counts logins by how they ended', () => {
  for (const more of [
    {},
    {},
    { code: 'invalid_credentials' },
    { facts: { isPending: true as const } },
    { facts: { isRepeat: true as const } },
  ]) {
    count(logIn('acme', 'app', more));
  }
  const who = { tenant: 'acme', client: 'app', credential: 'user_password' };
  expect(pointsOf('symbolon.logins')).toEqual([
    { labels: { ...who, outcome: 'ok' }, value: 2 },
    { labels: { ...who, outcome: 'invalid_credentials' }, value: 1 },
    { labels: { ...who, outcome: 'second_factor' }, value: 1 },
    { labels: { ...who, outcome: 'repeated' }, value: 1 },
  ]);
});

it('gives the first hundred clients labels of their own, then a hundred tenants, and counts all others as one', () => {
  for (let i = 0; i < 10_000; i++) {
    count(logIn(`tenant-${i % 5_000}`, `client-${i}`));
  }
  count(logIn('tenant-3', 'client-3'));
  const points = pointsOf('symbolon.logins');
  expect(points).toHaveLength(201);
  const countOf = (client: string, tenant: string) =>
    points.find(({ labels }) => labels.client === client && labels.tenant === tenant)?.value;
  expect(countOf('client-3', 'tenant-3')).toBe(2);
  expect(countOf('_other', 'tenant-100')).toBe(2);
  expect(countOf('_other', '_other')).toBe(9_700);
  expect(pointsOf('symbolon.reuses')).toHaveLength(201);
});

it('a tenant that makes clients without end hides nothing of another by them', () => {
  for (let i = 0; i < 10_000; i++) {
    count(logIn('greedy', `greedy.${i}`));
  }
  count({ ...logIn('acme', 'app'), facts: { event: 'refresh', tenant: 'acme', client: 'app', isReuse: true } });
  expect(pointsOf('symbolon.reuses')).toHaveLength(52);
  expect(pointsOf('symbolon.reuses')).toContainEqual({ labels: { tenant: 'acme', client: 'app' }, value: 1 });
  expect(pointsOf('symbolon.logins')).toContainEqual({
    labels: { tenant: 'greedy', client: '_other', credential: 'user_password', outcome: 'ok' },
    value: 9_950,
  });
});

it('has no label for who is not known', () => {
  count({
    method: 'Introspect',
    code: 'caller_unauthenticated',
    facts: { credential: 'client_secret', unknown: 'ab12' },
  });
  count({ method: 'Introspect', code: 'caller_unauthenticated', facts: { tenant: 'acme', client: 'app' } });
  expect(pointsOf('symbolon.callers.refused')).toEqual([
    { labels: { tenant: '_unknown', client: '_unknown' }, value: 1 },
    { labels: { tenant: 'acme', client: 'app' }, value: 1 },
  ]);
  expect(JSON.stringify(counts.metrics.map((metric) => metric.read()))).not.toContain('ab12');
});

it('begins the reuses of a client at 0, so that the first is seen as a rise', () => {
  count(logIn('acme', 'app'));
  expect(pointsOf('symbolon.reuses')).toMatchObject([{ value: 0 }]);
  count({
    method: 'Refresh',
    code: 'invalid_refresh_token',
    facts: { event: 'refresh', tenant: 'acme', client: 'app', isReuse: true },
  });
  expect(pointsOf('symbolon.reuses')).toEqual([{ labels: { tenant: 'acme', client: 'app' }, value: 1 }]);
});

it('counts introspections by what they found, and revocations by what was done', () => {
  for (const how of [{ isActive: true }, { isActive: false }, { isActive: false }, { code: 'store_unavailable' }]) {
    count({ method: 'Introspect', route: '/symbolon.v1.TokenService/Introspect', ...how });
  }
  expect(pointsOf('symbolon.introspections')).toEqual([
    { labels: { result: 'active' }, value: 1 },
    { labels: { result: 'inactive' }, value: 2 },
    { labels: { result: 'store_unavailable' }, value: 1 },
  ]);
  for (const event of ['revoke', 'revoke_all', 'disable', 'update_tenant']) {
    count({ method: 'any', facts: { event, tenant: 'acme', client: 'app' } });
  }
  expect(pointsOf('symbolon.revocations').map(({ labels }) => labels.event)).toEqual([
    'revoke',
    'revoke_all',
    'disable',
  ]);
});

it('counts the tokens of batches by what was found', () => {
  count({ method: 'BatchIntrospect', facts: { tokens: 1_000, active: 990 } });
  count({ method: 'BatchIntrospect', facts: { tokens: 2, active: 0 } });
  count({ method: 'BatchIntrospect', code: 'permission_denied' });
  expect(pointsOf('symbolon.batch.tokens')).toEqual([
    { labels: { result: 'active' }, value: 990 },
    { labels: { result: 'inactive' }, value: 12 },
  ]);
});

it('labels calls of gRPC as the conventions have it, and says which the server is to blame for', () => {
  const route = '/symbolon.v1.TokenService/Refresh';
  for (const code of ['ok', 'invalid_refresh_token', 'store_unavailable']) {
    count({ method: 'Refresh', route, code });
  }
  const common = { 'rpc.system.name': 'grpc', 'rpc.method': 'symbolon.v1.TokenService/Refresh' };
  const points = pointsOf('rpc.server.call.duration');
  expect(points.map(({ labels }) => labels)).toEqual([
    { ...common, 'rpc.response.status_code': 'OK', code: 'ok' },
    { ...common, 'rpc.response.status_code': 'FAILED_PRECONDITION', code: 'invalid_refresh_token' },
    { ...common, 'rpc.response.status_code': 'UNAVAILABLE', code: 'store_unavailable', 'error.type': 'UNAVAILABLE' },
  ] satisfies Labels[]);
  const [first] = points.map(({ value }) => value as Histogram);
  expect(first?.sum).toBeCloseTo(0.003);
});

it('labels requests of HTTP by their route, never by their path, and what is not a method as `_OTHER`', () => {
  const http = { door: 'http', httpMethod: 'GET' } as const;
  count({ ...http, method: 'kii.user.get', route: '/api/apps/:appId/users/:user', status: 200 });
  count({ ...http, method: 'unmatched', code: 'route_not_found', status: 404, httpMethod: 'BREW' });
  count({ ...http, method: 'kii.token', route: '/api/oauth2/token', code: 'aborted' });
  expect(pointsOf('http.server.request.duration').map(({ labels }) => labels)).toEqual([
    {
      'http.request.method': 'GET',
      'http.route': '/api/apps/:appId/users/:user',
      'http.response.status_code': '200',
      operation: 'kii.user.get',
      code: 'ok',
    },
    {
      'http.request.method': '_OTHER',
      'http.response.status_code': '404',
      operation: 'unmatched',
      code: 'route_not_found',
    },
    {
      'http.request.method': 'GET',
      'http.route': '/api/oauth2/token',
      operation: 'kii.token',
      code: 'aborted',
      'error.type': 'aborted',
    },
  ] satisfies Labels[]);
});

it('knows how many calls are being answered', () => {
  counts.begin(new FakeCall({ method: 'Issue' }));
  counts.begin(new FakeCall({ method: 'kii.token', door: 'http' }));
  count({ method: 'Issue' });
  expect(pointsOf('symbolon.calls.in_flight').map(({ value }) => value)).toEqual([1, 1]);
});
