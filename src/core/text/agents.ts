/** What a browser or program calls itself (RFC 9110 section 10.1.5), in the few words that tell a person which one it was. */

const MAX_READ = 512;
const MAX_SHOWN = 60;

/** Each browser names those that it wants to be taken for too: the first that is found is the one. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPX|OPT|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|Chromium|HeadlessChrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biP(?:hone|od)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac(?:intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `Firefox, Windows` of a browser, and `okhttp/4.12.0` of a program; null of what names itself not at all. */
export function agentText(userAgent: string | undefined): string | null {
  // No control and no character that nobody sees: it is shown on pages and in terminals.
  const text = (userAgent ?? '').slice(0, MAX_READ).replace(/\p{C}/gu, '').trim();
  const parts = /^(?:Mozilla|Opera)\//.test(text) ? [nameIn(text, BROWSERS), nameIn(text, SYSTEMS)] : [];
  const known = parts.filter((part) => part !== undefined);
  const [product = ''] = text.split(/[\s(;]/, 1);
  const shown = known.length === 0 ? product.slice(0, MAX_SHOWN).toWellFormed() : known.join(', ');
  return shown === '' ? null : shown;
}

function nameIn(text: string, names: typeof BROWSERS): string | undefined {
  return names.find(([form]) => form.test(text))?.[1];
}
