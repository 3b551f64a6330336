/** The first page of My account. */
import { type Asking, accountAnswer, type SectionPage } from './account-page.ts';

export const OVERVIEW: SectionPage = { section: '', show: showOverview, steps: {} };

async function showOverview(asking: Asking) {
  const { account } = asking.request.frame.language.texts;
  return accountAnswer(asking, account.title, undefined);
}
