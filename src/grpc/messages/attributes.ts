/** Attributes: a google.protobuf.Struct on the wire, the text of a JSON object in the core. */
import { DEEPEST_ATTRIBUTES, isDeeper } from '../../core/attributes.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { JsonText } from '../../core/model.ts';

/** As ts-proto has a Struct. */
type StructMessage = { [key: string]: unknown };

function invalid(problem: string): SymbolonError {
  return new SymbolonError('invalid_argument', `attributes ${problem}`);
}

export function attributesTextOf(attributes: StructMessage): JsonText {
  // Before it is written as text, which a deep value would exhaust the stack by.
  if (isDeeper(attributes, DEEPEST_ATTRIBUTES)) {
    throw invalid(`is nested more than ${DEEPEST_ATTRIBUTES} deep`);
  }
  requireFinite(attributes);
  return JSON.stringify(attributes);
}

/** Refuses what JSON has no text for, which would be changed without a word. */
function requireFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid('holds a number that is not finite');
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const each of Object.values(value)) {
    requireFinite(each);
  }
}

export function structOf(text: JsonText): StructMessage {
  return JSON.parse(text);
}
