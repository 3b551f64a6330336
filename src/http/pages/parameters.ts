/** The parameters of a query or a form: each at most once, and none that is empty (RFC 6749 section 3.1). */
import { decodeFormText } from '../../core/form-text.ts';
import { PageError } from './page-error.ts';

export interface Parameters {
  /** Undefined where it is absent, empty, or there twice. */
  readonly get: (name: string) => string | undefined;
  /** Names that came more than once. */
  readonly repeated: ReadonlySet<string>;
  /** All of them once, as they came. */
  readonly entries: readonly (readonly [string, string])[];
}

/** `application/x-www-form-urlencoded`. Throws for what is not: nothing of it could be sent back as it came. */
export function parametersOf(text: string): Parameters {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = decoded(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === '') {
      continue;
    }
    if (values.has(name)) {
      repeated.add(name);
    }
    values.set(name, value);
  }
  const entries = [...values].filter(([name, value]) => value !== '' && !repeated.has(name));
  return { get: (name) => (repeated.has(name) ? undefined : values.get(name) || undefined), repeated, entries };
}

/** No database takes a NUL, and no parameter needs one. */
function decoded(text: string): string {
  const value = decodeFormText(text);
  if (value === undefined || value.includes('\0')) {
    throw new PageError(400, ({ errors }) => ({ title: errors.linkDamaged, text: errors.linkDamagedText }));
  }
  return value;
}

export function queryText(entries: Iterable<readonly [string, string]>): string {
  const query = new URLSearchParams([...entries].map(([name, value]): [string, string] => [name, value])).toString();
  return query === '' ? '' : `?${query}`;
}
