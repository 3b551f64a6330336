import { empty, items } from './account-layout.ts';
import { confirmation, hiddenFields } from './confirmation.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form, notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { type ProofView, proofFields } from './own-proof-fields.ts';
import { type Paged, paging } from './paging.ts';
import { withTime } from './when.ts';

/** A form with what it is about. */
export interface FormAbout {
  readonly form: FormOf;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DeviceView {
  readonly name: string;
  /** Empty: there is none besides the name. */
  readonly vendorId: string;
  /** Empty: nobody said it. */
  readonly type: string;
  readonly isDisabled: boolean;
  /** When its token was generated; undefined: it has none. */
  readonly tokenTime: number | undefined;
  /** The paths that ask first. */
  readonly generation: string;
  readonly revocation: string;
}

export function devicesPage(frame: Frame, shown: readonly DeviceView[], paged: Paged): Markup {
  const { devices } = frame.language.texts;
  if (shown.length === 0) {
    return empty(devices.none);
  }
  return html`<p>${devices.intro}</p>
${items(
  shown.map((device) => ({
    name: device.name,
    lines: linesOf(frame, device),
    action: html`${generation(frame, device)}${revocation(frame, device)}`,
  })),
)}
${paging(frame, paged)}`;
}

function linesOf(frame: Frame, { vendorId, type, isDisabled, tokenTime }: DeviceView) {
  const { devices } = frame.language.texts;
  return [
    ...(type === '' ? [] : [devices.type(type)]),
    ...(vendorId === '' ? [] : [devices.vendorId(vendorId)]),
    ...(isDisabled ? [devices.disabled] : []),
    tokenTime === undefined ? devices.noToken : withTime(frame, devices.tokenSince, tokenTime),
  ];
}

function generation({ language }: Frame, { name, isDisabled, tokenTime, generation: path }: DeviceView) {
  const { devices } = language.texts;
  const [label, text] =
    tokenTime === undefined
      ? [devices.generateFor(name), devices.generate]
      : [devices.generateNewFor(name), devices.generateNew];
  return isDisabled
    ? undefined
    : html`<a class="button other small" href="${href(path)}" aria-label="${label}">${text}</a>`;
}

function revocation({ language }: Frame, { name, tokenTime, revocation: path }: DeviceView): Markup | undefined {
  const { devices } = language.texts;
  return tokenTime === undefined
    ? undefined
    : html`<a class="button other small" href="${href(path)}" aria-label="${devices.revokeOf(name)}">${devices.revoke}</a>`;
}

export interface RevocationView extends FormAbout {
  readonly name: string;
  readonly back: string;
}

export function revocationPage(frame: Frame, { name, ...of }: RevocationView): Markup {
  const { devices } = frame.language.texts;
  return confirmation(frame, { ...of, texts: [devices.revokeText(name)], button: devices.revoke });
}

export interface GenerationView extends RevocationView {
  /** Whether no token of it ends thereby. */
  readonly isFirst: boolean;
  readonly proof: ProofView;
  readonly problem: string | undefined;
}

export function generationPage(frame: Frame, { name, isFirst, proof, problem, ...of }: GenerationView): Markup {
  const { devices, common } = frame.language.texts;
  return html`<p>${isFirst ? devices.intro : devices.replaceText(name)}</p>
${notice(problem)}
<div class="narrow">
${form(
  of.form,
  html`${hiddenFields(of.fields)}
${proofFields(frame, proof)}
<div class="choice">
<a class="button other" href="${href(of.back)}">${common.cancel}</a>
<button type="submit">${isFirst ? devices.generate : devices.generateNew}</button>
</div>`,
)}
</div>`;
}

/** In an area of text it is selected by the keyboard, too, and is seen whole. */
export function deviceTokenPage({ language }: Frame, { token, back }: { token: string; back: string }): Markup {
  const { devices, common } = language.texts;
  return html`<p>${devices.tokenText}</p>
<div class="field">
<label for="token">${devices.token}</label>
<textarea class="shown-once" id="token" rows="3" readonly autofocus autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="token-hint">${token}</textarea>
<p class="hint" id="token-hint">${devices.tokenHint}</p>
</div>
<p><a class="button other small" href="${href(back)}">${common.finished}</a></p>`;
}
