/** The devices that a user owns, and their tokens: generating one, which is shown once, and revoking it. */
import { SymbolonError } from '../../core/errors.ts';
import { dropDeviceToken, getDeviceToken, putDeviceToken } from '../../core/operations/device-tokens.ts';
import { getDevice } from '../../core/operations/devices.ts';
import { type DeviceWithToken, withDeviceTokens } from '../../core/operations/owned-device-tokens.ts';
import { listOwnedDevices } from '../../core/operations/owned-devices.ts';
import { deviceTypeOf } from '../../core/rules/device-types.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, doneAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { gone, offsetOf, orGone, PAGE_SIZE, pagedOf } from './account-parts.ts';
import { generalProblem, type Mistake, missingOf, mistakeOf, proofView } from './own-proofs.ts';
import { PageError } from './page-error.ts';
import { queryText } from './parameters.ts';
import { type DeviceView, devicesPage, deviceTokenPage, generationPage, revocationPage } from './views/devices-page.ts';
import { plainName } from './words.ts';

/** Steps, and the queries that ask before them. */
const GENERATE = 'generate';
const REVOKE = 'revoke';
const DEVICE = 'device';
/** The token that the device had when the form was made: the form generates one in its place and no second one. */
const BEFORE = 'before';
const NO_TOKEN = 'none';
/** A form that is sent again so soon was clicked twice, or its answer was lost: it is shown the same token. */
const JUST_NOW_MS = 60_000;

export const DEVICES: SectionPage = { section: '/devices', show, steps: { [GENERATE]: generate, [REVOKE]: revoke } };

async function show(asking: Asking): Promise<Answer> {
  const { request } = asking;
  const [replaced, revoked] = [request.query.get(GENERATE), request.query.get(REVOKE)];
  if (replaced !== undefined) {
    return showGeneration(asking, await deviceOf(asking, replaced));
  }
  if (revoked !== undefined) {
    return showRevocation(asking, await deviceOf(asking, revoked));
  }
  return showDevices(asking);
}

async function showDevices(asking: Asking): Promise<Answer> {
  const { request, signedIn } = asking;
  const { services, site, frame } = request;
  const ownerId = signedIn.user.subjectId;
  const list = (offset: number, count: number) => listOwnedDevices(services, site.tenantId, ownerId, { offset, count });
  const { total } = await list(0, 0);
  const offset = offsetOf(asking, total);
  const { devices } = await list(offset, PAGE_SIZE);
  const shown = await withDeviceTokens(services, site.tenantId, devices);
  const paged = pagedOf(asking, offset, shown.length, total);
  const body = devicesPage(
    frame,
    shown.map((each) => viewOf(asking, each)),
    paged,
  );
  return accountAnswer(asking, frame.language.texts.devices.title, body);
}

function viewOf(asking: Asking, { device, token }: DeviceWithToken): DeviceView {
  const { subjectId, vendorId, disabled } = device;
  const to = (step: string) => `${asking.path}${queryText([[step, subjectId]])}`;
  const name = shownName(device);
  return {
    name,
    // The one that nobody chose says nothing.
    vendorId: vendorId === null || vendorId === name || vendorId.startsWith('own.') ? '' : plainName(vendorId, ''),
    type: plainName(deviceTypeOf(device) ?? '', ''),
    isDisabled: disabled,
    tokenTime: token?.createTime,
    generation: to(GENERATE),
    revocation: to(REVOKE),
  };
}

function aboutOf(asking: Asking, step: string, { device, token }: DeviceWithToken) {
  const { subjectId } = device;
  const before = token?.familyId ?? NO_TOKEN;
  const fields = { [DEVICE]: subjectId, [BEFORE]: before };
  return { form: formFor(asking, step, [subjectId, before]), fields, name: shownName(device), back: asking.path };
}

