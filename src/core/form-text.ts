/** Undoes application/x-www-form-urlencoded of one name or value (RFC 6749 appendix B); undefined when its escapes are not valid. */
export function decodeFormText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
