import type { Frame } from './frame.ts';
import { type FormOf, form, layout, notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { type ProofView, proofFields } from './own-proof-fields.ts';

export interface DeletionView {
  readonly form: FormOf;
  readonly proof: ProofView;
  readonly problem: string | undefined;
}

export function deletionPage(frame: Frame, { form: of, proof, problem }: DeletionView): Markup {
  const { deletion } = frame.language.texts;
  return html`<p>${deletion.intro}</p>
<ul>
${deletion.consequences.map((text) => html`<li>${text}</li>`)}
</ul>
<p><strong>${deletion.forEver}</strong></p>
${notice(problem)}
<div class="narrow">
${form(
  of,
  html`${proofFields(frame, proof)}
<button type="submit" class="danger">${deletion.submit}</button>`,
)}
</div>`;
}

/** To who is not signed in any more. `isDone`: else it may have been done before. */
export function deletionSaid(
  frame: Frame,
  { isDone, home }: { readonly isDone: boolean; readonly home: string },
): Markup {
  const { deletion, signIn } = frame.language.texts;
  const title = isDone ? deletion.deleted : deletion.notSignedIn;
  return layout(
    frame,
    title,
    html`<h1>${title}</h1>
<p>${isDone ? deletion.deletedText : deletion.notSignedInText}</p>
${isDone ? undefined : html`<p><a class="button other" href="${href(home)}">${signIn.title}</a></p>`}`,
  );
}
