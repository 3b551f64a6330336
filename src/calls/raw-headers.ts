/** Header blocks as they came, for what the objects that Node makes of them no longer tell. */

/** `raw`: name and value in turn. Names of HTTP/1.1 may be in any case. */
export function hasTwice(raw: readonly string[], name: string): boolean {
  let count = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const each = raw[at] as string;
    if (each.length === name.length && (each === name || each.toLowerCase() === name)) {
      count += 1;
    }
  }
  return count > 1;
}

/** Of several Node hands over the first alone, and something between here and the client may have looked at another. */
export const TWO_CALLERS = 'Authorization came more than once. Send it once';
