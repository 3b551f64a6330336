/** Failures as pages. What is shown is whole sentences of ours: nothing that was sent is in them. */
import type { Answer } from '../answer.ts';
import type { Failure } from '../failure.ts';
import { pageAnswer } from './answers.ts';
import { PageError } from './page-error.ts';
import { errorPage } from './views/error-page.ts';

const TITLES: Readonly<Record<number, string>> = {
  404: 'There is nothing here',
  403: 'This is not possible now',
  429: 'Too many at once',
  503: 'Not at the moment',
  504: 'Not at the moment',
};

export function pageFailure({ status, message, headers }: Failure, thrown: unknown): Answer {
  const { 'WWW-Authenticate': _, ...rest } = headers;
  if (thrown instanceof PageError) {
    const { title, link } = thrown;
    return pageAnswer(errorPage({ title, message: thrown.message, link }), { status: thrown.status });
  }
  const title = TITLES[status] ?? (status < 500 ? 'This can’t be done' : 'Something went wrong');
  return pageAnswer(errorPage({ title, message: sentence(message), link: undefined }), { status, headers: rest });
}

/** Texts of errors end without a full stop. */
function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
