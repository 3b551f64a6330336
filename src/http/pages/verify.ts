/** Verifying an address: who is signed in types the code that was sent to it, or has another one sent. */
import type { SymbolonError } from '../../core/errors.ts';
import type { SignedIn } from '../../core/operations/browser-sessions.ts';
import { type AddressPurpose, confirmVerification, startVerification } from '../../core/operations/codes.ts';
import { unproven } from '../../core/rules/addresses.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { formAnswer, formOfNoPage, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH, VERIFY_PATH } from './place.ts';
import type { Page } from './serving.ts';
import { isSignInStep, notSignedIn, runSignInStep, showSignIn } from './sign-in.ts';
import { type Problem, problemOf, type SignInFor, textsOf } from './sign-in-for.ts';
import { nothingToVerifyPage, verifyPage } from './views/verify-page.ts';
import { accountOf } from './words.ts';

const CONFIRM = 'confirm_address';
const SEND = 'send_code';

const PURPOSES: readonly AddressPurpose[] = ['verify_email', 'verify_phone'];

export function verificationPage(base: string): Page {
  return {
    url: base + VERIFY_PATH,
    name: 'pages.verify',
    get: async (request) => {
      const { signedIn } = request;
      return signedIn === undefined || request.query.get('prompt') === 'login'
        ? showSignIn(request, signInFor(request))
        : show(request, signedIn);
    },
    post: runStep,
  };
}

function signInFor({ site }: PageRequest): SignInFor {
  const here = site.base + VERIFY_PATH;
  return { action: here, next: here, client: undefined, username: '', formTarget: undefined };
}

async function runStep(request: PageRequest): Promise<Answer> {
  const { form, signedIn } = request;
  const step = form.get('step');
  if (isSignInStep(step)) {
    return runSignInStep(request, signInFor(request));
  }
  if (step !== CONFIRM && step !== SEND) {
    throw formOfNoPage();
  }
  return signedIn === undefined
    ? showSignIn(request, signInFor(request), notSignedIn(request))
    : act(request, signedIn, step);
}

/** An address that waits, and by which word the page is asked for it. */
interface Waiting {
  readonly purpose: AddressPurpose;
  readonly address: string;
}

function waitingOf({ user }: SignedIn): readonly Waiting[] {
  return PURPOSES.flatMap((purpose) => {
    const address = unproven(user, purpose);
    return address === null ? [] : [{ purpose, address }];
  });
}

/** One at a time: a page has one field for a code. */
function show(request: PageRequest, signedIn: SignedIn, problem?: Problem): Answer {
  const { frame, site, query, form } = request;
  const { verify } = frame.language.texts;
  const waiting = waitingOf(signedIn);
  const asked = form.get('purpose') ?? query.get('of');
  const now = waiting.find(({ purpose }) => purpose === asked) ?? waiting[0];
  const account = accountOf(signedIn.user, `${site.base}${VERIFY_PATH}?prompt=login`);
  const home = site.base + ACCOUNT_PATH;
  const done = form.get('step') === undefined ? doneOf(query.get('done'), verify) : undefined;
  if (now === undefined) {
    return formAnswer(request, frame, nothingToVerifyPage(frame, { done, problem: problem?.text, account, home }), {
      status: problem?.status ?? 200,
    });
  }
  const other = waiting.find(({ purpose }) => purpose !== now.purpose);
  const page = verifyPage(frame, {
    ...now,
    confirm: ownForm(request, formOf(request, signedIn, CONFIRM, now)),
    send: ownForm(request, formOf(request, signedIn, SEND, now)),
    other: other && { address: other.address, path: `${site.base}${VERIFY_PATH}?of=${other.purpose}` },
    ...{ done, account, home },
    problem: problem?.text,
  });
  return formAnswer(request, frame, page, { status: problem?.status ?? 200, headers: problem?.headers ?? {} });
}

function doneOf(word: string | undefined, texts: { readonly verified: string; readonly sent: string }) {
  return word === 'verified' || word === 'sent' ? texts[word] : undefined;
}

/** Of the address that the form showed: one that was changed since is another's form. */
function formOf({ site }: PageRequest, { user }: SignedIn, step: string, { purpose, address }: Waiting): OwnForm {
  return { action: site.base + VERIFY_PATH, step, about: [user.subjectId, purpose, address] };
}

async function act(request: PageRequest, signedIn: SignedIn, step: string): Promise<Answer> {
  const { services, form, site } = request;
  const { user, call } = signedIn;
  const now = waitingOf(signedIn).find(({ purpose }) => purpose === form.get('purpose'));
  if (now === undefined) {
    // It was verified, or taken back, since the form was shown.
    return show(request, signedIn, { text: textsOf(request).verify.changed, status: 400, headers: {} });
  }
  requireOwnForm(request, formOf(request, signedIn, step, now));
  const ref = { by: 'user_id', userId: user.subjectId } as const;
  const here = `${site.base}${VERIFY_PATH}`;
  try {
    if (step === SEND) {
      await startVerification(services, call, ref, now.purpose);
      return seeOther(`${here}?of=${now.purpose}&done=sent`);
    }
    await confirmVerification(services, call, ref, now.purpose, form.get('code') ?? '');
    return seeOther(`${here}?done=verified`);
  } catch (error) {
    return show(
      request,
      signedIn,
      problemOf(request, error, (each) => toldOf(request, each)),
    );
  }
}

function toldOf(request: PageRequest, { code }: SymbolonError) {
  const { verify } = textsOf(request);
  switch (code) {
    case 'invalid_code':
    case 'invalid_credentials':
    case 'invalid_argument':
      return { text: verify.wrong };
    case 'code_expired':
      return { text: verify.expired };
    case 'too_many_codes':
      return { text: verify.tooMany, status: 429 };
    case 'already_exists':
      return { text: verify.taken };
    case 'precondition_failed':
      return { text: verify.changed };
    default:
      return undefined;
  }
}
