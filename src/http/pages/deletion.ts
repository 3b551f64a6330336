/** Deleting one's own account. */
import { endUser } from '../../core/operations/users.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { pageAnswer, seeOther } from './answers.ts';
import { clearCookie, sessionCookie } from './cookies.ts';
import { factorOf, generalProblem, type Mistake, missingOf, mistakeOf, proofView } from './own-proofs.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH } from './place.ts';
import { deletionPage, deletionSaid } from './views/deletion-page.ts';

const DELETE = 'delete_account';

export const DELETION: SectionPage = {
  section: '/delete',
  show: async (asking) => showDeletion(asking),
  steps: { [DELETE]: deleteAccount },
  notSignedIn,
};

function showDeletion(asking: Asking, mistake?: Mistake): Answer {
  const { frame } = asking.request;
  const body = deletionPage(frame, {
    form: formFor(asking, DELETE),
    proof: proofView(asking, mistake, true),
    problem: generalProblem(mistake),
  });
  return accountAnswer(asking, frame.language.texts.deletion.title, body, mistake?.status);
}

async function deleteAccount(asking: Asking): Promise<Answer> {
  requireStep(asking, DELETE);
  const { request, signedIn, path } = asking;
  const { services, form, site } = request;
  const missing = missingOf(asking, true);
  if (missing !== undefined) {
    return showDeletion(asking, missing);
  }
  const ref = { by: 'user_id', userId: signedIn.user.subjectId } as const;
  try {
    const factor = signedIn.user.mfaEnabled ? factorOf(form) : undefined;
    await endUser(services, signedIn.call, ref, 'deleted', { password: form.get('password') ?? '', factor });
  } catch (error) {
    return showDeletion(asking, mistakeOf(asking, error));
  }
  return seeOther(`${path}?done=deleted`, clearCookie(site, sessionCookie(site)));
}

/** After it was done; and in another tab, where the page was still open. */
function notSignedIn({ query, form, frame, site }: PageRequest): Answer | undefined {
  const isDone = query.get('done') === 'deleted';
  const isLate = form.get('step') === DELETE;
  const home = site.base + ACCOUNT_PATH;
  return isDone || isLate ? pageAnswer(frame, deletionSaid(frame, { isDone: !isLate, home })) : undefined;
}
