/** What somebody is called and signs in with: the names and addresses of the account. */
import type { SymbolonError } from '../../core/errors.ts';
import { updateUser } from '../../core/operations/users.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, doneAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { CODE_STEPS, showVerify } from './address-codes.ts';
import { nameIn, selfOf, showAll, updateOf } from './address-forms.ts';
import { currentOf, isAddress, isName, type Name, provenOf, waitingOf } from './address-names.ts';
import { seeOther } from './answers.ts';
import { generalProblem, type Mistake, missingOf, mistakeOf, proofView } from './own-proofs.ts';
import { changePage } from './views/change-address-page.ts';

const SAVE = 'save_name';

export const ADDRESSES: SectionPage = {
  section: '/addresses',
  show,
  steps: { ...CODE_STEPS, [SAVE]: save },
};

async function show(asking: Asking): Promise<Answer> {
  const { query } = asking.request;
  const [change, toVerify] = [query.get('change'), query.get('verify')];
  if (isName(change)) {
    return showChange(asking, change, currentOf(asking.signedIn.user, change) ?? '');
  }
  return isAddress(toVerify) ? showVerify(asking, toVerify) : showAll(asking);
}

function showChange(asking: Asking, name: Name, typed: string, mistake?: Mistake): Answer {
  const { request, signedIn, path } = asking;
  const { frame } = request;
  const { addresses } = frame.language.texts;
  const isNew = currentOf(signedIn.user, name) === null;
  const body = changePage(frame, {
    form: formFor(asking, SAVE, [name]),
    name,
    value: typed,
    proof: name === 'display_name' ? undefined : proofView(asking, mistake, false),
    problem: generalProblem(mistake),
    valueProblem: mistake?.field === 'value' ? mistake.text : undefined,
    mayRemove: mayRemove(signedIn.user, name),
    isKeptUntilProven: provenOf(signedIn.user, name) !== null,
    back: path,
  });
  return accountAnswer(asking, addresses[isNew ? 'add' : 'change'][name], body, mistake?.status);
}

/** Who has no other name left could not sign in any more. */
function mayRemove(user: Subject, name: Name): boolean {
  const others = (['login_name', 'email', 'phone'] as const).filter((each) => each !== name);
  const isLeft = others.some((each) => (isAddress(each) ? provenOf(user, each) : currentOf(user, each)) !== null);
  return name !== 'display_name' && currentOf(user, name) !== null && isLeft;
}

async function save(asking: Asking): Promise<Answer> {
  const { request, signedIn, path } = asking;
  const { services, form } = request;
  const name = nameIn(asking);
  requireStep(asking, SAVE, [name]);
  const typed = form.get('value') ?? '';
  const isRemoval = form.get('remove') !== undefined;
  const mistake = mistakeIn(asking, name, isRemoval);
  if (mistake !== undefined) {
    return showChange(asking, name, typed, mistake);
  }
  try {
    const proof = name === 'display_name' ? undefined : { password: form.get('password') ?? '' };
    const user = await updateUser(
      services,
      signedIn.call,
      selfOf(asking),
      updateOf(name, isRemoval ? null : typed),
      proof,
    );
    const waits = isAddress(name) && !isRemoval && waitingOf(user, name) !== null;
    return waits
      ? seeOther(`${path}?verify=${name}&done=codeSent`)
      : doneAnswer(asking, isRemoval ? 'addressRemoved' : 'addressSaved');
  } catch (error) {
    return showChange(
      asking,
      name,
      typed,
      mistakeOf(asking, error, (refused) => refusalOf(asking, name, refused)),
    );
  }
}

function mistakeIn(asking: Asking, name: Name, isRemoval: boolean): Mistake | undefined {
  const { request, signedIn } = asking;
  const { addresses } = request.frame.language.texts;
  if (isRemoval && !mayRemove(signedIn.user, name)) {
    return { text: addresses.lastName, status: 400 };
  }
  if (!isRemoval && name !== 'display_name' && request.form.get('value') === undefined) {
    return { text: addresses.wrong[name], field: 'value', status: 400 };
  }
  return name === 'display_name' ? undefined : missingOf(asking, false);
}

function refusalOf({ request }: Asking, name: Name, { code }: SymbolonError): Omit<Mistake, 'status'> | undefined {
  const { addresses } = request.frame.language.texts;
  switch (code) {
    case 'invalid_argument':
      return { text: addresses.wrong[name], field: 'value' };
    case 'already_exists':
      return { text: addresses.taken, field: 'value' };
    case 'precondition_failed':
      return { text: addresses.changedMeanwhile };
    default:
      return undefined;
  }
}
