/** The applications that a user allowed something, and taking it back. */
import type { Call } from '../../core/operations/authenticate.ts';
import { type ListedConsent, listConsents, withdrawOwnConsent } from '../../core/operations/consents.ts';
import { grantsOf } from '../../core/rules/consents.ts';
import type { Services } from '../../core/services/services.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, doneAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { gone, offsetOf, orGone, PAGE_SIZE, pagedOf } from './account-parts.ts';
import { queryText } from './parameters.ts';
import { inTurn } from './turns.ts';
import { type ApplicationView, applicationsPage, withdrawalPage } from './views/applications-page.ts';
import { plainName } from './words.ts';

const WITHDRAW = 'withdraw';
const CONSENT = 'consent';

export const APPLICATIONS: SectionPage = { section: '/applications', show, steps: { [WITHDRAW]: withdraw } };

/** What a person looks through. Of more than this and a page, the first are shown, in no order of theirs. */
const MOST_LISTED = 1_000;

const BY_NAME = new Intl.Collator('en', { numeric: true });

/** By their names. */
export async function applicationsOf(services: Services, call: Call, userId: string): Promise<ListedConsent[]> {
  const all: ListedConsent[] = [];
  let pageToken = '';
  do {
    const page = { pageSize: MOST_LISTED, pageToken };
    const read = await inTurn(call, () => listConsents(services, call, { by: 'user_id', userId }, page));
    all.push(...read.items);
    pageToken = read.nextPageToken;
  } while (pageToken !== '' && all.length < MOST_LISTED);
  return all.sort((a, b) => BY_NAME.compare(shownName(a), shownName(b)));
}

async function show(asking: Asking): Promise<Answer> {
  const { request, signedIn, path } = asking;
  const all = await applicationsOf(request.services, signedIn.call, signedIn.user.subjectId);
  const asked = request.query.get(WITHDRAW);
  if (asked !== undefined) {
    return showWithdrawal(asking, all.find(({ consent }) => consent.consentId === asked) ?? fail(asking));
  }
  const offset = offsetOf(asking, all.length);
  const shown = all.slice(offset, offset + PAGE_SIZE).map((listed) => viewOf(listed, path));
  const { frame } = request;
  const body = applicationsPage(frame, shown, pagedOf(asking, offset, shown.length, all.length));
  const pictures = shown.map(({ logoUri }) => logoUri).filter((uri) => uri !== '');
  return accountAnswer(asking, frame.language.texts.applications.title, body, 200, pictures);
}

function showWithdrawal(asking: Asking, listed: ListedConsent): Answer {
  const { frame } = asking.request;
  const { consentId } = listed.consent;
  const name = shownName(listed);
  const form = formFor(asking, WITHDRAW, [consentId]);
  const body = withdrawalPage(frame, { name, form, fields: { [CONSENT]: consentId }, back: asking.path });
  return accountAnswer(asking, frame.language.texts.applications.withdrawTitle(name), body);
}

async function withdraw(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  const consentId = form.get(CONSENT) ?? '';
  requireStep(asking, WITHDRAW, [consentId]);
  await orGone(asking, () => withdrawOwnConsent(services, asking.signedIn.call, consentId));
  return doneAnswer(asking, 'withdrawn');
}

function viewOf(listed: ListedConsent, path: string): ApplicationView {
  const { consent, logoUri } = listed;
  return {
    name: shownName(listed),
    logoUri,
    grants: grantsOf(consent),
    grantTime: consent.grantTime,
    withdrawal: `${path}${queryText([[WITHDRAW, consent.consentId]])}`,
  };
}

/** Of a client that was deleted meanwhile, or never had a name, its id. */
function shownName({ clientName, consent }: ListedConsent): string {
  return plainName(clientName, consent.clientId);
}

function fail(asking: Asking): never {
  throw gone(asking);
}
