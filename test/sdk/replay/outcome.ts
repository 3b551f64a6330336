/** What a check must have answered. */
import type { Answer, Checked } from '../driver.ts';
import { difference } from './values.ts';
import { type Said, said } from './world.ts';

export interface Outcome {
  readonly says: Said;
  /** Of an error: a status, or one of these. */
  readonly code?: string | readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly retry_after_ms?: number | undefined;
  /** Must be in the message of an error, as a pattern. */
  readonly message?: string | undefined;
  /** Of the caller. */
  readonly caller?: Readonly<Record<string, unknown>>;
}

/** What every caller has. */
const CALLER = ['kind', 'subject_id', 'client_id', 'tenant_id', 'token_id', 'family_id'] as const;

/** @throws with the answer, where it is another one */
export function expectAnswer(answer: Checked, { says, caller, ...failing }: Outcome): void {
  if (said(answer) !== says) {
    fail(`a check must say ${says}`, answer);
  }
  if (says === 'active') {
    expectCaller(answer, caller ?? {});
  } else if (says === 'error') {
    expectError(answer, failing);
  }
}

function expectCaller(answer: Checked, expected: Readonly<Record<string, unknown>>): void {
  const { caller = {} } = answer;
  const empty = CALLER.filter((name) => typeof caller[name] !== 'string' || caller[name] === '');
  if (empty.length > 0 || !Array.isArray(caller.scopes)) {
    fail(`the caller must have ${[...empty, 'scopes']}`, answer);
  }
  for (const [name, value] of Object.entries(expected)) {
    const differs = difference(value, caller[name], name);
    if (differs !== undefined) {
      fail(`the caller is another one: ${differs}`, answer);
    }
  }
}

/** @throws with the answer, where it is not this error */
export function expectError(
  answer: Answer,
  { code, reason, retryable, retry_after_ms, message }: Omit<Outcome, 'says'>,
): void {
  const { error } = answer;
  if (error === undefined || typeof error.retryable !== 'boolean' || !/^[A-Z_]+$/.test(error.code)) {
    fail('the answer must be an error with code and retryable', answer);
    return;
  }
  if (code !== undefined && ![code].flat().includes(error.code)) {
    fail(`the code must be ${code}`, answer);
  }
  if (reason !== undefined && error.reason !== reason) {
    fail(`the reason must be "${reason}"`, answer);
  }
  if (retryable !== undefined && error.retryable !== retryable) {
    fail(`retryable must be ${retryable}`, answer);
  }
  if (retry_after_ms !== undefined && error.retry_after_ms !== retry_after_ms) {
    fail(`retry_after_ms must be ${retry_after_ms}`, answer);
  }
  if (message !== undefined && !new RegExp(message, 'i').test(error.message)) {
    fail(`the message must tell ${message}`, answer);
  }
}

function fail(what: string, answer: Answer): void {
  throw new Error(`${what}: ${JSON.stringify(answer)}`);
}
