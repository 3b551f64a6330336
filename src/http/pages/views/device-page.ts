import { choice, takeBack } from './consent-page.ts';
import { field } from './fields.ts';
import type { Frame } from './frame.ts';
import { icon, mark } from './icons.ts';
import { type AccountView, account, clientHead, type FormOf, form, layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { type AudienceView, askedPermissions, onlyAt } from './permissions.ts';

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
${form(
  of,
  html`${field({ name: 'user_code', label: device.code, value: userCode, autocomplete: 'off', capitals: 'characters', maxLength: 64, isFocused: true, problem })}
<button type="submit">${common.continue}</button>`,
)}
${account(frame, view.account)}`,
  );
}

export interface ConfirmDeviceView extends DeviceView {
  readonly userCode: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly audience: AudienceView | undefined;
  /** Where it can be taken back. */
  readonly applications: string;
}

/** RFC 8628 section 5.4: who was sent a link by somebody else shall notice that it is not their device. */
export function confirmDevicePage(frame: Frame, view: ConfirmDeviceView): Markup {
  const { form: of, userCode, client, scopes, audience } = view;
  const { device } = frame.language.texts;
  const title = device.confirmTitle(client);
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${account(frame, view.account)}
<p>${device.confirmIntro}</p>
<p class="code shown">${userCode}</p>
<p class="caution">${icon('warning')}<span>${device.caution}</span></p>
${askedPermissions(frame, { client, scopes, allowed: [] })}
<ul class="facts">
${onlyAt(frame, audience)}
${takeBack(frame, view.applications)}
</ul>
${form(
  of,
  html`<input type="hidden" name="user_code" value="${userCode}">
${choice(frame)}`,
)}`,
  );
}

export interface DeviceDoneView {
  readonly isAllowed: boolean;
  /** Where it can be taken back. */
  readonly applications: string;
}

export function deviceDonePage(frame: Frame, { isAllowed, applications }: DeviceDoneView): Markup {
  const { device } = frame.language.texts;
  const title = isAllowed ? device.connected : device.notConnected;
  const text = isAllowed ? device.connectedText : device.notConnectedText;
  return layout(
    frame,
    title,
    html`${isAllowed ? mark('check', 'done') : mark('cross')}
<h1>${title}</h1>
<p>${text}</p>
${isAllowed ? html`<ul class="facts">${takeBack(frame, applications)}</ul>` : undefined}`,
  );
}
