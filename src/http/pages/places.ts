/** Where a user is signed in: browsers and apps, and signing out there. */
import {
  endAllOwnLogins,
  endOtherOwnLogins,
  endOwnLogin,
  listOwnLogins,
  type OwnLogin,
} from '../../core/operations/own-logins.ts';
import { isForPages } from '../../core/rules/audiences.ts';
import { lastUseOf } from '../../core/tables/families.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, doneAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { offsetOf, PAGE_SIZE, pagedOf } from './account-parts.ts';
import { seeOther } from './answers.ts';
import { clearCookie, sessionCookie } from './cookies.ts';
import { signedOutPath } from './sign-out.ts';
import { inTurn } from './turns.ts';
import { type PlaceView, placesPage } from './views/places-page.ts';
import { nameOf } from './words.ts';

const ONE = 'sign_out_there';
const OTHERS = 'sign_out_others';
const ALL = 'sign_out_everywhere';
const LOGIN = 'login';

export const PLACES: SectionPage = {
  section: '/places',
  show,
  steps: { [ONE]: endOne, [OTHERS]: endOthers, [ALL]: endAll },
};

async function show(asking: Asking): Promise<Answer> {
  const { request, signedIn } = asking;
  const { frame } = request;
  const all = await inTurn(signedIn.call, () => listOwnLogins(request.services, signedIn.call));
  const offset = offsetOf(asking, all.length);
  const shown = all.slice(offset, offset + PAGE_SIZE);
  const body = placesPage(frame, {
    places: shown.map((login) => viewOf(asking, login)),
    paged: pagedOf(asking, offset, shown.length, all.length),
    others: all.some(({ isThisOne }) => !isThisOne) ? formFor(asking, OTHERS) : undefined,
    everywhere: formFor(asking, ALL),
  });
  const pictures = shown.map(({ client }) => client?.logoUri ?? '').filter((uri) => uri !== '');
  return accountAnswer(asking, frame.language.texts.places.title, body, 200, pictures);
}

function viewOf(asking: Asking, { family, client, isThisOne }: OwnLogin): PlaceView {
  const { familyId, audience, consentId, clientId, issueTime } = family;
  const { places } = asking.request.frame.language.texts;
  const common = {
    address: family.placeAddress ?? '',
    agent: family.placeAgent ?? '',
    issueTime,
    lastUseTime: lastUseOf(family),
    isThisOne,
    form: formFor(asking, ONE, [familyId]),
    fields: { [LOGIN]: familyId },
  };
  if (isForPages(audience)) {
    const name = isThisOne ? places.thisBrowser : places.aBrowser;
    return { name, logoUri: '', kind: places.onThesePages, audience: '', ...common };
  }
  return {
    name: nameOfLogin(asking, clientId, client),
    logoUri: client?.logoUri ?? '',
    kind: consentId === null ? places.asYou : places.allowed,
    audience: audience ?? '',
    ...common,
  };
}

/** Apps that name the tenant alone are the platform's own. */
function nameOfLogin({ request }: Asking, clientId: string, client: OwnLogin['client']): string {
  const isPublic = clientId === request.site.tenantId && client?.displayName === '';
  return isPublic ? (request.frame.tenant?.name ?? clientId) : client === undefined ? clientId : nameOf(client);
}

/** What has ended meanwhile is signed out, too. */
async function endOne(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  const { call } = asking.signedIn;
  const familyId = form.get(LOGIN) ?? '';
  requireStep(asking, ONE, [familyId]);
  await endOwnLogin(services, call, familyId);
  const isThisOne = call.caller.proof.by === 'token' && call.caller.proof.familyId === familyId;
  return isThisOne ? leave(asking) : doneAnswer(asking, 'signedOut');
}

async function endOthers(asking: Asking): Promise<Answer> {
  requireStep(asking, OTHERS);
  const { request, signedIn } = asking;
  await inTurn(signedIn.call, () => endOtherOwnLogins(request.services, signedIn.call));
  return doneAnswer(asking, 'signedOutElsewhere');
}

async function endAll(asking: Asking): Promise<Answer> {
  requireStep(asking, ALL);
  await endAllOwnLogins(asking.request.services, asking.signedIn.call);
  return leave(asking);
}

function leave({ request }: Asking): Answer {
  return seeOther(signedOutPath(request.site), clearCookie(request.site, sessionCookie(request.site)));
}
