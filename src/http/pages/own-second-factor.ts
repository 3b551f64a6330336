/** Turning one's own second factor on and off. */

import { SymbolonError } from '../../core/errors.ts';
import {
  confirmTotp,
  type Enrollment,
  enrollTotp,
  pendingTotp,
  removeTotp,
} from '../../core/operations/second-factors.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, accountFrame, formFor, requireStep, type SectionPage } from './account-page.ts';
import { seeOther } from './answers.ts';
import { clearCookie, enrollingCookie, readCookie, setCookie } from './cookies.ts';
import { checkFormToken, type FormBinding, formToken } from './form-tokens.ts';
import { formAnswer } from './own-forms.ts';
import { factorOf, generalProblem, type Mistake, missingOf, mistakeOf, proofView } from './own-proofs.ts';
import { accountLayout } from './views/account-layout.ts';
import { factorOffPage, factorOnPage, factorSetupPage, recoveryCodesPage } from './views/own-second-factor-page.ts';

const ENROLL = 'enroll_factor';
const CONFIRM = 'confirm_factor';
const ABANDON = 'abandon_factor';
const REMOVE = 'remove_factor';

export const SECOND_FACTOR: SectionPage = {
  section: '/second-factor',
  show: showFactor,
  steps: { [ENROLL]: enroll, [CONFIRM]: confirm, [ABANDON]: abandon, [REMOVE]: remove },
};

/** On; or off, with what is being set up where this browser proved the password for it. */
async function showFactor(asking: Asking, mistake?: Mistake): Promise<Answer> {
  const { signedIn } = asking;
  const pending = signedIn.user.mfaEnabled ? undefined : await pendingOf(asking);
  return pending === undefined ? showState(asking, mistake) : showSetup(asking, pending, mistake);
}

function showState(asking: Asking, mistake?: Mistake): Answer {
  const { request, signedIn } = asking;
  const { frame } = request;
  const { mfaEnabled } = signedIn.user;
  const view = {
    form: formFor(asking, mfaEnabled ? REMOVE : ENROLL),
    proof: proofView(asking, mistake, false),
    problem: generalProblem(mistake),
  };
  const body = mfaEnabled ? factorOnPage(frame, view) : factorOffPage(frame, view);
  return accountAnswer(asking, frame.language.texts.factor.title, body, mistake?.status);
}

function showSetup(asking: Asking, { secret, uri }: Enrollment, mistake?: Mistake): Answer {
  const { frame } = asking.request;
  const body = factorSetupPage(frame, {
    form: formFor(asking, CONFIRM),
    abandonForm: formFor(asking, ABANDON),
    secret,
    uri,
    problem: generalProblem(mistake),
    codeProblem: mistake?.field === 'code' ? mistake.text : undefined,
  });
  return accountAnswer(asking, frame.language.texts.factor.setUpTitle, body, mistake?.status);
}

async function enroll(asking: Asking): Promise<Answer> {
  requireStep(asking, ENROLL);
  const { request, signedIn, path } = asking;
  const missing = missingOf(asking, false);
  if (missing !== undefined) {
    return showState(asking, missing);
  }
  try {
    const { services, site, form } = request;
    const { secret } = await enrollTotp(services, signedIn.call, selfOf(asking), form.get('password') ?? '');
    const proven = formToken(services, provenBy(asking, secret));
    return seeOther(path, setCookie(site, enrollingCookie(site), proven));
  } catch (error) {
    return isUnmet(error) ? seeOther(path) : showState(asking, mistakeOf(asking, error));
  }
}

async function confirm(asking: Asking): Promise<Answer> {
  requireStep(asking, CONFIRM);
  const { request, signedIn } = asking;
  const { services, site, form, frame } = request;
  const { factor: texts } = frame.language.texts;
  const pending = signedIn.user.mfaEnabled ? undefined : await pendingOf(asking);
  if (pending === undefined) {
    // Sent twice, from another tab, or too late.
    return showState(asking, { text: signedIn.user.mfaEnabled ? texts.isOn : texts.beginAgain, status: 400 });
  }
  try {
    const codes = await confirmTotp(services, signedIn.call, selfOf(asking), form.get('code') ?? '');
    const body = recoveryCodesPage(frame, { codes, next: `${asking.path}?done=factorOn` });
    const page = accountLayout(accountFrame(asking), asking.section, texts.codesTitle, body);
    return formAnswer(request, frame, page, { headers: clearCookie(site, enrollingCookie(site)) });
  } catch (error) {
    const told = ({ code }: SymbolonError) =>
      code === 'invalid_code' || code === 'invalid_argument' ? { text: texts.codeWrong, field: 'code' } : undefined;
    return showSetup(asking, pending, mistakeOf(asking, error, told));
  }
}

async function abandon(asking: Asking): Promise<Answer> {
  requireStep(asking, ABANDON);
  const { request, signedIn, path } = asking;
  const { services, site } = request;
  if (!signedIn.user.mfaEnabled) {
    await removeTotp(services, signedIn.call, selfOf(asking), undefined).catch((error: unknown) => {
      if (!isUnmet(error)) {
        throw error;
      }
    });
  }
  return seeOther(path, clearCookie(site, enrollingCookie(site)));
}

async function remove(asking: Asking): Promise<Answer> {
  requireStep(asking, REMOVE);
  const { request, signedIn, path } = asking;
  if (!signedIn.user.mfaEnabled) {
    return seeOther(path);
  }
  const { services, form, frame } = request;
  const factor = factorOf(form);
  if (factor === undefined) {
    return showState(asking, { text: frame.language.texts.proof.codeMissing, field: 'code', status: 400 });
  }
  try {
    await removeTotp(services, signedIn.call, selfOf(asking), factor);
    return seeOther(`${path}?done=factorOff`);
  } catch (error) {
    return isUnmet(error) ? seeOther(path) : showState(asking, mistakeOf(asking, error));
  }
}

/**
 * What waits for its first code, for the browser that proved the password for this very secret, and not for long: the secret is in no
 * address and no cookie, and who holds nothing but the cookie of the login does not see it.
 */
async function pendingOf(asking: Asking): Promise<Enrollment | undefined> {
  const { request, signedIn } = asking;
  const { services, site, headers } = request;
  const proven = readCookie(headers, enrollingCookie(site));
  const pending = proven === undefined ? undefined : await pendingTotp(services, signedIn.call, selfOf(asking));
  return pending !== undefined && checkFormToken(services, provenBy(asking, pending.secret), proven ?? '') === 'ok'
    ? pending
    : undefined;
}

function provenBy({ request, signedIn }: Asking, secret: string): FormBinding {
  const { site, browser } = request;
  return { tenantId: site.tenantId, browser: browser.id, about: ['enrolling', signedIn.user.subjectId, secret] };
}

function selfOf({ signedIn }: Asking) {
  return { by: 'user_id', userId: signedIn.user.subjectId } as const;
}

/** It is on or off already: another tab was faster. */
function isUnmet(error: unknown): boolean {
  return error instanceof SymbolonError && error.code === 'precondition_failed';
}
