/**
 * The one line that a call leaves in the log, whichever door it came by. It has ids and words of ours alone: never a message, header,
 * token, password, URL, or a name as it was typed. docs/operations.md has the table of its fields.
 */
import type { Logger } from 'pino';
import type { PhaseName } from '../core/call-notes.ts';
import type { CallRecord } from './call-record.ts';
import { causesOf } from './errors.ts';
import { mayLogStranger } from './log-budget.ts';

/** Logs every call that is not for `debug` alone, and every one that failed. */
export function logCall(log: Logger, call: CallRecord): void {
  const { code } = call;
  const level = code === 'internal' ? 'error' : code === 'ok' ? call.logLevel : 'info';
  if (!log.isLevelEnabled(level) || !isWorthALine(log, call)) {
    return;
  }
  log[level](fieldsOf(call), 'call');
}

/** A theft is told whatever else goes on: each one costs a login. */
function isWorthALine(log: Logger, call: CallRecord): boolean {
  const { code, facts } = call;
  const isAsked = code === 'ok' ? call.isForOperation : code === 'internal' || facts.isReuse === true;
  return isAsked || !call.isStranger || mayLogStranger(log, call);
}

/** The fields of a line, in their order. What is undefined is left out. */
const FIELDS: Readonly<Record<string, (call: CallRecord) => string | number | true | undefined>> = {
  requestId: ({ requestId }) => requestId,
  traceId: ({ trace }) => trace?.traceId,
  door: ({ door }) => door,
  method: ({ method }) => method,
  event: ({ facts }) => facts.event,
  code: ({ code }) => code,
  status: ({ status }) => status,
  tenant: ({ tenantId }) => tenantId,
  client: ({ clientId }) => (clientId === '' ? undefined : clientId),
  operator: ({ caller }) => caller?.operator,
  address: ({ address }) => address,
  credential: ({ facts }) => facts.credential,
  kind: ({ facts }) => facts.kind,
  subject: ({ facts }) => facts.subject,
  unknown: ({ facts }) => (facts.subject === undefined ? facts.unknown : undefined),
  token: ({ facts }) => facts.token,
  family: ({ facts }) => facts.family,
  by: ({ facts }) => facts.by,
  byToken: ({ facts }) => facts.byToken,
  targetClient: ({ facts }) => facts.targetClient,
  targetTenant: ({ facts }) => facts.targetTenant,
  tokens: ({ facts }) => facts.tokens,
  active: ({ facts }) => facts.active,
  repeat: ({ facts }) => facts.isRepeat,
  pending: ({ facts }) => facts.isPending,
  reuse: ({ facts }) => facts.isReuse,
  ms: ({ durationMs }) => rounded(durationMs),
  queueMs: (call) => spent(call, 'queue'),
  hashMs: (call) => spent(call, 'hash'),
  storeMs: (call) => spent(call, 'store'),
  turnMs: (call) => spent(call, 'turn'),
  waitMs: (call) => spent(call, 'wait'),
  acknowledged: ({ facts }) => facts.waited?.acknowledged,
  waitedOut: ({ facts }) => facts.waited?.waitedOut,
  unknownWaitedOut: ({ facts }) => facts.waited?.unknownWaitedOut || undefined,
  cause: ({ cause }) => (cause === undefined ? undefined : causesOf(cause)),
};

/** Their names, for the documentation's test. */
export const CALL_FIELDS: readonly string[] = Object.keys(FIELDS);

function fieldsOf(call: CallRecord): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(FIELDS)) {
    fields[name] = read(call);
  }
  return fields;
}

/** Undefined where there was no such phase. */
function spent(call: CallRecord, name: PhaseName): number | undefined {
  return call.phases.some((phase) => phase.name === name) ? rounded(call.spentMs(name)) : undefined;
}

function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}
