/**
 * JSON as it was written (RFC 8259). JSON.parse rounds numbers that a double can't hold, and of members with one name it keeps the
 * last; here every digit stays, and what would be lost can be found.
 */

// "JSON.parse source text access" is in Node since 21, and not yet in TypeScript's library.
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;

export interface JsonSurvey {
  /** 0 for a value that is neither an object nor an array. */
  readonly depth: number;
  /** Whether two members of one object have the same name: which of them counts, each reader decides (section 4). */
  readonly repeatsName: boolean;
  /** Whether no text has half of a surrogate pair, which becomes another character on its way (section 8.2). */
  readonly isUnicode: boolean;
}

/** A string, with the colon that makes it a name; or what opens and closes objects and arrays. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/gs;

/** Looks through a text that is known to be JSON, without a stack that its depth could exhaust. */
export function surveyOf(text: string): JsonSurvey {
  const open: (Set<string> | undefined)[] = [];
  let [depth, repeatsName, isUnicode] = [0, false, true];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      depth = Math.max(depth, open.length);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else {
      const literal = token.slice(0, token.lastIndexOf('"') + 1);
      const content = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
      isUnicode &&= content.isWellFormed();
      if (colon !== undefined) {
        const names = open.at(-1);
        repeatsName ||= names?.has(content) ?? false;
        names?.add(content);
      }
    }
  }
  return { depth, repeatsName, isUnicode };
}

/** As JSON.parse, but numbers that JavaScript would write otherwise stay as they are: JSON.stringify writes them so again. */
export function parseExact(text: string): unknown {
  return parseNumbers(text, (number) => JSON.rawJSON(number));
}

/** One text for objects that differ in the order of their members alone: some writers of maps have none. Of a value that is not deep. */
export function orderedText(text: string): string {
  return JSON.stringify(parseExact(text), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** As JSON.parse, but a number that a double can't hold is a string of its digits. */
export function parseDoubles(text: string): unknown {
  return parseNumbers(text, (number, value) => (isDouble(number) ? value : number));
}

/** The first number that no double holds; undefined when each has one. */
export function inexactNumberOf(text: string): string | undefined {
  let found: string | undefined;
  parseNumbers(text, (number, value) => {
    found ??= isDouble(number) ? undefined : number;
    return value;
  });
  return found;
}

/** `read` takes those that JavaScript would write otherwise. */
function parseNumbers(text: string, read: (number: string, value: number) => unknown): unknown {
  const revive: Reviver = (_name, value, { source } = {}) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? read(source, value) : value;
  return JSON.parse(text, revive);
}

/** What `parseExact` kept of a number, as JSON; undefined for any other value. */
export function keptNumber(value: unknown): string | undefined {
  return JSON.isRawJSON(value) ? (value as { readonly rawJSON: string }).rawJSON : undefined;
}

/** Whether a double has just the value of a number of JSON. */
function isDouble(number: string): boolean {
  return Number.isFinite(Number(number)) && decimalOf(number) === decimalOf(String(Number(number)));
}

/** Digits without zeros at either end, and the power of ten that they stand at: one text for one value. */
function decimalOf(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?([0-9]+)(?:\.([0-9]+))?(?:e([-+]?[0-9]+))?$/i.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  // Not by a pattern, which would look at a run of zeros from each of them anew.
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return end === 0 ? '0' : `${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
