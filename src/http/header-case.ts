/**
 * Header names as legacy servers wrote them. Names have no case (RFC 9110 section 5.1), but device firmware that looks for the bytes
 * `Content-Length:` is in the field; Fastify writes them in lower case.
 */
import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Known ones; first those that are more than capitalized words. */
const NAMES = new Map([
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
  ['x-http-status-code', 'X-HTTP-Status-Code'],
]);
const MAX_NAMES = 100;

export class CanonicalResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(
    status: number,
    ...rest: (string | OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined)[]
  ): this {
    const [headers] = rest;
    if (rest.length === 1 && typeof headers === 'object' && !Array.isArray(headers)) {
      return super.writeHead(status, canonical(headers));
    }
    const [message, more] = rest as [string | undefined, OutgoingHttpHeaders | undefined];
    return super.writeHead(status, message, more);
  }
}

function canonical(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const named: OutgoingHttpHeaders = {};
  for (const name in headers) {
    named[NAMES.get(name) ?? canonicalName(name)] = headers[name];
  }
  return named;
}

function canonicalName(name: string): string {
  const canonical = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  // All are ours, so there are few.
  if (NAMES.size < MAX_NAMES) {
    NAMES.set(name, canonical);
  }
  return canonical;
}
