/** What the answer of a method that ends tokens waits for. */
import { RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../core/errors.ts';

/** Refuses every wait, before anything is done: nobody may believe that it was waited for. */
export function requireNoWait(wait: RevocationWait): void {
  if (wait === RevocationWait.UNSPECIFIED) {
    return;
  }
  if (wait === RevocationWait.VERIFIERS) {
    throw new SymbolonError(
      'precondition_failed',
      'wait: this server can not wait for verifiers yet, and nothing was ended. Leave wait out',
    );
  }
  throw new SymbolonError('invalid_argument', 'wait must be a RevocationWait');
}
