/** Attributes: a google.protobuf.Struct on the wire, the text of a JSON object in the core. */
import { SymbolonError } from '../../core/errors.ts';
import type { JsonText } from '../../core/model.ts';

/** As ts-proto has a Struct. */
export type StructMessage = { [key: string]: unknown };

/** A level takes three messages, and most decoders of protobuf stop at a hundred. */
const DEEPEST = 32;

function invalid(problem: string): SymbolonError {
  return new SymbolonError('invalid_argument', `attributes ${problem}`);
}

export function attributesTextOf(attributes: StructMessage): JsonText {
  requireJson(attributes, 1);
  return JSON.stringify(attributes);
}

/** Refuses what JSON has no text for, which would be changed without a word. */
function requireJson(value: unknown, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid('holds a number that is not finite');
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth > DEEPEST) {
    throw invalid(`is nested more than ${DEEPEST} deep`);
  }
  for (const each of Object.values(value)) {
    requireJson(each, depth + 1);
  }
}

export function structOf(text: JsonText): StructMessage {
  return JSON.parse(text);
}
