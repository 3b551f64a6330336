/** E-mail addresses. */
export const EMAIL_FORM = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u;

const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * Whether a text could be taken for another by people: invisible characters, compatibility forms (Unicode UAX 15), or one label of
 * two alphabets whose letters look alike (UTS 39 section 5.1).
 */
export function isLookAlike(text: string): boolean {
  if (/[\p{Cf}\p{Zs}]/u.test(text) || text.normalize('NFKC') !== text.normalize('NFC')) {
    return true;
  }
  return text.split(/[@.]/).some((label) => SCRIPTS.filter((script) => script.test(label)).length > 1);
}
