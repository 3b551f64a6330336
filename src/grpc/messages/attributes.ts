/** Attributes: a google.protobuf.Struct on the wire, the text of a JSON object in the core. */
import { isDeeper, MAX_ATTRIBUTES } from '../../core/attributes.ts';
import { SymbolonError } from '../../core/errors.ts';
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
  return JSON.stringify(attributes);
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

export function toStruct(text: JsonText): StructMessage {
  return JSON.parse(text);
}
