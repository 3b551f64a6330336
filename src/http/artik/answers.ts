/** What is answered: JSON that nobody keeps, with absent fields left out and never null. */
import type { Answer } from '../answer.ts';

export const JSON_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
};

/** What is undefined is left out by JSON itself. */
export function json(body: object, status = 200): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/** Most answers are in an envelope. */
export function data(body: object, status = 200): Answer {
  return json({ data: body }, status);
}

export function text(status: number, body: string): Answer {
  return {
    status,
    headers: { ...JSON_HEADERS, 'Content-Type': 'text/plain;charset=UTF-8', 'X-Content-Type-Options': 'nosniff' },
    body,
  };
}

/** 302: old clients know no other. Nothing of a URL with a token in it is sent on. */
export function redirect(location: string): Answer {
  return {
    status: 302,
    headers: {
      Location: location,
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      'Referrer-Policy': 'no-referrer',
    },
    body: '',
  };
}
