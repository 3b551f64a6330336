/** A forgotten password: a code is sent to a verified address, and who has it chooses a new password, in any browser. */

import { requestPasswordResetQuietly } from '../../calls/quiet-resets.ts';
import type { SymbolonError } from '../../core/errors.ts';
import { completePasswordReset } from '../../core/operations/codes.ts';
import { MIN_PASSWORD } from '../../core/text/passwords.ts';
import { MAX_USERNAME, parseUsername } from '../../core/text/usernames.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import {
  frameFor,
  type Problem,
  problemOf,
  type SignInFor,
  signInAnswer,
  signInPath,
  textsOf,
  waitOf,
  wayPath,
} from './sign-in-for.ts';
import { requestResetPage, resetPage } from './views/forgotten-page.ts';

export const REQUEST_RESET = 'request_reset';
export const RESET_PASSWORD = 'reset_password';

export function showRequestReset(request: PageRequest, wanted: SignInFor, problem?: Problem): Answer {
  const { action } = wanted;
  const frame = frameFor(request, wanted);
  const page = requestResetPage(frame, {
    form: ownForm(request, requestForm(wanted)),
    username: request.query.get('username')?.slice(0, MAX_USERNAME) ?? wanted.username,
    problem: problem?.text,
    haveCode: wayPath(action, 'reset'),
    signIn: signInPath(wanted),
  });
  return signInAnswer(request, wanted, frame, page, problem);
}

/** Whether there is such a user is told to nobody: the next page is the same, and comes no sooner. */
export async function runRequestReset(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const { services, call, form } = request;
  requireOwnForm(request, requestForm(wanted));
  const username = form.get('username') ?? '';
  if (username.trim() === '' || username.length > MAX_USERNAME) {
    const text = textsOf(request).forgotten.missing;
    return showRequestReset(request, wanted, { text, status: 400, headers: {} });
  }
  await requestPasswordResetQuietly(services, call, refOf(username), channelOf(username));
  return seeOther(wayPath(wanted.action, 'reset', username));
}

/** A new password for the name of the address, or for one that is typed here. */
export function showReset(request: PageRequest, wanted: SignInFor, problem?: Problem): Answer {
  const frame = frameFor(request, wanted);
  const sentTo = request.query.get('username')?.slice(0, MAX_USERNAME) ?? '';
  const page = resetPage(frame, {
    form: ownForm(request, resetForm(wanted, sentTo)),
    sentTo,
    typed: request.form.get('username') ?? '',
    code: request.form.get('code') ?? '',
    leastPassword: MIN_PASSWORD,
    problem,
    again: wayPath(wanted.action, 'forgotten', sentTo),
    signIn: signInPath(wanted),
  });
  return signInAnswer(request, wanted, frame, page, problem);
}

/** It ends every login of the user. That of this browser may be another's, and goes on. */
export async function runReset(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const { services, call, form, query } = request;
  const sentTo = query.get('username')?.slice(0, MAX_USERNAME) ?? '';
  requireOwnForm(request, resetForm(wanted, sentTo));
  const username = form.get('username') ?? '';
  const { forgotten } = textsOf(request);
  if (username.trim() === '' || username.length > MAX_USERNAME) {
    return showReset(request, wanted, { text: forgotten.missing, field: 'username', status: 400, headers: {} });
  }
  try {
    const [code, password] = [form.get('code') ?? '', form.get('password') ?? ''];
    await completePasswordReset(services, call, refOf(username), code, password);
  } catch (error) {
    return showReset(
      request,
      wanted,
      problemOf(request, error, (each) => toldOf(request, each)),
    );
  }
  return seeOther(wayPath(signInPath(wanted), 'changed'));
}

function requestForm({ action }: SignInFor) {
  return { action: wayPath(action, 'forgotten'), step: REQUEST_RESET, about: [] };
}

function resetForm({ action }: SignInFor, sentTo: string) {
  return { action: wayPath(action, 'reset', sentTo), step: RESET_PASSWORD, about: [sentTo] };
}

type NamedUser = Parameters<typeof completePasswordReset>[2];

/** What can be nobody's name is asked for all the same, so that it takes as long. */
function refOf(username: string): NamedUser {
  const handle = parseUsername(username);
  switch (handle?.kind) {
    case 'email':
      return { by: 'email', email: handle.key };
    case 'phone':
      return { by: 'phone', phone: handle.key };
    default:
      return { by: 'login_name', loginName: handle?.key ?? username };
  }
}

/** A code goes to the address that was typed; of a name, to whichever its user has verified. */
function channelOf(username: string): 'email' | 'sms' | 'any' {
  switch (parseUsername(username)?.kind) {
    case 'email':
      return 'email';
    case 'phone':
      return 'sms';
    default:
      return 'any';
  }
}

function toldOf(request: PageRequest, { code, about, retryAfterMs }: SymbolonError) {
  const { forgotten, newPassword } = textsOf(request);
  switch (code) {
    case 'invalid_code':
    case 'invalid_credentials':
      return { field: 'code', text: forgotten.codeWrong };
    case 'code_expired':
      return { field: 'code', text: forgotten.codeExpired };
    case 'login_locked':
    case 'too_many_failed_logins':
      return { field: 'code', text: waitOf(textsOf(request), retryAfterMs), status: 429 };
    case 'invalid_argument':
      return about?.field === 'password'
        ? { field: 'password', text: newPassword.wrong(MIN_PASSWORD) }
        : { field: 'code', text: forgotten.codeWrong };
    default:
      return undefined;
  }
}
