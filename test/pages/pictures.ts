/** The pictures in `docs/pages`: each page once, and between them every language, size and scheme. */
import type { Variant } from './variants.ts';

export interface Picture {
  /** The name of a place. */
  readonly place: string;
  readonly variant: Variant;
}

const of = (
  place: string,
  language: Variant['language'],
  size: Variant['size'],
  scheme: Variant['scheme'],
): Picture => ({
  place,
  variant: { language, size, scheme, script: true },
});

export const PICTURES: readonly Picture[] = [
  of('sign in', 'en', 'desktop', 'light'),
  of('sign in', 'ja', 'phone', 'dark'),
  of('sign in, wrong password', 'de', 'desktop', 'light'),
  of('second factor', 'en', 'desktop', 'light'),
  of('second factor, wrong code', 'ja', 'phone', 'light'),
  of('consent', 'en', 'desktop', 'light'),
  of('consent', 'de', 'phone', 'dark'),
  of('consent', 'ja', 'desktop', 'dark'),
  of('device', 'en', 'phone', 'light'),
  of('device, confirm', 'en', 'desktop', 'light'),
  of('device, connected', 'de', 'phone', 'light'),
  of('sign out', 'en', 'desktop', 'dark'),
  of('sign up', 'en', 'desktop', 'light'),
  of('verify an address', 'de', 'phone', 'light'),
  of('forgotten password, code', 'ja', 'desktop', 'light'),
  of('my account', 'en', 'desktop', 'light'),
  of('my account, applications', 'de', 'phone', 'light'),
  of('my account, devices', 'ja', 'desktop', 'light'),
  of('my account, places', 'en', 'desktop', 'dark'),
  of('password', 'en', 'desktop', 'light'),
  of('second factor, set up', 'en', 'desktop', 'light'),
  of('second factor, recovery codes', 'de', 'phone', 'dark'),
  of('addresses', 'ja', 'phone', 'light'),
  of('delete my account', 'en', 'desktop', 'light'),
  of('error, a link that can’t be used', 'en', 'desktop', 'light'),
  of('error, open for too long', 'de', 'phone', 'dark'),
];
