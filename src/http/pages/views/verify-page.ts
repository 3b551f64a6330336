import { codeField } from './fields.ts';
import type { Frame } from './frame.ts';
import { type AccountView, account, type FormOf, form, layout, notice, success, waysOn } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface VerifyView {
  readonly purpose: 'verify_email' | 'verify_phone';
  readonly address: string;
  readonly confirm: FormOf;
  readonly send: FormOf;
  /** Another address that waits; undefined: none. */
  readonly other: { readonly address: string; readonly path: string } | undefined;
  readonly done: string | undefined;
  readonly problem: string | undefined;
  readonly account: AccountView;
  /** My account. */
  readonly home: string;
}

export function verifyPage(frame: Frame, view: VerifyView): Markup {
  const { purpose, address, confirm, send, other, done, problem, home } = view;
  const { verify: texts } = frame.language.texts;
  const title = purpose === 'verify_email' ? texts.email(address) : texts.phone(address);
  const hidden = html`<input type="hidden" name="purpose" value="${purpose}">`;
  return layout(
    frame,
    texts.title,
    html`<h1>${title}</h1>
${success(done)}
${done === undefined ? html`<p>${texts.intro}</p>` : undefined}
${form(
  confirm,
  html`${hidden}
${codeField({ name: 'code', label: texts.code, hint: texts.codeHint, isFocused: true, problem })}
<button type="submit">${texts.submit}</button>`,
)}
${form(send, html`${hidden}<button type="submit" class="other">${texts.sendAgain}</button>`)}
${account(frame, view.account)}
${waysOn([
  ...(other === undefined ? [] : [{ path: other.path, text: texts.other(other.address) }]),
  { path: home, text: texts.later },
])}`,
  );
}

export interface NothingToVerifyView {
  readonly done: string | undefined;
  readonly problem: string | undefined;
  readonly account: AccountView;
  readonly home: string;
}

export function nothingToVerifyPage(frame: Frame, view: NothingToVerifyView): Markup {
  const { done, problem, home } = view;
  const { verify: texts } = frame.language.texts;
  return layout(
    frame,
    texts.title,
    html`<h1>${texts.title}</h1>
${success(done)}
${notice(problem)}
${done === undefined ? html`<p>${texts.nothing}</p>` : undefined}
${account(frame, view.account)}
${waysOn([{ path: home, text: texts.later }])}`,
  );
}
