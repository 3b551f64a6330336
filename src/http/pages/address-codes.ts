/** Proving an address by the code that was sent to it, or leaving it as it was. */
import type { SymbolonError } from '../../core/errors.ts';
import { confirmVerification, startVerification } from '../../core/operations/codes.ts';
import { updateUser } from '../../core/operations/users.ts';
import type { Answer } from '../answer.ts';
import {
  type Asking,
  accountAnswer,
  type Done,
  doneAnswer,
  formFor,
  requireStep,
  type SectionPage,
} from './account-page.ts';
import { nameIn, selfOf, showAll, updateOf } from './address-forms.ts';
import { isAddress, PURPOSES, provenOf, waitingOf } from './address-names.ts';
import { seeOther } from './answers.ts';
import { generalProblem, type Mistake, mistakeOf } from './own-proofs.ts';
import { verifyPage } from './views/verify-address-page.ts';

const VERIFY = 'verify_address';
const SEND = 'send_code';
const KEEP = 'keep_address';

export const CODE_STEPS: SectionPage['steps'] = { [VERIFY]: verify, [SEND]: sendAgain, [KEEP]: keep };

export function showVerify(asking: Asking, name: 'email' | 'phone', mistake?: Mistake): Answer {
  const { request, signedIn, path } = asking;
  const address = waitingOf(signedIn.user, name);
  if (address === null) {
    // Proven or taken back in another tab.
    return showAll(asking, mistake);
  }
  const proven = provenOf(signedIn.user, name);
  const { frame } = request;
  const body = verifyPage(frame, {
    form: formFor(asking, VERIFY, [name, address]),
    sendForm: formFor(asking, SEND, [name, address]),
    keepForm: proven === null ? undefined : formFor(asking, KEEP, [name, address]),
    name,
    address,
    proven: proven ?? '',
    problem: generalProblem(mistake),
    codeProblem: mistake?.field === 'code' ? mistake.text : undefined,
    back: path,
  });
  return accountAnswer(asking, frame.language.texts.addresses.verifyTitle, body, mistake?.status);
}

async function verify(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  return atAddress(asking, VERIFY, async (name) => {
    await confirmVerification(services, asking.signedIn.call, selfOf(asking), PURPOSES[name], form.get('code') ?? '');
    return doneAnswer(asking, 'addressVerified');
  });
}

async function sendAgain(asking: Asking): Promise<Answer> {
  return atAddress(asking, SEND, async (name) => {
    await startVerification(asking.request.services, asking.signedIn.call, selfOf(asking), PURPOSES[name]);
    const done: Done = 'codeSent';
    return seeOther(`${asking.path}?verify=${name}&done=${done}`);
  });
}

/** Takes a change back before it was proven. */
async function keep(asking: Asking): Promise<Answer> {
  return atAddress(asking, KEEP, async (name) => {
    const proven = provenOf(asking.signedIn.user, name);
    if (proven !== null) {
      await updateUser(asking.request.services, asking.signedIn.call, selfOf(asking), updateOf(name, proven));
    }
    return doneAnswer(asking, 'addressKept');
  });
}

/** What a form does to the address that waits. One that waits no more, or is another one by now, is told. */
async function atAddress(
  asking: Asking,
  step: string,
  act: (name: 'email' | 'phone') => Promise<Answer>,
): Promise<Answer> {
  const { request, signedIn } = asking;
  const { addresses } = request.frame.language.texts;
  const name = nameIn(asking);
  const address = request.form.get('address') ?? '';
  requireStep(asking, step, [name, address]);
  if (!isAddress(name) || waitingOf(signedIn.user, name) !== address) {
    return showAll(asking, { text: addresses.changedMeanwhile, status: 400 });
  }
  try {
    return await act(name);
  } catch (error) {
    return showVerify(
      asking,
      name,
      mistakeOf(asking, error, (refused) => codeRefusalOf(asking, refused)),
    );
  }
}

function codeRefusalOf(
  { request }: Asking,
  { code, retryAfterMs = 0 }: SymbolonError,
): Omit<Mistake, 'status'> | undefined {
  const { addresses } = request.frame.language.texts;
  switch (code) {
    case 'invalid_code':
    case 'invalid_argument':
      return { text: addresses.codeWrong, field: 'code' };
    case 'code_expired':
      return { text: addresses.codeExpired, field: 'code' };
    case 'too_many_codes':
      return { text: addresses.tooManyCodes(Math.max(1, Math.ceil(retryAfterMs / MINUTE_MS))) };
    case 'already_exists':
      return { text: addresses.taken };
    case 'precondition_failed':
      return { text: addresses.changedMeanwhile };
    default:
      return undefined;
  }
}

const MINUTE_MS = 60_000;
