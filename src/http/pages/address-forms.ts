/** What the pages of names and addresses have in common. */
import type { UserUpdate } from '../../core/operations/users.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer } from './account-page.ts';
import { isName, type Name, namesOf } from './address-names.ts';
import type { Mistake } from './own-proofs.ts';
import { addressesPage } from './views/addresses-page.ts';

/** The page itself. */
export function showAll(asking: Asking, mistake?: Mistake): Answer {
  const { request, signedIn, path } = asking;
  const { frame } = request;
  const body = addressesPage(frame, { path, names: namesOf(signedIn.user), problem: mistake?.text });
  return accountAnswer(asking, frame.language.texts.addresses.title, body, mistake?.status);
}

export function updateOf(name: Name, value: string | null): UserUpdate {
  switch (name) {
    case 'display_name':
      return { displayName: value ?? '' };
    case 'login_name':
      return { loginName: value };
    case 'email':
      return { email: value };
    case 'phone':
      return { phone: value };
  }
}

/** A form that names nothing of ours is of no page: its token can't fit. */
export function nameIn({ request }: Asking): Name {
  const name = request.form.get('name');
  return isName(name) ? name : 'display_name';
}

export function selfOf({ signedIn }: Asking) {
  return { by: 'user_id', userId: signedIn.user.subjectId } as const;
}
