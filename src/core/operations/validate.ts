/** What every transport's input is held to before an operation begins. */
import { SymbolonError } from '../errors.ts';
import { LONGEST_PASSWORD_BYTES, LONGEST_USERNAME, MOST_SCOPES, REQUEST_ID_FORM, SCOPE_FORM } from '../names.ts';

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message);
}

export function requireText(value: string, field: string, longest: number): void {
  if (value.length === 0) {
    throw invalid(`${field} is missing`);
  }
  if (value.length > longest) {
    throw invalid(`${field} is longer than ${longest} characters`);
  }
  if (value.includes('\0')) {
    throw invalid(`${field} holds a NUL character`);
  }
}

export function requireUsername(username: string): void {
  requireText(username, 'username', LONGEST_USERNAME);
}

export function requirePassword(password: string): void {
  requireText(password, 'password', LONGEST_PASSWORD_BYTES);
  if (Buffer.byteLength(password) > LONGEST_PASSWORD_BYTES) {
    throw invalid(`password is longer than ${LONGEST_PASSWORD_BYTES} bytes`);
  }
}

/** Answers the scopes without repetitions, in their order. */
export function requireScopes(scopes: readonly string[]): readonly string[] {
  if (scopes.length > MOST_SCOPES) {
    throw invalid(`scopes has more than ${MOST_SCOPES} entries`);
  }
  if (!scopes.every((scope) => SCOPE_FORM.test(scope))) {
    throw invalid('scopes holds what is no scope (RFC 6749 section 3.3)');
  }
  return [...new Set(scopes)];
}

export function requireRequestId(requestId: string): void {
  if (!REQUEST_ID_FORM.test(requestId)) {
    throw invalid('request_id must be 1 to 128 printable ASCII characters');
  }
}
