/** The fields by which somebody proves who it is, in forms of My account. */
import { codeField, field, hiddenUsername, passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { html, type Markup } from './markup.ts';

export type ProofField = 'password' | 'code' | 'recovery_code';

export interface ProofView {
  /** Whose password it is. */
  readonly username: string;
  readonly asksFactor: boolean;
  /** Whatever field it is about. */
  readonly problem: { readonly field: string; readonly text: string } | undefined;
}

/** The password, and below it a code where one is asked for. */
export function proofFields(frame: Frame, view: ProofView, label = frame.language.texts.proof.password): Markup {
  return html`${hiddenUsername(view.username)}
${passwordField(frame, { name: 'password', label, autocomplete: 'current-password', problem: problemAt(view, 'password') })}
${view.asksFactor ? factorFields(frame, view) : undefined}`;
}

/** Of the app, or one of those that were printed. */
export function factorFields({ language }: Frame, view: Pick<ProofView, 'problem'>): Markup {
  const { proof, secondFactor } = language.texts;
  const problem = problemAt(view, 'recovery_code');
  return html`${codeField({ name: 'code', label: proof.code, problem: problemAt(view, 'code'), isOptional: true })}
<details class="inner"${problem === undefined ? undefined : ' open'}>
<summary>${secondFactor.useRecoveryCode}</summary>
${field({ name: 'recovery_code', label: secondFactor.recoveryCode, autocomplete: 'off', maxLength: 64, isOptional: true, problem })}
</details>`;
}

export function problemAt({ problem }: Pick<ProofView, 'problem'>, field: string): string | undefined {
  return problem?.field === field ? problem.text : undefined;
}
