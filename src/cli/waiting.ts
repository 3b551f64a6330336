/** `--wait` of the commands that end tokens, and what it came to. */
import { Option } from 'commander';
import type { AwaitedVerifiers, RevocationWait } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { Result } from './terminal/output.ts';

export interface WaitOptions {
  readonly wait?: boolean;
}

/** RevocationWait.VERIFIERS, as ts-proto numbers it. */
const VERIFIERS: RevocationWait = 1;

export function waitOption(): Option {
  return new Option('--wait', 'answer when no verifier can take the tokens for live any more; 1.2 seconds at most');
}

/** Of a request. */
export interface Wait {
  readonly wait?: RevocationWait;
}

export function waitOf({ wait }: WaitOptions): Wait {
  return wait === true ? { wait: VERIFIERS } : {};
}

/** As it is printed. */
export function waitedResult(verifiers: AwaitedVerifiers | undefined): Result {
  if (verifiers === undefined) {
    return {};
  }
  const { acknowledged, waitedOut, unknownWaitedOut, waited } = verifiers;
  return {
    verifiers_acknowledged: acknowledged,
    verifiers_waited_out: waitedOut,
    unknown_waited_out: unknownWaitedOut,
    waited_ms: waited === undefined ? 0 : waited.seconds * 1_000 + waited.nanos / 1_000_000,
  };
}
