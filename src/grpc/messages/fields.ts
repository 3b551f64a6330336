/** The fields that many messages have in common: ids, texts, and what must be there. */
import { SymbolonError } from '../../core/errors.ts';
import { requireText } from '../../core/operations/validate.ts';

const MAX_ID = 256;

/** An id that must be there. Refused here, what is too long is not told back in an error. */
export function parseId(value: string, field: string): string {
  requireText(value, field, MAX_ID);
  return value;
}

/** Undefined for a text that is empty, which protobuf can't tell from one that is absent. */
export function parseText(value: string): string | undefined {
  return value === '' ? undefined : value;
}

export function missing(field: string): SymbolonError {
  return new SymbolonError('invalid_argument', `${field} is missing`);
}
