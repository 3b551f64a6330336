/** The first page of My account: each section with what there is to say of it. */
import { listOwnLogins } from '../../core/operations/own-logins.ts';
import { listOwnedDevices } from '../../core/operations/owned-devices.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { type Asking, accountAnswer, type SectionPage } from './account-page.ts';
import { applicationsOf } from './applications.ts';
import type { Texts } from './texts/en.ts';
import { inTurn } from './turns.ts';
import type { Section } from './views/account-layout.ts';
import { overviewPage, type SectionFacts } from './views/overview-page.ts';

export const OVERVIEW: SectionPage = { section: '', show: showOverview, steps: {} };

async function showOverview(asking: Asking) {
  const { request, signedIn, path } = asking;
  const { texts } = request.frame.language;
  const body = overviewPage(request.frame, path, await factsOf(asking, signedIn.user));
  return accountAnswer(asking, texts.account.title, body);
}

/** One list after the other: a user may have few under way. */
async function factsOf(
  { request, signedIn }: Asking,
  user: Subject,
): Promise<Readonly<Record<Exclude<Section, ''>, SectionFacts>>> {
  const { services, site, frame } = request;
  const { account } = frame.language.texts;
  const { call } = signedIn;
  const none = { offset: 0, count: 0 };
  const applications = await applicationsOf(services, call, user.subjectId);
  const devices = await listOwnedDevices(services, site.tenantId, user.subjectId, none);
  const logins = await inTurn(call, () => listOwnLogins(services, call));
  return {
    '/applications': told(account.applications(applications.length)),
    '/devices': told(account.devices(devices.total)),
    '/places': told(account.places(logins.length)),
    '/password': told(user.passwordHash === null ? account.noPassword : account.password),
    '/second-factor': user.mfaEnabled ? told(account.factorOn) : warned(account.factorOff),
    '/addresses': addressFacts(account, user),
    '/delete': told(account.deletion),
  };
}

function addressFacts(account: Texts['account'], user: Subject): SectionFacts {
  const addresses = [
    { address: user.email, isVerified: user.emailVerified },
    { address: user.phone, isVerified: user.phoneVerified },
  ].flatMap(({ address, isVerified }) => (address === null ? [] : [{ address, isVerified }]));
  if (addresses.length === 0) {
    return warned(account.noAddress);
  }
  const lines = addresses.map(({ address, isVerified }) =>
    isVerified ? account.verified(address) : account.unverified(address),
  );
  return { lines, isWarning: addresses.some(({ isVerified }) => !isVerified) };
}

function told(line: string): SectionFacts {
  return { lines: [line], isWarning: false };
}

function warned(line: string): SectionFacts {
  return { lines: [line], isWarning: true };
}
