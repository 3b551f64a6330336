/**
 * What a password manager makes of a form: what it would fill in, and what it would save. The rules are those of Chromium
 * (https://www.chromium.org/developers/design-documents/form-styles-that-chromium-understands): what `autocomplete` says decides. Other
 * managers go by the order of the fields, and both have to come to the same.
 */
export interface FieldSeen {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly autocomplete: string;
  readonly inputMode: string;
  readonly value: string;
  readonly maxLength: number;
  readonly isReadOnly: boolean;
  /** Not `display: none`; it may be clipped to nothing. */
  readonly isRendered: boolean;
}

export interface FormSeen {
  readonly step: string;
  readonly disabledButtons: number;
  /** The ids of the fields that a button shows the text of. */
  readonly reveals: readonly string[];
  readonly fields: readonly FieldSeen[];
}

export interface ManagerView {
  /** `step: fills …; saves …`; empty: the form is none of its business. */
  readonly does: string;
  readonly problems: readonly string[];
}

interface Roles {
  readonly username: string | undefined;
  readonly current: string | undefined;
  readonly fresh: string | undefined;
}

export function managerSees(form: FormSeen, hasScript: boolean): ManagerView {
  const code = form.fields.find(({ autocomplete }) => autocomplete === 'one-time-code')?.name;
  const roles = byMarkup(form);
  return { does: doesOf(form.step, roles, code), problems: problemsOf(form, roles, hasScript) };
}

function doesOf(step: string, { username, current, fresh }: Roles, code: string | undefined): string {
  const saved = fresh ?? current;
  const fills = [
    ...(current === undefined ? [] : [`fills ${username ?? 'nobody'} and ${current}`]),
    ...(fresh === undefined ? [] : [`offers a new ${fresh}`]),
    ...(code === undefined ? [] : [`fills the one-time code ${code}`]),
    ...(saved === undefined ? [] : [`saves ${saved} of ${username ?? 'nobody'}`]),
  ];
  return fills.length === 0 ? '' : `${step}: ${fills.join('; ')}`;
}

const isTyped = ({ type }: FieldSeen) => /^(?:text|email|tel|password)$/.test(type);

/** Of new passwords the first one counts: the second repeats it. */
function byMarkup({ fields }: FormSeen): Roles {
  const called = (word: string) => fields.find(({ autocomplete }) => autocomplete.split(' ').includes(word))?.name;
  return { username: called('username'), current: called('current-password'), fresh: called('new-password') };
}

/** The text before the first password is the user's name. Of two passwords the first one is the old one, if they differ in what they are. */
function byOrder({ fields }: FormSeen, { current }: Roles): Roles {
  const typed = fields.filter(isTyped);
  const first = typed.findIndex(isPassword);
  const passwords = typed.filter(isPassword);
  const username = typed.slice(0, Math.max(first, 0)).at(-1)?.name;
  const [one, two] = passwords.map(({ name }) => name);
  if (passwords.length === 1) {
    return current === undefined
      ? { username, current: undefined, fresh: one }
      : { username, current: one, fresh: undefined };
  }
  return current === undefined ? { username, current: undefined, fresh: one } : { username, current: one, fresh: two };
}

/** A button may show it as text. */
const isPassword = ({ type, autocomplete }: FieldSeen) =>
  type === 'password' || /\b(?:current|new)-password\b/.test(autocomplete);

const WORDS = /^(?:username(?: webauthn)?|email|tel|name|nickname|off|one-time-code|current-password|new-password|on)$/;
/** What managers make up is not longer; neither is what people remember. */
const LONGEST_MADE_UP = 128;

function problemsOf(form: FormSeen, roles: Roles, hasScript: boolean): string[] {
  const { step, fields, reveals, disabledButtons } = form;
  const typed = fields.filter(isTyped);
  const passwords = fields.filter(isPassword);
  const says = (what: string) => `the form ${step}: ${what}`;
  return [
    ...typed
      .filter(({ id, name, autocomplete }) => name === '' || (id === '' && autocomplete !== 'username'))
      .map(() => says('a field has no name or id')),
    ...typed
      .filter(({ autocomplete }) => !WORDS.test(autocomplete))
      .map(({ name, autocomplete }) => says(`autocomplete of ${name} is “${autocomplete}”`)),
    ...passwords.flatMap((field) => passwordProblems(field)).map(says),
    ...(passwords.length > 0 ? usernameProblems(form, roles) : []).map(says),
    ...(passwords.length > 0 && !isSame(roles, byOrder(form, roles))
      ? [says('what its fields say is not what their order says')]
      : []),
    ...fields
      .filter(({ autocomplete }) => autocomplete === 'one-time-code')
      .flatMap((field) => codeProblems(field))
      .map(says),
    ...(disabledButtons > 0 ? [says('a button is disabled: what is filled in by a manager may not enable it')] : []),
    ...passwords
      .filter(({ id }) => reveals.includes(id) !== hasScript)
      .map(({ name }) => says(hasScript ? `nothing shows ${name}` : `a button shows ${name}, which needs a script`)),
  ];
}

function passwordProblems({ name, autocomplete, maxLength, value, isRendered }: FieldSeen): string[] {
  return [
    ...(/^(?:current|new)-password$/.test(autocomplete) ? [] : [`${name} is a password of no kind`]),
    ...(maxLength !== -1 && maxLength < LONGEST_MADE_UP ? [`${name} takes only ${maxLength} characters`] : []),
    ...(value === '' ? [] : [`${name} was sent back with the page`]),
    ...(isRendered ? [] : [`${name} is not shown`]),
  ];
}

/** Without it a manager saves the password under no name, or under whatever else was typed; fields of the type hidden are overlooked. */
function usernameProblems({ fields }: FormSeen, { username }: Roles): string[] {
  const field = fields.find(({ name }) => name === username);
  if (field === undefined) {
    return ['it has a password and no user name'];
  }
  return [
    ...(isTyped(field) && field.isRendered ? [] : ['its user name is hidden from managers']),
    ...(field.isReadOnly && field.value === '' ? ['its user name is empty'] : []),
  ];
}

function codeProblems({ name, inputMode, type, maxLength }: FieldSeen): string[] {
  return [
    ...(inputMode === 'numeric' ? [] : [`${name} brings up no keys for digits`]),
    ...(type === 'text' ? [] : [`${name} is a field of the type ${type}`]),
    ...(maxLength !== -1 && maxLength < 8 ? [`${name} cuts off a code that is pasted with spaces`] : []),
  ];
}

function isSame(one: Roles, other: Roles): boolean {
  return one.username === other.username && one.current === other.current && one.fresh === other.fresh;
}
