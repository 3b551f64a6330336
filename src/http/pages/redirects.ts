/** Going back to the client: only ever to a redirect URI that was checked, by 303 and never by a status that repeats a form. */
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { PageError } from './page-error.ts';

export interface ClientAnswer {
  readonly redirectUri: string;
  /** RFC 6749 section 4.2.2: tokens never come in a query, which servers log, and so neither do errors of who asked for those. */
  readonly inFragment: boolean;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

/** What a browser would take for a program or a page of its own. They can't be registered; nothing is sent there whatever happens. */
const NEVER = /^(?:javascript|data|vbscript|blob|file|about):/i;

export function toClient({ redirectUri, inFragment, parameters }: ClientAnswer): Answer {
  if (NEVER.test(redirectUri) || !URL.canParse(redirectUri)) {
    throw new PageError(400, ({ errors }) => ({ title: errors.link, text: errors.noPlaceToReturn }));
  }
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  return seeOther(`${asciiOf(redirectUri)}${joint(redirectUri, inFragment)}${text}`);
}

/** RFC 6749 section 3.1.2: a query that is there is kept. */
function joint(redirectUri: string, inFragment: boolean): string {
  if (inFragment) {
    return '#';
  }
  return redirectUri.includes('?') ? (/[?&]$/.test(redirectUri) ? '' : '&') : '?';
}

/** A header is ASCII; what else was registered is encoded, as a browser would. */
function asciiOf(uri: string): string {
  return uri.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

/** RFC 6749 section 4.1.2.1: what an error_description may hold. */
export function descriptionOf(message: string): string {
  return message.replaceAll('’', "'").replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '');
}