/** A token outlives the login that asks for it: who has nothing but the cookie is given none. */
function showGeneration(asking: Asking, found: DeviceWithToken, mistake?: Mistake): Answer {
  const { frame } = asking.request;
  if (found.device.disabled) {
    throw gone(asking);
  }
  const { name, ...about } = aboutOf(asking, GENERATE, found);
  const isFirst = found.token === undefined;
  const proof = proofView(asking, mistake, false);
  const body = generationPage(frame, { ...about, name, isFirst, proof, problem: generalProblem(mistake) });
  const { devices } = frame.language.texts;
  const title = isFirst ? devices.generateFor(name) : devices.replaceTitle(name);
  return accountAnswer(asking, title, body, mistake?.status);
}

function showRevocation(asking: Asking, found: DeviceWithToken): Answer {
  const { frame } = asking.request;
  if (found.token === undefined) {
    throw gone(asking);
  }
  const about = aboutOf(asking, REVOKE, found);
  return accountAnswer(asking, frame.language.texts.devices.revokeTitle(about.name), revocationPage(frame, about));
}

/** Answered by the page that shows the token: in no address, and in nothing that a browser keeps. */
async function generate(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  const [id, before] = [form.get(DEVICE) ?? '', form.get(BEFORE) ?? ''];
  requireStep(asking, GENERATE, [id, before]);
  const found = await deviceOf(asking, id);
  const missing = missingOf(asking, false);
  if (missing !== undefined) {
    return showGeneration(asking, found, missing);
  }
  const { device } = found;
  const ref = { by: 'device_id', deviceId: device.subjectId } as const;
  try {
    const how = { replaces: before === NO_TOKEN ? null : before, proof: { password: form.get('password') ?? '' } };
    const { accessToken } = await putDeviceToken(services, asking.signedIn.call, ref, undefined, how);
    return showToken(asking, device, accessToken);
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'precondition_failed') {
      return showAgain(asking, device);
    }
    return showGeneration(asking, found, mistakeOf(asking, error));
  }
}

/**
 * What a form of before says that was sent a second time, or from a tab that another one has overtaken, with the right password: the core
 * looks at that first. No token is made.
 */
async function showAgain(asking: Asking, device: Subject): Promise<Answer> {
  const { services } = asking.request;
  const { call } = asking.signedIn;
  const now = await orGone(asking, () =>
    getDeviceToken(services, call, { by: 'device_id', deviceId: device.subjectId }),
  );
  if (now.byClientId === call.caller.clientId && services.clock() < now.createTime + JUST_NOW_MS) {
    return showToken(asking, device, now.accessToken);
  }
  throw new PageError(409, ({ devices }) => ({ title: devices.usedTitle, text: devices.usedText }), {
    path: asking.path,
    text: ({ common }) => common.back,
  });
}

function showToken(asking: Asking, device: Subject, token: string): Answer {
  const { frame } = asking.request;
  const body = deviceTokenPage(frame, { token, back: asking.path });
  return accountAnswer(asking, frame.language.texts.devices.tokenTitle(shownName(device)), body);
}

async function revoke(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  const [id, before] = [form.get(DEVICE) ?? '', form.get(BEFORE) ?? ''];
  requireStep(asking, REVOKE, [id, before]);
  const { device, token } = await deviceOf(asking, id);
  // A newer one was generated in another tab, and is not what this form showed.
  if (token?.familyId !== before) {
    throw gone(asking);
  }
  const ref = { by: 'device_id', deviceId: device.subjectId } as const;
  await orGone(asking, () => dropDeviceToken(services, asking.signedIn.call, ref));
  return doneAnswer(asking, 'tokenRevoked');
}

/** The core refuses those of others; that there is one is not said. */
async function deviceOf(asking: Asking, deviceId: string): Promise<DeviceWithToken> {
  const { services, site } = asking.request;
  const { call } = asking.signedIn;
  const device = await orGone(asking, () => getDevice(services, call, { by: 'device_id', deviceId }));
  const [found] = await withDeviceTokens(services, site.tenantId, [device]);
  return found ?? { device, token: undefined };
}

function shownName({ displayName, vendorId, subjectId }: Subject): string {
  return plainName(displayName, plainName(vendorId ?? '', subjectId));
}
