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
import { PageError } from './page-error.ts';
import { queryText } from './parameters.ts';
import { type DeviceView, devicesPage, deviceTokenPage, tokenConfirmation } from './views/devices-page.ts';
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
    return showConfirmation(asking, GENERATE, await deviceOf(asking, replaced));
  }
  if (revoked !== undefined) {
    return showConfirmation(asking, REVOKE, await deviceOf(asking, revoked));
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
    generation: token === undefined ? generation(asking, subjectId, NO_TOKEN) : to(GENERATE),
    revocation: to(REVOKE),
  };
}

function generation(asking: Asking, deviceId: string, before: string) {
  return { form: formFor(asking, GENERATE, [deviceId, before]), fields: { [DEVICE]: deviceId, [BEFORE]: before } };
}

function showConfirmation(asking: Asking, step: typeof GENERATE | typeof REVOKE, found: DeviceWithToken): Answer {
  const { frame } = asking.request;
  const { devices } = frame.language.texts;
  const { subjectId } = found.device;
  const before = found.token?.familyId ?? NO_TOKEN;
  if (step === REVOKE && before === NO_TOKEN) {
    throw gone(asking);
  }
  const name = shownName(found.device);
  const of = { ...generation(asking, subjectId, before), form: formFor(asking, step, [subjectId, before]) };
  const isNew = step === GENERATE;
  const body = tokenConfirmation(frame, { ...of, name, isNew, back: asking.path });
  return accountAnswer(asking, isNew ? devices.replaceTitle(name) : devices.revokeTitle(name), body);
}

/** Answered by the page that shows the token: in no address, and in nothing that a browser keeps. */
async function generate(asking: Asking): Promise<Answer> {
  const { services, form } = asking.request;
  const [id, before] = [form.get(DEVICE) ?? '', form.get(BEFORE) ?? ''];
  requireStep(asking, GENERATE, [id, before]);
  const { device, token } = await deviceOf(asking, id);
  const { call } = asking.signedIn;
  const ref = { by: 'device_id', deviceId: device.subjectId } as const;
  if ((token?.familyId ?? NO_TOKEN) !== before) {
    return showAgain(asking, device);
  }
  try {
    const replaces = before === NO_TOKEN ? null : before;
    const { accessToken } = await putDeviceToken(services, call, ref, undefined, replaces);
    return showToken(asking, device, accessToken);
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'precondition_failed') {
      return showAgain(asking, device);
    }
    throw error;
  }
}

/** What a form of before says that was sent a second time, or from a tab that another one has overtaken. No token is made. */
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
