/** What applications keep beside a user or device: a JSON object, bounded in length and depth. */
import type { Refusal } from './errors.ts';
import type { JsonText } from './model.ts';

const MAX_ATTRIBUTES_BYTES = 8 * 1_024;
/** Decoders of protobuf stop at 100 nested messages, and a google.protobuf.Struct takes three for each level. */
export const MAX_ATTRIBUTES = 32;

/** Why a text can be no attributes; undefined when it can. */
export function refuseAttributes(attributes: JsonText): Refusal | undefined {
  if (Buffer.byteLength(attributes) > MAX_ATTRIBUTES_BYTES) {
    return refusal(`attributes must be at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`);
  }
  const value = objectOf(attributes);
  if (value !== undefined && !isDeeper(value, MAX_ATTRIBUTES) && !isWellFormed(value)) {
    return refusal('attributes must be valid Unicode, with no half of a surrogate pair');
  }
  return value === undefined || isDeeper(value, MAX_ATTRIBUTES)
    ? refusal(`attributes must be a JSON object, at most ${MAX_ATTRIBUTES} levels deep`)
    : undefined;
}

/** The members of the patch in place of those of the same name; null removes one. Members are not merged in depth. */
export function mergeAttributes(attributes: JsonText, patch: JsonText): JsonText {
  const merged = new Map([...Object.entries(objectOf(attributes) ?? {}), ...Object.entries(objectOf(patch) ?? {})]);
  return JSON.stringify(Object.fromEntries([...merged].filter(([, value]) => value !== null)));
}

function objectOf(text: JsonText): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is nested in more levels than these. Looks no deeper, for the stack is not endless. */
export function isDeeper(value: unknown, levels: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)))
  );
}

/** JSON can hold half of a surrogate pair, and UTF-8 can't: it would be replaced on its way, and two texts would look alike. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.isWellFormed();
  }
  return (
    typeof value !== 'object' ||
    value === null ||
    Object.entries(value).every(([name, each]) => name.isWellFormed() && isWellFormed(each))
  );
}

function refusal(message: string): Refusal {
  return { code: 'invalid_argument', message, about: { field: 'attributes', value: '' } };
}
