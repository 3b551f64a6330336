/** Fields of forms, each with its label, what helps to fill it in, and what is wrong with what was typed. */
import type { Frame } from './frame.ts';
import { html, type Markup } from './markup.ts';

export interface FieldView {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'tel' | 'password';
  /** As it was typed before. Never a password. */
  readonly value?: string;
  /** What a browser or a manager of passwords may fill in (HTML section 4.10.18.7). */
  readonly autocomplete: string;
  readonly maxLength: number;
  readonly inputMode?: 'numeric' | 'email' | 'tel';
  readonly hint?: string | undefined;
  /** What is wrong with it. The field gets the focus then. */
  readonly problem?: string | undefined;
  readonly isFocused?: boolean;
  readonly isOptional?: boolean;
  /** What is typed is a code or a name and no prose: nothing is corrected. */
  readonly capitals?: 'none' | 'characters' | 'words';
}

export function field(view: FieldView): Markup {
  return html`<div class="field">
<label for="${view.name}">${view.label}</label>
${input(view)}
${remarks(view)}
</div>`;
}

/** With a script it can be shown what is typed. */
export function passwordField(
  { language }: Frame,
  view: Omit<FieldView, 'type' | 'value' | 'capitals' | 'inputMode' | 'maxLength'> & {
    readonly autocomplete: 'current-password' | 'new-password';
  },
): Markup {
  const { showPassword, hidePassword } = language.texts.common;
  return html`<div class="field">
<label for="${view.name}">${view.label}</label>
<div class="secret" data-show="${showPassword}" data-hide="${hidePassword}">
${input({ ...view, type: 'password', capitals: 'none', maxLength: MAX_PASSWORD })}
</div>
${remarks(view)}
</div>`;
}

/** More than any password may have, so that none is cut off without a word. */
const MAX_PASSWORD = 4_096;

/** One field for a code, which may be pasted with its spaces. */
export function codeField(
  view: Pick<FieldView, 'name' | 'label' | 'value' | 'hint' | 'problem' | 'isFocused' | 'isOptional'>,
): Markup {
  return field({ ...view, autocomplete: 'one-time-code', inputMode: 'numeric', capitals: 'none', maxLength: 64 });
}

/**
 * Whose password it is, for managers of passwords: without it they save a new one under no name, or under whatever else was typed. They
 * overlook fields of the type hidden.
 */
export function hiddenUsername(username: string): Markup {
  return html`<input class="unseen" type="text" name="username" value="${username}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">`;
}

function input(view: FieldView): Markup {
  const { name, type = 'text', value = '', autocomplete, maxLength, inputMode, problem, capitals = 'none' } = view;
  const { isOptional = false, isFocused = false } = view;
  const described = remarkIds(view).join(' ');
  return html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" autocapitalize="${capitals}" spellcheck="false" maxlength="${String(maxLength)}"${
    inputMode === undefined ? undefined : html` inputmode="${inputMode}"`
  }${described === '' ? undefined : html` aria-describedby="${described}"`}${
    problem === undefined ? undefined : html` aria-invalid="true"`
  }${isOptional ? '' : ' required'}${isFocused || problem !== undefined ? ' autofocus' : ''}>`;
}

function remarkIds({ name, hint, problem }: Pick<FieldView, 'name' | 'hint' | 'problem'>): string[] {
  return [...(problem === undefined ? [] : [`${name}-problem`]), ...(hint === undefined ? [] : [`${name}-hint`])];
}

function remarks({ name, hint, problem }: Pick<FieldView, 'name' | 'hint' | 'problem'>): Markup {
  return html`${problem === undefined ? undefined : html`<p class="problem" id="${name}-problem">${problem}</p>`}${
    hint === undefined ? undefined : html`<p class="hint" id="${name}-hint">${hint}</p>`
  }`;
}
