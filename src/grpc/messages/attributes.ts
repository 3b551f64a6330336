/** Attributes: a google.protobuf.Struct on the wire, the text of a JSON object in the core. */
import { type AttributesChange, isDeeper, MAX_ATTRIBUTES } from '../../core/attributes.ts';
import { SymbolonError } from '../../core/errors.ts';
import { parseDoubles } from '../../core/json.ts';
import type { JsonText } from '../../core/model.ts';

/** As ts-proto has a Struct. */
type StructMessage = { [key: string]: unknown };

function invalid(problem: string): SymbolonError {
  return new SymbolonError('invalid_argument', `attributes ${problem}`);
}

export function toAttributesText(attributes: StructMessage): JsonText {
  // Before it is written as text, which a deep value would exhaust the stack by.
  if (isDeeper(attributes, MAX_ATTRIBUTES)) {
    throw invalid(`is nested more than ${MAX_ATTRIBUTES} deep`);
  }
  requireFinite(attributes);
  return JSON.stringify(attributes, (_name, value) => (Object.is(value, -0) ? JSON.rawJSON('-0') : value));
}

/** Refuses what JSON has no text for, which would be changed without a word. */
function requireFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid('must have finite numbers only');
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const each of Object.values(value)) {
    requireFinite(each);
  }
}

/** A number that a double can't hold comes as a string of its digits, as a 64-bit integer does in the JSON mapping of protobuf. */
export function toStruct(text: JsonText): StructMessage {
  return parseDoubles(text) as StructMessage;
}

/** What a path of a mask begins with that names a member, whatever the member is called. */
export const MEMBER_PREFIX = 'attributes.';

/** `attributes` replaces them all; `attributes.<name>` sets that member, or removes it where it is absent. */
export function parseAttributesChange(
  mask: readonly string[] | undefined,
  attributes: StructMessage = {},
): { readonly attributes?: AttributesChange } {
  const members = (mask ?? []).filter((path) => path.startsWith(MEMBER_PREFIX));
  const isReplaced = mask?.includes('attributes') === true;
  if (isReplaced && members.length > 0) {
    throw new SymbolonError('invalid_argument', 'update_mask must name either attributes or members of it');
  }
  if (isReplaced) {
    return { attributes: { how: 'replace', attributes: toAttributesText(attributes) } };
  }
  if (members.length === 0) {
    return {};
  }
  const names = members.map((path) => path.slice(MEMBER_PREFIX.length));
  const patch = Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(attributes, name) ? attributes[name] : null]),
  );
  return { attributes: { how: 'merge', attributes: toAttributesText(patch) } };
}
