/** Failures as pages. What is shown is whole sentences of ours: nothing that was sent is in them. */
import type { Answer } from '../answer.ts';
import type { FailedRequest } from '../dialect.ts';
import type { Failure } from '../failure.ts';
import { pageAnswer } from './answers.ts';
import { frameOfFailed } from './frame.ts';
import { PageError, type Told } from './page-error.ts';
import { ACCOUNT_PATH } from './place.ts';
import type { Texts } from './texts/en.ts';
import { type ErrorView, errorPage } from './views/error-page.ts';
import type { Frame } from './views/frame.ts';

export function pageFailure({ status, code, headers }: Failure, thrown: unknown, request: FailedRequest): Answer {
  const { 'WWW-Authenticate': _, ...rest } = headers;
  const frame = frameOfFailed(request);
  const { texts } = frame.language;
  if (thrown instanceof PageError) {
    const { way } = thrown;
    const link = way === undefined ? undefined : { path: way.path, text: way.text(texts) };
    return pageAnswer(frame, errorPage(frame, { ...thrown.tell(texts), link }), { status: thrown.status });
  }
  const told = toldOf(texts, status, code);
  return pageAnswer(frame, errorPage(frame, { ...told, link: linkOf(frame, request, status, code) }), {
    status,
    headers: rest,
  });
}

/** Where people look: below a tenant, in My account, and one word at the root. What is deeper is of programs. */
const PATHS_OF_PEOPLE = /^\/(?:t\/.*|account\/.*|[^/]*)$/;

/** What a browser is shown at a path that nothing is served at, be it no URL at all. Programs do not ask for HTML. */
export function pageOfNothing(failure: Failure, request: FailedRequest): Answer | undefined {
  const { url, headers } = request;
  const isPerson = /\btext\/html\b/i.test(headers.accept ?? '') && PATHS_OF_PEOPLE.test(url.split('?', 1)[0] ?? '');
  return isPerson ? pageFailure(failure, undefined, request) : undefined;
}

const TENANT_BASE = /^\/t\/[a-z0-9-]+(?=[/?]|$)/;

/** Later may be better; where there is nothing, My account may be what was looked for. */
function linkOf(frame: Frame, { url }: FailedRequest, status: number, code: string): ErrorView['link'] {
  const { texts } = frame.language;
  if (status === 429 || status >= 500) {
    return { path: pathHere(frame), text: texts.common.tryAgain };
  }
  if (code === 'route_not_found') {
    return { path: `${TENANT_BASE.exec(url)?.[0] ?? ''}${ACCOUNT_PATH}`, text: texts.common.myAccount };
  }
  return undefined;
}

function pathHere({ language, languageLinks }: Frame): string {
  return languageLinks.find((each) => each.language === language)?.path ?? '/';
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
