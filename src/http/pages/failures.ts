/** Failures as pages. What is shown is whole sentences of ours: nothing that was sent is in them. */
import type { Answer } from '../answer.ts';
import type { FailedRequest } from '../dialect.ts';
import type { Failure } from '../failure.ts';
import { pageAnswer } from './answers.ts';
import { frameOfFailed } from './frame.ts';
import { PageError, type Told } from './page-error.ts';
import type { Texts } from './texts/en.ts';
import { errorPage } from './views/error-page.ts';

export function pageFailure({ status, code, headers }: Failure, thrown: unknown, request: FailedRequest): Answer {
  const { 'WWW-Authenticate': _, ...rest } = headers;
  const frame = frameOfFailed(request);
  const { texts } = frame.language;
  if (thrown instanceof PageError) {
    const { way } = thrown;
    const link = way === undefined ? undefined : { path: way.path, text: way.text(texts) };
    return pageAnswer(frame, errorPage(frame, { ...thrown.tell(texts), link }), { status: thrown.status });
  }
  return pageAnswer(frame, errorPage(frame, toldOf(texts, status, code)), { status, headers: rest });
}

/** What the core says of a failure is for programs, and in English. */
function toldOf({ errors }: Texts, status: number, code: string): Told {
  if (code === 'tenant_disabled') {
    return { title: errors.notPossible, text: errors.tenantDisabledText };
  }
  switch (status) {
    case 404:
      return { title: errors.nothingHere, text: errors.nothingHereText };
    case 403:
      return { title: errors.notPossible, text: errors.notPossibleText };
    case 429:
      return { title: errors.tooMany, text: errors.tooManyText };
    case 503:
    case 504:
      return { title: errors.notNow, text: errors.notNowText };
    default:
      return status < 500
        ? { title: errors.notDone, text: errors.notDoneText }
        : { title: errors.wentWrong, text: errors.wentWrongText };
  }
}
