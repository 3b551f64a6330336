/** What a form asks of somebody who is signed in and changes what matters: the password, and the second factor where that is on. */
import { INVALID_SECOND_FACTOR, SymbolonError } from '../../core/errors.ts';
import type { GivenFactor } from '../../core/operations/prove-second-factor.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { requirePassword } from '../../core/text/passwords.ts';
import type { Asking } from './account-page.ts';
import type { Parameters } from './parameters.ts';
import { waitOf } from './sign-in-for.ts';
import type { ProofField, ProofView } from './views/own-proof-fields.ts';

/** What is wrong, on the page where it can be mended. */
export interface Mistake {
  readonly text: string;
  /** The field that it is about; absent: none. */
  readonly field?: string;
  readonly status: number;
}

/** The form tells what is missing before anything is guessed; `needsFactor`: where it is on. */
export function missingOf({ request, signedIn }: Asking, needsFactor: boolean): Mistake | undefined {
  const { form, frame } = request;
  const { proof } = frame.language.texts;
  const password = form.get('password');
  if (password === undefined) {
    return { text: proof.passwordMissing, field: 'password', status: 400 };
  }
  if (!canBePassword(password)) {
    return { text: proof.passwordWrong, field: 'password', status: 400 };
  }
  return needsFactor && signedIn.user.mfaEnabled && factorOf(form) === undefined
    ? { text: proof.codeMissing, field: 'code', status: 400 }
    : undefined;
}

/** What is too long, or no text, is wrong without a guess. */
function canBePassword(typed: string): boolean {
  try {
    requirePassword(typed);
    return true;
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'invalid_argument') {
      return false;
    }
    throw error;
  }
}

export function factorOf(form: Parameters): GivenFactor | undefined {
  const code = form.get('code');
  const recoveryCode = form.get('recovery_code');
  if (code !== undefined) {
    return { by: 'totp', code };
  }
  return recoveryCode === undefined ? undefined : { by: 'recovery_code', code: recoveryCode };
}

/**
 * What the same page can tell: `told` by the error, that the password or the code was wrong, or that there were too many attempts.
 * Everything else is a page of its own.
 */
export function mistakeOf(
  { request }: Asking,
  error: unknown,
  told: (error: SymbolonError) => Omit<Mistake, 'status'> | undefined = () => undefined,
): Mistake {
  if (!(error instanceof SymbolonError)) {
    throw error;
  }
  const { texts } = request.frame.language;
  const isLocked = LOCKED.has(error.code);
  const text = told(error) ?? (isLocked ? { text: waitOf(texts, error.retryAfterMs) } : wrongOf(error));
  if (text === undefined) {
    throw error;
  }
  request.noteFailure(error.code);
  return { status: isLocked ? 429 : 400, ...text };

  function wrongOf({ code, message }: SymbolonError): Omit<Mistake, 'status'> | undefined {
    if (code !== 'invalid_credentials') {
      return undefined;
    }
    const { proof } = texts;
    return message === INVALID_SECOND_FACTOR.message
      ? { text: proof.codeWrong, field: request.form.get('code') === undefined ? 'recovery_code' : 'code' }
      : { text: proof.passwordWrong, field: 'password' };
  }
}

const LOCKED: ReadonlySet<string> = new Set(['login_locked', 'too_many_failed_logins']);

/** For the fields of a form, which tell it themselves. */
export function proofView({ signedIn }: Asking, mistake: Mistake | undefined, needsFactor: boolean): ProofView {
  return {
    username: usernameOf(signedIn.user),
    asksFactor: needsFactor && signedIn.user.mfaEnabled,
    problem: mistake === undefined ? undefined : { field: (mistake.field ?? '') as ProofField, text: mistake.text },
  };
}

/** What somebody signs in with. */
export function usernameOf({ loginName, email, emailVerified, phone, phoneVerified }: Subject): string {
  return loginName ?? (emailVerified ? email : null) ?? (phoneVerified ? phone : null) ?? email ?? phone ?? '';
}

/** What is told above the form: what no field of it tells. */
export function generalProblem(mistake: Mistake | undefined): string | undefined {
  return mistake?.field === undefined ? mistake?.text : undefined;
}
