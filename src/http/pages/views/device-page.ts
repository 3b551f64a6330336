import { choice, permissions } from './consent-page.ts';
import { field } from './fields.ts';
import type { Frame } from './frame.ts';
import { type AccountView, account, clientHead, type FormOf, form, layout, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';

interface DeviceView {
  readonly form: FormOf;
  readonly account: AccountView;
}

export interface EnterCodeView extends DeviceView {
  /** As the link has it, or as it was typed. */
  readonly userCode: string;
  readonly problem?: string | undefined;
}

export function enterCodePage(frame: Frame, view: EnterCodeView): Markup {
  const { form: of, userCode, problem } = view;
  const { device, common } = frame.language.texts;
  return layout(
    frame,
    device.title,
    html`<h1>${device.title}</h1>
<p>${device.intro}</p>
${notice(problem)}
${form(
  of,
  html`${field({ name: 'user_code', label: device.code, value: userCode, autocomplete: 'off', capitals: 'characters', maxLength: 64, isFocused: true })}
<button type="submit">${common.continue}</button>`,
)}
${account(frame, view.account)}`,
  );
}

export interface ConfirmDeviceView extends DeviceView {
  readonly userCode: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
}

/** RFC 8628 section 5.4: who was sent a link by somebody else shall notice that it is not their device. */
export function confirmDevicePage(frame: Frame, view: ConfirmDeviceView): Markup {
  const { form: of, userCode, client, scopes, audience } = view;
  const { device, consent } = frame.language.texts;
  const title = device.confirmTitle(client);
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
<p>${device.confirmIntro(userCode)}</p>
${permissions(frame, client, scopes)}
${audience === undefined ? undefined : html`<p>${consent.onlyAt(audience)}</p>`}
${form(
  of,
  html`<input type="hidden" name="user_code" value="${userCode}">
${choice(frame)}`,
)}
${account(frame, view.account)}`,
  );
}

export function deviceDonePage(frame: Frame, { isAllowed }: { readonly isAllowed: boolean }): Markup {
  const { device } = frame.language.texts;
  const title = isAllowed ? device.connected : device.notConnected;
  const text = isAllowed ? device.connectedText : device.notConnectedText;
  return layout(
    frame,
    title,
    html`<h1>${title}</h1>
<p>${text}</p>`,
  );
}
