/** Parameters in the query, in a form or in a JSON object: clients of ARTIK use each of them, under any content type and none. */
import { isUtf8 } from 'node:buffer';
import { decodeFormText } from '../../core/form-text.ts';
import { invalid } from './errors.ts';

/** Credentials of a client are never in a URL, which is written into logs (RFC 6749 section 2.3.1). */
const NEVER_IN_QUERY = 'client_secret';

export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** What is empty is as absent. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  required(name: string): string {
    const value = this.get(name);
    if (value === undefined) {
      throw invalid(`${name} is missing`);
    }
    return value;
  }

  get entries(): readonly (readonly [string, string])[] {
    return [...this.#values];
  }
}

/** `url`: as it was sent. */
export function queryOf(url: string): Parameters {
  const at = url.indexOf('?');
  return new Parameters(formValues(at === -1 ? '' : url.slice(at + 1)));
}

export function parametersOf(url: string, body: unknown): Parameters {
  const query = queryOf(url);
  if (query.get(NEVER_IN_QUERY) !== undefined) {
    throw invalid('client_secret must not be in the URL. Send it in the body or by Authorization: Basic');
  }
  const all = new Map(query.entries);
  for (const [name, value] of bodyValues(body)) {
    if (all.has(name) && all.get(name) !== value) {
      throw invalid('A parameter is in the query and in the body with different values');
    }
    all.set(name, value);
  }
  return new Parameters(all);
}

/** Whatever its content type says: what begins with a brace is JSON. */
function bodyValues(body: unknown): ReadonlyMap<string, string> {
  const text = textOf(body);
  return text.trimStart().startsWith('{') ? textsIn(jsonObject(text)) : formValues(text);
}

function textsIn(fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const texts = Object.entries(fields).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '' && entry[1].isWellFormed(),
  );
  return new Map(texts);
}

/** A JSON object of a body; empty where there is no body. */
export function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  const text = textOf(body);
  return text.trim() === '' ? {} : jsonObject(text);
}

function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) {
    return '';
  }
  if (!isUtf8(body)) {
    throw invalid('The body is not valid UTF-8');
  }
  return body.toString('utf8').replace(/^\uFEFF/, '');
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw invalid('The body is not valid JSON');
  }
}

function formValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of text.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const [key, value] = [decodeFormText(name), decodeFormText(rest.join('='))];
    if (key === undefined || value === undefined) {
      throw invalid('The parameters have a percent escape that is not valid. Check it');
    }
    if (value === '') {
      continue;
    }
    if (values.has(key)) {
      throw invalid('A parameter comes twice. Send each once');
    }
    values.set(key, value);
  }
  return values;
}
