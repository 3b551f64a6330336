/** The names of an account, and what waits to be proven of them. */
import { unproven } from '../../core/rules/addresses.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { AddressName, Name, NameView } from './views/addresses-page.ts';

export type { Name } from './views/addresses-page.ts';

const NAMES = ['display_name', 'login_name', 'email', 'phone'] as const satisfies readonly Name[];

export const PURPOSES = { email: 'verify_email', phone: 'verify_phone' } as const;

export function isName(text: string | undefined): text is Name {
  return NAMES.some((name) => name === text);
}

export function isAddress(text: string | undefined): text is AddressName {
  return text === 'email' || text === 'phone';
}

export function currentOf(user: Subject, name: Name): string | null {
  switch (name) {
    case 'display_name':
      return user.displayName === '' ? null : user.displayName;
    case 'login_name':
      return user.loginName;
    case 'email':
      return user.email;
    case 'phone':
      return user.phone;
  }
}

/** The address that somebody signs in with; null where none is proven. */
export function provenOf(user: Subject, name: Name): string | null {
  const isProven = name === 'email' ? user.emailVerified : name === 'phone' && user.phoneVerified;
  return isProven ? currentOf(user, name) : null;
}

/** The address that a code was sent to. */
export function waitingOf(user: Subject, name: AddressName): string | null {
  return unproven(user, PURPOSES[name]);
}

export function namesOf(user: Subject): NameView[] {
  return NAMES.map((name) => ({
    name,
    value: currentOf(user, name),
    isProven: isAddress(name) ? provenOf(user, name) !== null : undefined,
    waiting: isAddress(name) ? waitingOf(user, name) : null,
  }));
}
