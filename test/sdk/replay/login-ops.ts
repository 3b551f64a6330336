/** What apps ask of their logins: each op of a driver is a step of the same name, with the same fields. ../README.md tells what else it may have. */
import type { Answer } from '../driver.ts';
import type { Logins } from './logins.ts';
import { MAIN } from './logins.ts';
import { expectError, type Outcome } from './outcome.ts';
import { difference, at as valueAt } from './values.ts';
import type { World } from './world.ts';

const OPS = [
  ...['login_open', 'sign_in', 'second_factor', 'sign_up', 'sign_out', 'token', 'refused', 'login_state', 'export'],
  ...['resume', 'resume_token', 'resume_stored', 'account', 'forgot_password', 'complete_reset', 'call', 'login_close'],
  ...['sign_in_code', 'code_url', 'code_begin', 'code_complete', 'sign_in_device_code', 'device_code_shown'],
] as const;

/** Longer than what an SDK has by itself: a machine that stands still for a moment is no finding. */
const TIMEOUT_MS = 30_000;

type Failing = Omit<Outcome, 'says' | 'caller'> & {
  /** Whether it says how long to wait. */
  readonly tells_when?: boolean;
  /** Of a name that is taken. */
  readonly field?: string;
};

export interface OpStep {
  /** In which process. */
  readonly in?: string;
  /** What must be in the answer, as `difference` compares. */
  readonly says?: unknown;
  /** The error that it must be, in place of an answer; of `token` and `call`, what they failed with. */
  readonly fails?: Failing;
  /** Names of values, and where in the answer each is. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Asks again until it is as it must be. */
  readonly until?: boolean;
  /** Is not waited for: the step `finish` names it. */
  readonly begin?: string;
  /** Of `login_open`: a client that has a secret. */
  readonly as_service?: boolean;
  /** Of `login_open`: whose certificate is trusted. */
  readonly over_tls?: 'own' | 'foreign';
  readonly store?: string;
  readonly [field: string]: unknown;
}

export function loginsOf({ logins }: World): Logins {
  if (logins === undefined) {
    throw new Error('no step made the tenant');
  }
  return logins;
}

export const LOGIN_OPS = Object.fromEntries(
  OPS.map((op) => [op, (world: World, step: OpStep) => play(world, op, step)]),
) as Readonly<Record<(typeof OPS)[number], (world: World, step: OpStep) => Promise<void>>>;

async function play(world: World, op: string, { begin, ...step }: OpStep): Promise<void> {
  // Who tells of events may do it a moment later.
  let id: number | undefined;
  const told = (each: number) => {
    id = each;
  };
  const played = step.until === true || op === 'login_state' ? untilSo(world, op, step) : once(world, op, step, told);
  if (begin === undefined) {
    await played;
    return;
  }
  // Who finishes it is told. A scenario that failed before has said why.
  played.catch(() => undefined);
  loginsOf(world).begun.set(begin, { played, id });
}

async function untilSo(world: World, op: string, step: OpStep): Promise<void> {
  await world.until(`${op} to be so`, async () => {
    try {
      await once(world, op, step);
      return true;
    } catch (error) {
      return (error as Error).message;
    }
  });
}

/** `told`: of the id of the request. */
async function once(world: World, op: string, step: OpStep, told?: (id: number) => void): Promise<void> {
  const logins = loginsOf(world);
  const { in: process = MAIN, says, fails, keep = {}, until: _, ...rest } = step;
  const answer = await logins.ask(process, op, fieldsOf(world, op, rest), told);
  const error = answer.error ?? (valueAt(answer, 'failed_with') as Answer['error']);
  if (fails === undefined && error !== undefined) {
    throw new Error(`${op} must not fail: ${JSON.stringify(answer)}`);
  }
  if (fails !== undefined) {
    requireFailure({ ...answer, ...(error === undefined ? {} : { error }) }, fails);
  }
  const differs = says === undefined ? undefined : difference(logins.values.filled(says), seen(op, answer));
  if (differs !== undefined) {
    throw new Error(`${differs}: ${JSON.stringify(answer)}`);
  }
  for (const [name, path] of Object.entries(keep)) {
    logins.values.set(name, valueAt(answer, path));
  }
}

function requireFailure(answer: Answer, { tells_when, field, ...failing }: Failing): void {
  expectError(answer, failing);
  if (field !== undefined && answer.error?.field !== field) {
    throw new Error(`the field must be ${field}: ${JSON.stringify(answer)}`);
  }
  const delayMs = answer.error?.retry_after_ms ?? 0;
  if (tells_when !== undefined && tells_when !== delayMs > 0) {
    throw new Error(`retry_after_ms must be ${tells_when ? 'there' : 'absent'}: ${JSON.stringify(answer)}`);
  }
}

function fieldsOf(world: World, op: string, { as_service, over_tls, store, ...fields }: OpStep): object {
  const logins = loginsOf(world);
  const filled = logins.values.filled(fields);
  if (op !== 'login_open') {
    return filled;
  }
  const { id, service } = logins.tenant;
  return {
    ...connectionOf(world, over_tls),
    timeout_ms: TIMEOUT_MS,
    ...(as_service === true ? { client_id: service.id, client_secret: service.secret } : { client_id: id }),
    ...(store === undefined ? {} : { store: logins.storePath(store) }),
    ...filled,
  };
}

/** Behind the gate; over TLS behind the line, which does not look into it. */
function connectionOf({ real, line, logins }: World, overTls: OpStep['over_tls']): object {
  return overTls === undefined
    ? { address: `127.0.0.1:${logins?.gate.port}` }
    : { address: `127.0.0.1:${line.port}`, root_certificates: real.certificates?.[overTls] };
}

/** Events as scenarios write them: `signed_out: expired`. */
function seen(op: string, answer: Answer): unknown {
  if (op !== 'login_state') {
    return answer;
  }
  const events = (answer.events ?? []) as readonly { readonly event: string; readonly reason?: string }[];
  return {
    ...answer,
    events: events.map(({ event, reason }) => (reason === undefined ? event : `${event}: ${reason}`)),
  };
}
