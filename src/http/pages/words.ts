/** What people are shown of a client or a user. */
import type { Client } from '../../core/tables/clients.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Texts } from './texts/en.ts';
import type { AccountView } from './views/layout.ts';
import type { AudienceView } from './views/permissions.ts';

/** What turns the text around it, or hides. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A name without what turns or hides; the other one where nothing is left of it. */
export function plainName(name: string, otherwise: string): string {
  return name.replace(INVISIBLE, '').trim() || otherwise;
}

export function nameOf(named: Pick<Client, 'clientId' | 'displayName'> | Subject): string {
  const names =
    'clientId' in named
      ? [named.displayName, named.clientId]
      : [named.displayName, named.loginName, named.email, named.phone, named.subjectId];
  return names.map((name) => (name ?? '').replace(INVISIBLE, '').trim()).find((name) => name !== '') ?? '';
}

const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/** Who gets what is allowed. The host can't be chosen as a name can. */
export function recipientOf({ consent }: Texts, redirectUri: string): string {
  const { protocol, hostname, host } = new URL(redirectUri);
  if (protocol !== 'https:' && protocol !== 'http:') {
    return consent.anAppThatOpens(protocol);
  }
  return LOOPBACK.test(hostname) ? consent.anAppOnThisComputer : host;
}

/** The name that an operator gave a resource server, beside its address. */
export function audienceOf(id: string | null, displayName: string): AudienceView | undefined {
  return id === null ? undefined : { id, name: plainName(displayName, '') };
}

/** Whose account a page is about, and the way to another one. An address is shown beside a name that is not one. */
export function accountOf(user: Subject, otherAccount: string): AccountView {
  const name = nameOf(user);
  const detail = [user.email, user.phone].find((address) => address !== null && address !== name) ?? '';
  return { name, detail, otherAccount };
}
