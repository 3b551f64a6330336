/** The id that a call is found by in the log: the caller's own where it is well-formed, else a new one. */
import { randomUUID } from 'node:crypto';

export const REQUEST_ID_KEY = 'x-request-id';
const REQUEST_ID_FORM = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestIdOf(value: unknown): string {
  return typeof value === 'string' && REQUEST_ID_FORM.test(value) ? value : randomUUID();
}
