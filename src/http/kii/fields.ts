/** A body to its fields, and a field to its value. Whatever is not as it should be is refused in words that hold none of it. */
import { isUtf8 } from 'node:buffer';
import { SymbolonError } from '../../core/errors.ts';
import { decodeFormText } from '../../core/form-text.ts';
import { keptNumber, parseExact, surveyOf } from '../../core/json.ts';
import type { Instant } from '../../core/model.ts';

/** A map, so that `__proto__` is a name as any other. */
export type Fields = ReadonlyMap<string, unknown>;

const JSON_TYPES: readonly string[] = ['application/vnd.kii.oauthtokenrequest+json', 'application/json'];
const FORM_TYPE = 'application/x-www-form-urlencoded';

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message);
}

/** Without a content type the body itself tells what it is. */
export function fieldsOf(body: unknown, contentType: string | undefined): Fields {
  const text = textOfBody(body);
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === undefined) {
    return text.trimStart().startsWith('{') ? jsonFields(text) : formFields(text);
  }
  if (JSON_TYPES.includes(mediaType)) {
    return jsonFields(text);
  }
  if (mediaType === FORM_TYPE) {
    return formFields(text);
  }
  throw invalid('The Content-Type is not supported. Send application/json');
}

export function textOfBody(body: unknown): string {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw invalid('The request has no body. Send one');
  }
  if (!isUtf8(body)) {
    throw invalid('The body is not valid UTF-8');
  }
  // RFC 8259 section 8.1 lets a parser ignore a byte order mark.
  return body.toString('utf8').replace(/^\uFEFF/, '');
}

export function jsonFields(text: string): Fields {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || keptNumber(value) !== undefined) {
    throw invalid('The body is not a JSON object');
  }
  return new Map(Object.entries(value));
}

/** Deeper than any field may be: refused by who reads it, and not worth a stack of its depth. */
const MAX_DEPTH = 64;

function parseJson(text: string): unknown {
  const value = parsePlain(text);
  const { depth, repeatsName } = surveyOf(text);
  if (repeatsName) {
    throw invalid('The body has a name twice in one object. Send each name once');
  }
  return depth > MAX_DEPTH ? value : parseExact(text);
}

function parsePlain(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw invalid('The body is not valid JSON');
  }
}

/** A number that was sent as `5.0` or `1e3` is a number too. */
export function plainValue(value: unknown): unknown {
  const number = keptNumber(value);
  return number === undefined ? value : Number(number);
}

/** RFC 6749 appendix B and section 3.2: empty is as absent, and nothing comes twice. */
function formFields(text: string): Fields {
  const fields = new Map<string, unknown>();
  for (const pair of text.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const [key, value] = [decodeFormText(name), decodeFormText(rest.join('='))];
    if (key === undefined || value === undefined) {
      throw invalid('The body is not valid as a form. Check its percent escapes');
    }
    if (value === '') {
      continue;
    }
    if (fields.has(key)) {
      throw invalid('The form has a field twice. Send each field once');
    }
    fields.set(key, value);
  }
  return fields;
}

/** Undefined when it is absent or null. */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw invalid(`${name} must be a string`);
  }
  // A half of a surrogate pair would be replaced on its way, and two different texts would look alike.
  if (!value.isWellFormed()) {
    throw invalid(`${name} is not valid Unicode`);
  }
  return value;
}

/** Epoch milliseconds, as a number or in digits: kii_go sends a JSON string, and a form has nothing else. */
export function instantField(fields: Fields, name: string): Instant | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined) {
    return undefined;
  }
  const instant = typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : plainValue(value);
  if (typeof instant !== 'number' || !Number.isSafeInteger(instant) || instant < 0) {
    throw invalid(`${name} must be a whole number of milliseconds since 1970`);
  }
  return instant;
}
