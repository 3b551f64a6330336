/** The parameters of a request: a form in its body, and nothing elsewhere (RFC 6749 section 3.2). */
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { decodeFormText } from '../../core/form-text.ts';
import { OAuthError } from './errors.ts';

export const FORM = 'application/x-www-form-urlencoded';
const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;
/** The only one that may come more than once (RFC 8707 section 2). */
const RESOURCE = 'resource';

function invalid(message: string): OAuthError {
  return new OAuthError('invalid_request', message);
}

/** What was sent empty is as absent (RFC 6749 section 3.2). */
export class Form {
  readonly #values = new Map<string, string>();
  /** Each `resource`, in their order. */
  readonly resources: string[] = [];

  /** Throws `invalid_request` for what comes twice, and for escapes that are not valid. */
  constructor(text: string) {
    for (const pair of text.split('&')) {
      const equals = pair.indexOf('=');
      const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
      const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
      if (value === '') {
        continue;
      }
      if (name === RESOURCE) {
        this.resources.push(value);
      } else if (this.#values.has(name)) {
        throw invalid('The form has a parameter twice. Send each once');
      } else {
        this.#values.set(name, value);
      }
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) {
      throw invalid(`${name} is missing`);
    }
    return value;
  }
}

/** Most values have no escapes. */
function decoded(text: string): string {
  if (!/[%+]/.test(text)) {
    return text;
  }
  const value = decodeFormText(text);
  if (value === undefined) {
    throw invalid('The form has a percent escape that is not valid. Check it');
  }
  return value;
}

export function formOf({ raw, body, headers }: FastifyRequest): Form {
  refuseQuery(raw.url ?? '');
  const type = headers['content-type'];
  if (type === undefined || !FORM_TYPE.test(type)) {
    throw invalid(`The parameters must be a form. Send Content-Type: ${FORM}`);
  }
  if (!Buffer.isBuffer(body)) {
    return new Form('');
  }
  if (!isUtf8(body)) {
    throw invalid('The form is not valid UTF-8');
  }
  return new Form(body.toString('utf8'));
}

/** URLs end up in logs (RFC 6749 section 2.3.1, RFC 7009 section 2.1). */
function refuseQuery(url: string): void {
  const query = url.indexOf('?');
  if (query !== -1 && query < url.length - 1) {
    throw invalid('The parameters must be in the body, and the query must be empty');
  }
}
