/**
 * What calls come to in numbers: how long they took, and how logins, refreshes, introspections and revocations ended. It is told of every
 * call, so it counts in plain numbers: the library's own histogram takes sixty times as long (decision 0119).
 */
import type { CallObserver, CallRecord } from '../calls/call-record.ts';
import { statusName } from '../calls/errors.ts';
import { isFault } from '../calls/fault.ts';
import { AUDIT_ACTIONS } from '../core/commands/cut-off.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import { BoundedCounts, ClientLabels } from './bounded-counts.ts';
import { type Labels, labelled, type Metric } from './metric.ts';
import { WaitCounts } from './wait-counts.ts';

const SECOND_MS = 1_000;

interface Series {
  readonly labels: Labels;
  readonly value: Histogram;
}

/** RFC 9110 section 9.3 and RFC 5789. What a caller makes up is none of them. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];
/** Besides `revoke`, which ends one login. */
const CUT_OFFS = new Set(Object.values(AUDIT_ACTIONS));

export class CallCounts implements CallObserver {
  readonly #inFlight = { grpc: 0, http: 0 };
  /** By the method's name and the code: no texts are put together for a call of gRPC. */
  readonly #rpc = new Map<string, Map<string, Series>>();
  readonly #http = new Map<string, Series>();
  readonly #clients = new ClientLabels();
  readonly #logins = new BoundedCounts();
  readonly #refreshes = new BoundedCounts();
  readonly #reuses = new BoundedCounts();
  readonly #revocations = new BoundedCounts();
  readonly #refusedCallers = new BoundedCounts();
  readonly #waits = new WaitCounts();
  readonly #introspections: Record<string, number> = { active: 0, inactive: 0 };
  readonly #batchTokens = { active: 0, inactive: 0 };

  readonly begin = (call: CallRecord): void => {
    this.#inFlight[call.door] += call.lasts ? 0 : 1;
  };

  readonly finish = (call: CallRecord): void => {
    if (!call.lasts) {
      this.#inFlight[call.door] -= 1;
      this.#time(call);
    }
    if (call.method === 'Introspect') {
      const result = call.isActive === undefined ? call.code : call.isActive ? 'active' : 'inactive';
      this.#introspections[result] = (this.#introspections[result] ?? 0) + 1;
    }
    const { tokens, active = 0 } = call.facts;
    if (tokens !== undefined) {
      this.#batchTokens.active += active;
      this.#batchTokens.inactive += tokens - active;
    }
    if (call.event !== undefined || call.code === 'caller_unauthenticated') {
      this.#count(call);
    }
  };

  readonly metrics: readonly Metric[] = [
    {
      name: 'rpc.server.call.duration',
      type: 'histogram',
      unit: 's',
      help: 'How long calls of gRPC took, from the whole request to the answer',
      read: () => [...this.#rpc.values()].flatMap((codes) => [...codes.values()]),
    },
    {
      name: 'http.server.request.duration',
      type: 'histogram',
      unit: 's',
      help: 'How long HTTP requests took, until the answer was sent',
      read: () => [...this.#http.values()],
    },
    labelled(
      { name: 'symbolon.calls.in_flight', type: 'gauge', unit: '{call}', help: 'Calls that are being answered' },
      'door',
      () => this.#inFlight,
    ),
    counts('symbolon.logins', '{login}', 'Logins, by how they ended', this.#logins),
    counts('symbolon.refreshes', '{refresh}', 'Refreshes, by how they ended', this.#refreshes),
    counts('symbolon.reuses', '{login}', 'Logins that were ended because an old refresh token came back', this.#reuses),
    counts('symbolon.revocations', '{call}', 'Calls that end logins, by how they ended', this.#revocations),
    ...this.#waits.metrics,
    counts('symbolon.callers.refused', '{call}', 'Calls whose caller could not prove who it is', this.#refusedCallers),
    labelled(
      {
        name: 'symbolon.introspections',
        type: 'counter',
        unit: '{introspection}',
        help: 'Introspections, by what they found',
      },
      'result',
      () => this.#introspections,
    ),
    labelled(
      {
        name: 'symbolon.batch.tokens',
        type: 'counter',
        unit: '{token}',
        help: 'Tokens of batches, by what was found',
      },
      'result',
      () => this.#batchTokens,
    ),
  ];

  #time(call: CallRecord): void {
    const series = call.door === 'grpc' ? this.#rpcSeries(call) : this.#httpSeries(call);
    series.value.record(call.durationMs / SECOND_MS);
  }

  #rpcSeries(call: CallRecord): Series {
    let codes = this.#rpc.get(call.method);
    if (codes === undefined) {
      codes = new Map();
      this.#rpc.set(call.method, codes);
    }
    let series = codes.get(call.code);
    if (series === undefined) {
      series = { labels: rpcLabels(call), value: new Histogram(SECONDS) };
      codes.set(call.code, series);
    }
    return series;
  }

  #httpSeries(call: CallRecord): Series {
    const labels = httpLabels(call);
    const key = JSON.stringify(labels);
    const series = this.#http.get(key) ?? { labels, value: new Histogram(SECONDS) };
    this.#http.set(key, series);
    return series;
  }

  #count(call: CallRecord): void {
    const { code, facts } = call;
    const who = this.#clients.of(call.tenantId, call.clientId);
    const outcome =
      code === 'ok' && facts.isPending === true
        ? 'second_factor'
        : code === 'ok' && facts.isRepeat === true
          ? 'repeated'
          : code;
    if (code === 'caller_unauthenticated') {
      this.#refusedCallers.add(who);
    } else if (facts.event === 'login') {
      this.#logins.add(who, { credential: facts.credential ?? 'none', outcome });
    } else if (facts.event === 'refresh') {
      this.#refreshes.add(who, { outcome });
    } else if (facts.event === 'revoke' || CUT_OFFS.has(facts.event ?? '')) {
      this.#revocations.add(who, { event: facts.event ?? '', outcome });
    }
    this.#reuses.add(who, {}, facts.isReuse === true ? 1 : 0);
    if (facts.waited !== undefined) {
      this.#waits.add(facts.waited);
    }
  }
}

function rpcLabels(call: CallRecord): Labels {
  const { route = '', code } = call;
  const status = statusName(code);
  return {
    'rpc.system.name': 'grpc',
    'rpc.method': route.replace(/^\//, ''),
    'rpc.response.status_code': status,
    code,
    ...(isFault(call) ? { 'error.type': status } : {}),
  };
}

function httpLabels(call: CallRecord): Labels {
  const { httpMethod = '', route, method, status, code } = call;
  return {
    'http.request.method': METHODS.includes(httpMethod) ? httpMethod : '_OTHER',
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(status === undefined ? {} : { 'http.response.status_code': String(status) }),
    operation: method,
    code,
    ...(isFault(call) ? { 'error.type': code } : {}),
  };
}

function counts(name: string, unit: string, help: string, of: BoundedCounts): Metric {
  return { name, type: 'counter', unit, help, read: () => of.points() };
}
