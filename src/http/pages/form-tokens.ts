/** What every form carries, so that only a page of ours can have made it: no other site can know it (RFC 9700 section 4.7). */
import { timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../core/model.ts';
import type { Services } from '../../core/services/services.ts';

/** What a form is bound to. */
export interface FormBinding {
  readonly tenantId: string;
  /** The value of the browser's cookie. */
  readonly browser: string;
  /** What is done by it, for whom and with what: a form that showed one thing does no other. */
  readonly about: readonly unknown[];
}

/** For how long a page may be left open. */
const LIFETIME_MS = 60 * 60_000;
const PURPOSE = 'form of a page';
const FORM = /^([0-9a-z]{1,11})\.([\w-]{43})$/;
const BROWSER_FORM = /^[\w-]{22}$/;
const BROWSER_BYTES = 16;

export function newBrowser({ random }: Pick<Services, 'random'>): string {
  return Buffer.from(random(BROWSER_BYTES)).toString('base64url');
}

export function isBrowser(value: string | undefined): value is string {
  return value !== undefined && BROWSER_FORM.test(value);
}

export function formToken({ keys, clock }: Pick<Services, 'keys' | 'clock'>, binding: FormBinding): string {
  const time = clock();
  return `${time.toString(36)}.${macOf(keys, binding, time).toString('base64url')}`;
}

/** `old`: it is ours, and was left open for too long. */
export function checkFormToken(
  { keys, clock }: Pick<Services, 'keys' | 'clock'>,
  binding: FormBinding,
  token: string,
): 'ok' | 'old' | 'foreign' {
  const [, made = '', mac = ''] = FORM.exec(token) ?? [];
  if (mac === '') {
    return 'foreign';
  }
  const time = Number.parseInt(made, 36);
  if (!timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(keys, binding, time))) {
    return 'foreign';
  }
  return clock() < time + LIFETIME_MS ? 'ok' : 'old';
}

/** Of the key that all servers of the store share: a form may come back to another of them. */
function macOf(keys: Services['keys'], { tenantId, browser, about }: FormBinding, time: Instant): Buffer {
  return Buffer.from(keys.digest(PURPOSE, JSON.stringify([tenantId, browser, time, ...about])));
}
