import { choice, permissions } from './consent-page.ts';
import { account, type FormOf, form, layout, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';

interface DeviceView {
  readonly form: FormOf;
  readonly user: string;
  readonly otherAccount: string;
}

export interface EnterCodeView extends DeviceView {
  /** As the link has it, or as it was typed. */
  readonly userCode: string;
  readonly problem?: string | undefined;
}

export function enterCodePage({ form: of, user, otherAccount, userCode, problem }: EnterCodeView): Markup {
  const title = 'Connect a device';
  return layout(
    title,
    html`<h1>${title}</h1>
<p>Enter the code that your device shows. Go on only if you have the device before you.</p>
${notice(problem)}
${form(
  of,
  html`<label for="user_code">Code</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64" required autofocus value="${userCode}">
<button type="submit">Continue</button>`,
)}
${account(user, otherAccount)}`,
  );
}

export interface ConfirmDeviceView extends DeviceView {
  readonly userCode: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
}

/** RFC 8628 section 5.4: who was sent a link by somebody else shall notice that it is not their device. */
export function confirmDevicePage(view: ConfirmDeviceView): Markup {
  const { form: of, user, otherAccount, userCode, client, scopes, audience } = view;
  const title = `Connect ${client}?`;
  return layout(
    title,
    html`<h1>${title}</h1>
<p>Does your device show the code <strong>${userCode}</strong>? If somebody else sent you the code, deny.</p>
${permissions(client, scopes)}
${audience === undefined ? undefined : html`<p>It may do so at <strong>${audience}</strong> alone.</p>`}
${form(
  of,
  html`<input type="hidden" name="user_code" value="${userCode}">
${choice()}`,
)}
${account(user, otherAccount)}`,
  );
}

export function deviceDonePage({ isAllowed }: { readonly isAllowed: boolean }): Markup {
  const title = isAllowed ? 'Your device is connected' : 'Your device was not connected';
  const text = isAllowed ? 'You can go back to it, and close this page.' : 'You can close this page.';
  return layout(
    title,
    html`<h1>${title}</h1>
<p>${text}</p>`,
  );
}
