import type { Waited } from '../call-notes.ts';
import type { Services } from '../services/services.ts';
import { type Call, isStranger } from './authenticate.ts';

/**
 * Ends tokens, and waits until no verifier answers from memory as if it had not: for the revision that `end` answers, which holds what it
 * ended, or what was ended before. Every door that ends tokens waits here.
 */
export async function endAndAwait<Answer extends { readonly revision: number }>(
  services: Services,
  call: Call,
  end: (call: Call) => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly waited: Waited }> {
  // Before anything ends: who is refused may come again.
  const leave = await services.waits.enter(call.caller.tenantId, isStranger(call.caller));
  try {
    let { tenantId } = call.caller;
    const answer = await end({
      ...call,
      onCommand: (id) => {
        tenantId = id;
      },
    });
    const over = call.notes?.phase('wait', 'verifiers');
    try {
      const waited = await services.verifiers.awaitRevision(tenantId, answer.revision, call.deadline);
      call.notes?.note({ waited });
      return { answer, waited };
    } finally {
      over?.();
    }
  } finally {
    leave();
  }
}
