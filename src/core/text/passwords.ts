/** Passwords. */
import { SymbolonError } from '../errors.ts';

export const MIN_PASSWORD = 4;
const MAX_PASSWORD_BYTES = 1_024;

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message, { about: { field: 'password', value: '' } });
}

export function requirePassword(password: string): void {
  if (password.length === 0) {
    throw invalid('password is missing');
  }
  if (password.length > MAX_PASSWORD_BYTES || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw invalid(`password must be at most ${MAX_PASSWORD_BYTES} bytes`);
  }
  if (password.includes('\0')) {
    throw invalid('password must not have a NUL character');
  }
}

/** Of users; a device's may be of any length. */
export function requireNewPassword(password: string, shortest: number = MIN_PASSWORD): string {
  if (password.length < shortest) {
    throw invalid(`password must be at least ${shortest} characters`);
  }
  requirePassword(password);
  return password;
}
