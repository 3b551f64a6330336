/** The values of a body's fields, and what Kii holds them to; the core checks the rest. */
import { type AttributesChange, changeAttributes, isDeeper, MAX_ATTRIBUTES } from '../../core/attributes.ts';
import { parseExact } from '../../core/json.ts';
import type { JsonText } from '../../core/model.ts';
import { MIN_PASSWORD } from '../../core/text/passwords.ts';
import { type Fields, textField } from './fields.ts';
import { invalidInput, passwordTooShort } from './resource-errors.ts';

/** Undefined when it is absent or null. */
export function textOf(fields: Fields, name: string): string | undefined {
  try {
    return textField(fields, name);
  } catch (error) {
    throw error instanceof Error ? invalidInput(name, error.message) : error;
  }
}

/** Null when it is null, which removes it; undefined when it is absent. */
export function removableTextOf(fields: Fields, name: string): string | null | undefined {
  return fields.get(name) === null ? null : textOf(fields, name);
}

export function requiredText(fields: Fields, name: string): string {
  const text = textOf(fields, name);
  if (text === undefined || text === '') {
    throw invalidInput(name, `${name} is missing`);
  }
  return text;
}

/** Undefined when it is absent or null. */
export function booleanOf(fields: Fields, name: string): boolean | undefined {
  const value = fields.get(name) ?? undefined;
  if (value !== undefined && typeof value !== 'boolean') {
    throw invalidInput(name, `${name} must be true or false`);
  }
  return value;
}

export function requiredBoolean(fields: Fields, name: string): boolean {
  const value = booleanOf(fields, name);
  if (value === undefined) {
    throw invalidInput(name, `${name} is missing`);
  }
  return value;
}

const USER_PASSWORD = /^[\x20-\x7E]{4,50}$/;
const THING_PASSWORD = /^[\x20-\x7E]{1,200}$/;

/** docs/kii-wire.md section 5: 4 to 50 printable ASCII characters. One that is missing is answered as one that is too short. */
export function userPassword(fields: Fields, name: string): string {
  const password = textOf(fields, name) ?? '';
  if (password.length < MIN_PASSWORD) {
    throw passwordTooShort();
  }
  if (!USER_PASSWORD.test(password)) {
    throw invalidInput(name, `${name} must be 4 to 50 printable ASCII characters`);
  }
  return password;
}

/** docs/kii-wire.md section 6: 1 to 200 printable characters. */
export function thingPassword(fields: Fields, name: string): string {
  const password = textOf(fields, name) ?? '';
  if (!THING_PASSWORD.test(password)) {
    throw invalidInput(name, `${name} must be 1 to 200 printable ASCII characters`);
  }
  return password;
}

/** What a request sets of custom fields, or removes by null. `reserved` names are not theirs. */
export function customFields(fields: Fields, reserved: ReadonlySet<string>): JsonText {
  const custom = [...fields].filter(([name]) => !reserved.has(name));
  for (const [name, value] of custom) {
    // Before it is written again, which a deep value would exhaust the stack by.
    if (isDeeper(value, MAX_ATTRIBUTES - 1)) {
      throw invalidInput(name, `${name} is nested more than ${MAX_ATTRIBUTES - 1} levels deep`);
    }
  }
  return JSON.stringify(Object.fromEntries(custom));
}

/** The custom fields of something new. */
export function newAttributes(fields: Fields, reserved: ReadonlySet<string>): JsonText {
  return changeAttributes('{}', { how: 'merge', attributes: customFields(fields, reserved) });
}

/** PATCH: only what is named, so that what another request sets meanwhile stays. */
export function mergedAttributes(
  fields: Fields,
  reserved: ReadonlySet<string>,
): { readonly attributes?: AttributesChange } {
  return [...fields.keys()].every((name) => reserved.has(name))
    ? {}
    : { attributes: { how: 'merge', attributes: customFields(fields, reserved) } };
}

/** POST: all custom fields, so that those that are not named go. `predefined` names are held as they are, and are not custom. */
export function replacedAttributes(
  fields: Fields,
  reserved: ReadonlySet<string>,
  predefined: readonly string[],
): { readonly attributes: AttributesChange } {
  const keep = predefined.filter((name) => !fields.has(name));
  return { attributes: { how: 'replace', attributes: newAttributes(fields, reserved), keep } };
}

/** The custom fields as they are shown. */
export function attributesOf(attributes: JsonText): Record<string, unknown> {
  return parseExact(attributes) as Record<string, unknown>;
}
