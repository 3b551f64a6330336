/** What applications keep beside a user or device: a JSON object, bounded in length and depth. */
import type { Refusal } from './errors.ts';
import { parseExact, surveyOf } from './json.ts';
import type { JsonText } from './model.ts';

/** Kii's documents promise 63 KB of custom fields to a thing (docs/kii-wire.md section 6). */
const MAX_ATTRIBUTES_BYTES = 64 * 1_024;
/** Decoders of protobuf stop at 100 nested messages, and a google.protobuf.Struct takes three for each level. */
export const MAX_ATTRIBUTES = 32;

/** Why a text can be no attributes; undefined when it can. */
export function refuseAttributes(attributes: JsonText): Refusal | undefined {
  if (Buffer.byteLength(attributes) > MAX_ATTRIBUTES_BYTES) {
    return refusal(`attributes must be at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`);
  }
  if (objectOf(attributes, JSON.parse) === undefined) {
    return refusal('attributes must be a JSON object');
  }
  const { depth, repeatsName, isUnicode } = surveyOf(attributes);
  if (depth > MAX_ATTRIBUTES) {
    return refusal(`attributes must be a JSON object, at most ${MAX_ATTRIBUTES} levels deep`);
  }
  if (repeatsName) {
    return refusal('attributes must not have a name twice in one object');
  }
  return isUnicode ? undefined : refusal('attributes must be valid Unicode, without half of a surrogate pair');
}

/** What becomes of the attributes. */
export type AttributesChange =
  /** They are these; of what they were, the members of the names in `keep` stay. */
  | { readonly how: 'replace'; readonly attributes: JsonText; readonly keep?: readonly string[] }
  /** These members take the place of those of the same name; null removes one. What is not named stays. */
  | { readonly how: 'merge'; readonly attributes: JsonText };

/** Members are not merged in depth. Numbers keep all their digits. */
export function changeAttributes(before: JsonText, change: AttributesChange): JsonText {
  const old = entriesOf(before);
  const given = entriesOf(change.attributes);
  if (change.how === 'replace') {
    const { keep = [] } = change;
    return textOf([...old.filter(([name]) => keep.includes(name)), ...given]);
  }
  return textOf([...old, ...given], (value) => value !== null);
}

function entriesOf(text: JsonText): [string, unknown][] {
  return Object.entries(objectOf(text, parseExact) ?? {});
}

/** Of entries with one name the last counts. */
function textOf(entries: readonly [string, unknown][], isKept: (value: unknown) => boolean = () => true): JsonText {
  return JSON.stringify(Object.fromEntries([...new Map(entries)].filter(([, value]) => isKept(value))));
}

function objectOf(text: JsonText, parse: (text: string) => unknown): object | undefined {
  try {
    const value = parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is nested in more levels than these. Looks no deeper, for the stack is not endless. */
export function isDeeper(value: unknown, levels: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !JSON.isRawJSON(value) &&
    (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)))
  );
}

function refusal(message: string): Refusal {
  return { code: 'invalid_argument', message, about: { field: 'attributes', value: '' } };
}
