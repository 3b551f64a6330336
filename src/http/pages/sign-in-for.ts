/** What signing in, signing up and a forgotten password have in common: what it is for, what went wrong, and where it goes on. */
import { SymbolonError } from '../../core/errors.ts';
import { signOut } from '../../core/operations/browser-sessions.ts';
import type { Client } from '../../core/tables/clients.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { sessionCookie, setCookie } from './cookies.ts';
import { withClient } from './frame.ts';
import { formAnswer } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { queryText } from './parameters.ts';
import type { Texts } from './texts/en.ts';
import type { Frame } from './views/frame.ts';
import type { Markup } from './views/markup.ts';

/** What somebody signs in for. */
export interface SignInFor {
  /** Where the forms are sent: the page that needs somebody, with all that it was asked. */
  readonly action: string;
  /** Where it goes on then. */
  readonly next: string;
  /** Undefined: for a page of ours. */
  readonly client: Client | undefined;
  readonly username: string;
  /** Where the page may lead in the end, for the browser's policy. */
  readonly formTarget: string | undefined;
  /** Whether the page is for signing up, or for a forgotten password, and for nothing else: signing in is where it goes on. */
  readonly isForItself?: boolean;
}

/** What is wrong, on the page where it can be mended. */
export interface Problem {
  readonly text: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The field that it is about; absent: none. */
  readonly field?: string;
}

/**
 * Other ways in, beside a name and a password: by an account that is made now, by a code in place of the password, and back from there.
 * They are pages of the same address, so that what somebody signs in for goes along, and nothing leads anywhere else.
 */
export type OtherWay = 'sign_up' | 'forgotten' | 'reset' | 'changed';

const WAY = 'way';

export function wayOf({ query }: PageRequest): string | undefined {
  return query.get(WAY);
}

/** `action`: of a `SignInFor`, which has no way yet. */
export function wayPath(action: string, way: OtherWay, username = ''): string {
  const entries = [[WAY, way] as const, ...(username === '' ? [] : [['username', username] as const])];
  const query = queryText(entries);
  return action.includes('?') ? `${action}&${query.slice(1)}` : action + query;
}

/** Where one signs in by a password. */
export function signInPath({ action, next, isForItself = false }: SignInFor): string {
  return isForItself ? next : action;
}

export function frameFor({ frame }: PageRequest, { client }: SignInFor): Frame {
  return client === undefined ? frame : withClient(frame, client);
}

export function textsOf({ frame }: PageRequest): Texts {
  return frame.language.texts;
}

export function signInAnswer(
  request: PageRequest,
  { formTarget }: SignInFor,
  frame: Frame,
  page: Markup,
  problem: Problem | undefined,
): Answer {
  const { status = 200, headers = {} } = problem ?? {};
  return formAnswer(request, frame, page, { formTarget, status, headers });
}

/** A cookie of its own each time; what the browser held before ends with it. */
export async function signedIn(request: PageRequest, next: string, accessToken: string): Promise<Answer> {
  const { services, call, site, token, signedIn: before } = request;
  // A form that is sent twice is answered with the same login.
  if (before !== undefined && token !== undefined && token !== accessToken) {
    // Nobody is kept out because the end of an older login could not be written.
    await signOut(services, call, token).catch(() => undefined);
  }
  return seeOther(next, setCookie(site, sessionCookie(site), accessToken));
}

/** What the same page can tell: `told` by the error's code, or that there were too many attempts. Everything else is a page of its own. */
export function problemOf(
  { noteFailure, frame }: PageRequest,
  error: unknown,
  told: (
    error: SymbolonError,
  ) => { readonly text: string; readonly field?: string; readonly status?: number } | undefined,
): Problem {
  if (!(error instanceof SymbolonError)) {
    throw error;
  }
  const { code, retryAfterMs } = error;
  const isLocked = code === 'login_locked' || code === 'too_many_failed_logins';
  const text = told(error) ?? (isLocked ? { text: waitOf(frame.language.texts, retryAfterMs) } : undefined);
  if (text === undefined) {
    throw error;
  }
  noteFailure(code);
  return { status: isLocked ? 429 : 400, ...text, headers: retryAfter(retryAfterMs) };
}

function retryAfter(ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(ms / 1_000))) };
}

const MINUTE_MS = 60_000;

export function waitOf({ common }: Texts, ms: number | undefined): string {
  return ms === undefined ? common.waitLater : common.waitMinutes(Math.ceil(ms / MINUTE_MS));
}
