/** What the answer of a method that ends tokens waits for. */
import { type AwaitedVerifiers, RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import type { Waited } from '../../core/call-notes.ts';
import { SymbolonError } from '../../core/errors.ts';
import { toDuration } from './time.ts';

/** Whether it waits for verifiers. What is newer than this contract is refused: nobody may believe that it was waited for. */
export function parseWait(wait: RevocationWait): boolean {
  if (wait !== RevocationWait.UNSPECIFIED && wait !== RevocationWait.VERIFIERS) {
    throw new SymbolonError('invalid_argument', 'wait must be a RevocationWait, and nothing was ended');
  }
  return wait === RevocationWait.VERIFIERS;
}

export function toAwaitedMessage({ acknowledged, waitedOut, unknownWaitedOut, waitedMs }: Waited): AwaitedVerifiers {
  return { acknowledged, waitedOut, unknownWaitedOut, waited: toDuration(Math.round(waitedMs)) };
}
