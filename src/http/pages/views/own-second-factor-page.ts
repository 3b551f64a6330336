import { codeField } from './fields.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form, notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { factorFields, type ProofView, proofFields } from './own-proof-fields.ts';
import { qrCode } from './qr-code.ts';

export interface FactorView {
  readonly form: FormOf;
  readonly proof: ProofView;
  readonly problem: string | undefined;
}

export function factorOffPage(frame: Frame, { form: of, proof, problem }: FactorView): Markup {
  const { factor } = frame.language.texts;
  return html`<p>${factor.offIntro}</p>
<p>${factor.needsApp}</p>
${notice(problem)}
<div class="narrow">
${form(
  of,
  html`${proofFields(frame, proof)}
<button type="submit">${factor.turnOn}</button>`,
)}
</div>`;
}

export function factorOnPage(frame: Frame, { form: of, proof, problem }: FactorView): Markup {
  const { factor } = frame.language.texts;
  return html`<p>${factor.onIntro}</p>
<p>${factor.newCodes}</p>
<section class="block">
<h2>${factor.turnOffTitle}</h2>
<p>${factor.turnOffIntro}</p>
${notice(problem)}
<div class="narrow">
${form(
  of,
  html`${factorFields(frame, proof)}
<button type="submit" class="danger">${factor.turnOff}</button>`,
)}
</div>
</section>`;
}

export interface FactorSetupView {
  readonly form: FormOf;
  readonly abandonForm: FormOf;
  readonly secret: string;
  readonly uri: string;
  readonly problem: string | undefined;
  readonly codeProblem: string | undefined;
}

export function factorSetupPage(frame: Frame, view: FactorSetupView): Markup {
  const { factor, common } = frame.language.texts;
  return html`<p>${factor.scan}</p>
${qrCode(view.uri, factor.qrLabel)}
<details class="inner">
<summary>${factor.cantScan}</summary>
<p>${factor.typeSecret}</p>
<p class="detail"><code class="code">${grouped(view.secret)}</code></p>
</details>
${notice(view.problem)}
<div class="narrow">
${form(
  view.form,
  html`${codeField({ name: 'code', label: factor.firstCode, hint: factor.firstCodeHint, problem: view.codeProblem, isFocused: true })}
<button type="submit">${factor.turnOn}</button>`,
)}
${form(view.abandonForm, html`<button type="submit" class="other">${common.cancel}</button>`)}
</div>`;
}

/** Four letters at a time are easier to type. */
function grouped(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ');
}

export interface RecoveryCodesView {
  readonly codes: readonly string[];
  /** Where one goes on who kept them. */
  readonly next: string;
}

export function recoveryCodesPage(frame: Frame, { codes, next }: RecoveryCodesView): Markup {
  const { factor } = frame.language.texts;
  return html`<p>${factor.codesIntro}</p>
<ul class="recovery-codes">
${codes.map((code) => html`<li><code class="code">${code}</code></li>`)}
</ul>
<p><strong>${factor.codesOnce}</strong></p>
<div class="choice narrow unprinted">
<button type="button" class="other" data-print hidden>${factor.print}</button>
<a class="button" href="${href(next)}">${factor.kept}</a>
</div>`;
}
