/** Values as PostgreSQL reads them: text, or bytes as they are. */

export function wireValue(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'string') {
    return storable(value);
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return Array.isArray(value) ? `{${value.map(element).join(',')}}` : String(value);
}

/** An element of a text array. */
function element(value: unknown): string {
  return value === null ? 'NULL' : `"${storable(String(value)).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** PostgreSQL's text has no NUL, and no name that is stored holds one: what is looked up must not match, and not fail either. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
