/** The codes of gRPC by their numbers, as Connect calls them, and the HTTP status of each (the Connect protocol, "Error codes"). */

export interface Code {
  readonly name: string;
  readonly http: number;
}

const CODES: readonly Code[] = [
  { name: 'ok', http: 200 },
  { name: 'canceled', http: 499 },
  { name: 'unknown', http: 500 },
  { name: 'invalid_argument', http: 400 },
  { name: 'deadline_exceeded', http: 504 },
  { name: 'not_found', http: 404 },
  { name: 'already_exists', http: 409 },
  { name: 'permission_denied', http: 403 },
  { name: 'resource_exhausted', http: 429 },
  { name: 'failed_precondition', http: 400 },
  { name: 'aborted', http: 409 },
  { name: 'out_of_range', http: 400 },
  { name: 'unimplemented', http: 501 },
  { name: 'internal', http: 500 },
  { name: 'unavailable', http: 503 },
  { name: 'data_loss', http: 500 },
  { name: 'unauthenticated', http: 401 },
];

export const UNKNOWN = 2;
export const RESOURCE_EXHAUSTED = 8;
export const UNIMPLEMENTED = 12;
export const UNAVAILABLE = 14;

export function codeOf(number: number): Code {
  return CODES[number] ?? { name: 'unknown', http: 500 };
}
