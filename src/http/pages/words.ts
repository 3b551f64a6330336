/** What people are shown of a client or a user. */
import type { Client } from '../../core/tables/clients.ts';
import type { Subject } from '../../core/tables/subjects.ts';

/** What turns the text around it, or hides. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function nameOf(named: Pick<Client, 'clientId' | 'displayName'> | Subject): string {
  const names =
    'clientId' in named
      ? [named.displayName, named.clientId]
      : [named.displayName, named.loginName, named.email, named.phone, named.subjectId];
  return names.map((name) => (name ?? '').replace(INVISIBLE, '').trim()).find((name) => name !== '') ?? '';
}

const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/** Who gets what is allowed. The host can't be chosen as a name can. */
export function recipientOf(redirectUri: string): string {
  const { protocol, hostname, host } = new URL(redirectUri);
  if (protocol !== 'https:' && protocol !== 'http:') {
    return `the app on this device that opens ${protocol} links`;
  }
  return LOOPBACK.test(hostname) ? 'an app on this computer' : host;
}
