/** Of the system, such as `ENOENT`, or of OpenSSL. It can be looked up, and the message would say less, or name the file once more. */
const TELLING_CODE = /^E(?!RR_(?!OSSL_))[A-Z0-9_]+$/;

/** Why something failed, in a few words for the operator, to stand in a sentence that says what was tried. */
export function reasonOf(error: unknown): string {
  // Several addresses of one name fail as one error without a message of its own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) {
    return String(first);
  }
  const code = 'code' in first ? String(first.code) : '';
  if (code.startsWith('SQLITE_')) {
    return `${first.message} (${code})`;
  }
  return TELLING_CODE.test(code) ? code : first.message;
}
