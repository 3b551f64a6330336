/** What a check must have answered. */
import type { Checked } from '../driver.ts';
import { type Said, said } from './world.ts';

export interface Outcome {
  readonly says: Said;
  /** Of an error: a status, or one of these. */
  readonly code?: string | readonly string[];
  readonly reason?: string;
  readonly retryable?: boolean;
  /** Must be in the message of an error, as a pattern. */
  readonly message?: string;
  /** Of the caller. */
  readonly caller?: Readonly<Record<string, unknown>>;
}

/** What every caller has. */
const CALLER = ['kind', 'subject_id', 'client_id', 'tenant_id', 'token_id', 'family_id'] as const;

/** @throws with the answer, where it is another one */
export function expectAnswer(answer: Checked, { says, code, reason, retryable, message, caller }: Outcome): void {
  const fail = (what: string) => {
    throw new Error(`${what}: ${JSON.stringify(answer)}`);
  };
  if (said(answer) !== says) {
    fail(`a check must say ${says}`);
  }
  const { error } = answer;
  if (code !== undefined && !([] as string[]).concat(code as string).includes(error?.code ?? '')) {
    fail(`the code must be ${code}`);
  }
  if (reason !== undefined && error?.reason !== reason) {
    fail(`the reason must be "${reason}"`);
  }
  if (retryable !== undefined && error?.retryable !== retryable) {
    fail(`retryable must be ${retryable}`);
  }
  if (message !== undefined && !new RegExp(message, 'i').test(error?.message ?? '')) {
    fail(`the message must tell ${message}`);
  }
  if (says === 'active') {
    const empty = CALLER.filter((name) => typeof answer.caller?.[name] !== 'string' || answer.caller[name] === '');
    if (empty.length > 0 || !Array.isArray(answer.caller?.scopes)) {
      fail(`the caller lacks ${[...empty, 'or scopes']}`);
    }
  }
  for (const [name, value] of Object.entries(caller ?? {})) {
    if (JSON.stringify(answer.caller?.[name]) !== JSON.stringify(value)) {
      fail(`${name} of the caller must be ${JSON.stringify(value)}`);
    }
  }
}
