/** A registration whose answer was lost, and that comes again with the same request id. */
import type { RegisteredBefore } from '../commands/repeat-registration.ts';
import { SymbolonError } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import { one } from '../plan.ts';
import type { FailureCounter } from '../rules/counters.ts';
import { isKept, isSameRequest, type KeptRequest, OTHER_REQUEST, REQUEST_ENDED } from '../rules/kept-answers.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { FAMILY } from '../tables/families.ts';
import { KEPT_ANSWER } from '../tables/kept-answers.ts';
import type { Password } from '../text/passwords.ts';
import type { Call } from './authenticate.ts';
import { unsealPair } from './kept-answers.ts';
import { withLogin } from './login.ts';
import { issuedTokens } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { perform } from './perform.ts';
import type { Registered } from './registration.ts';

/** A request with its id, and by which right it is made. */
type Asked = Omit<KeptRequest, 'box'> & { readonly requestId: string; readonly permission: Permission };

/**
 * Answers what the same request made before; undefined where nothing is kept of its id. Its password is proven against what was made, by the
 * same door as any login: so guesses are counted, and who knows the request id alone finds out no password.
 */
export async function repeatedRegistration(
  services: Services,
  call: Call,
  asked: Asked,
  password: Password | undefined,
): Promise<Registered | undefined> {
  const { store, clock } = services;
  const { tenantId } = call.caller;
  const { requestDigest, fingerprint, permission } = asked;
  const { kept } = await store.read({ kept: one(KEPT_ANSWER, { requestDigest }) });
  if (!isKept(kept, clock())) {
    return undefined;
  }
  // Before the password: another request is told nothing about it.
  if (!isSameRequest(kept, asked)) {
    throw SymbolonError.of(OTHER_REQUEST);
  }
  const { family } = await store.read({ family: one(FAMILY, { familyId: kept.familyId, tenantId }) });
  const handle = { kind: 'subject_id', key: family?.subjectId ?? '' } as const;
  const subject = await findSubject(store, tenantId, handle);
  if (subject === undefined) {
    throw SymbolonError.of(REQUEST_ENDED);
  }
  const { kind, subjectId } = subject;
  const answer = async (passwordHash: string | null, counters: readonly FailureCounter[]): Promise<Registered> => {
    const repeated = await perform(services, call, permission, {
      kind: 'repeat_registration',
      tenantId,
      clientId: call.caller.clientId,
      subjectId,
      request: { requestDigest, fingerprint },
      passwordHash,
      counters,
    });
    return answered(call, asked.requestId, repeated);
  };
  if (password === undefined) {
    return answer(null, []);
  }
  const guessed = { permission, kind, handle, username: subjectId, password };
  return withLogin(services, call, guessed, ({ proof, counters }) => answer(proof.passwordHash, counters)).catch(
    (error: unknown) => {
      const isWrong = error instanceof SymbolonError && error.code === 'invalid_credentials';
      throw isWrong ? SymbolonError.of(OTHER_REQUEST) : error;
    },
  );
}

function answered(call: Call, requestId: string, { subject, issued, box }: RegisteredBefore): Registered {
  const pair = unsealPair(call, requestId, box);
  if (pair === undefined) {
    throw SymbolonError.of(OTHER_REQUEST);
  }
  noteIssued(call.notes, issued);
  call.notes?.note({ event: 'login', credential: 'registration', isRepeat: true });
  return { subject, tokens: issuedTokens(issued, pair) };
}
