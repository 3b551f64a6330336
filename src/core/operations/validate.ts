/** What every transport's input is held to before an operation begins. */
import { type AttributesChange, refuseAttributes } from '../attributes.ts';
import { SymbolonError } from '../errors.ts';
import type { JsonText } from '../model.ts';
import { MAX_SCOPES, REQUEST_ID_FORM, SCOPE_FORM } from '../names.ts';
import { MAX_USERNAME, withoutPrefix } from '../text/usernames.ts';

/** The value is not told back. */
function invalid(message: string, field: string): SymbolonError {
  return new SymbolonError('invalid_argument', message, { about: { field, value: '' } });
}

export function requireText(value: string, field: string, longest: number): void {
  if (value.length === 0) {
    throw invalid(`${field} is missing`, field);
  }
  if (value.length > longest) {
    throw invalid(`${field} must be at most ${longest} characters`, field);
  }
  if (value.includes('\0')) {
    throw invalid(`${field} must not have a NUL character`, field);
  }
}

export function requireUsername(username: string): void {
  // The prefix is no part of the name.
  requireText(withoutPrefix(username) || username, 'username', MAX_USERNAME);
}

/** Answers the scopes without repetitions, in their order. */
export function requireScopes(scopes: readonly string[]): readonly string[] {
  if (scopes.length > MAX_SCOPES) {
    throw invalid(`scopes must have at most ${MAX_SCOPES} entries`, 'scopes');
  }
  if (!scopes.every((scope) => SCOPE_FORM.test(scope))) {
    throw invalid('each of scopes must be a scope (RFC 6749 section 3.3)', 'scopes');
  }
  return [...new Set(scopes)];
}

export function requireRequestId(requestId: string): void {
  if (!REQUEST_ID_FORM.test(requestId)) {
    throw invalid('request_id must be 1 to 128 printable ASCII characters', 'request_id');
  }
}

export function requireAttributes(attributes: JsonText): JsonText {
  const refusal = refuseAttributes(attributes);
  if (refusal !== undefined) {
    throw SymbolonError.of(refusal);
  }
  return attributes;
}

export function requireAttributesChange(change: AttributesChange): AttributesChange {
  requireAttributes(change.attributes);
  return change;
}
