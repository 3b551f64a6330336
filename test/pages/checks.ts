/** What holds for every page, however it is looked at. Each answers what is wrong, in words. */
import type { Look, Visit } from './chromium.ts';
import { SIZES, type Variant } from './variants.ts';

interface Document {
  readonly lang: string;
  readonly dir: string;
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export async function checkDocument(look: Look, { language }: Pick<Variant, 'language'>): Promise<string[]> {
  const { lang, dir, title, headings, text } = await look.see<Document>('document');
  return [
    ...(lang === language ? [] : [`it is in “${lang}” and not in “${language}”`]),
    ...(dir === 'ltr' ? [] : [`it is written “${dir}”`]),
    ...(title.trim() === '' ? ['it has no title'] : []),
    ...(headings.length === 1 ? [] : [`it has ${headings.length} headings of the first level`]),
    ...(/\bundefined\b|\bnull\b|\[object |\bNaN\b/.test(text) ? [`it shows a value that is not a text: ${text}`] : []),
    ...(await look.see<string[]>('references')),
  ];
}

/** WCAG 2.5.8 asks for 24 pixels. A thumb asks for more of buttons and fields. */
export async function checkControls(look: Look): Promise<string[]> {
  const unlabelled = await look.see<string[]>('unlabelled');
  const small = await look.see<string[]>('small', 24, 36);
  const wrong = await look.see<{ name: string; why: string }[]>('wrongFields');
  return [
    ...unlabelled.map((what) => `${what} has no label`),
    ...small.map((what) => `${what} is small to press`),
    ...wrong.filter(({ why }) => why === '').map(({ name }) => `${name} is wrong, and does not say why`),
  ];
}

/** Half as wide is a zoom of 200 %; WCAG 1.4.10 asks for 320 pixels. */
export async function checkWidths(visit: Visit, look: Look): Promise<string[]> {
  const { width, height } = SIZES[visit.variant.size];
  const problems: string[] = [];
  for (const each of visit.variant.size === 'desktop' ? [width, width / 2] : [width, 320]) {
    await visit.page.setViewportSize({ width: each, height });
    const [how, ...what] = await look.see<string[]>('overflow');
    problems.push(...(how === undefined ? [] : [`it scrolls sideways, ${how}: ${what.join(', ')}`]));
  }
  await visit.page.setViewportSize({ width, height });
  return problems;
}

const GRAVE = new Set(['serious', 'critical']);

export async function checkAxe(look: Look, hasScript: boolean): Promise<string[]> {
  const found = await look.axe(hasScript);
  return found.filter(({ impact }) => GRAVE.has(impact)).map(({ rule, impact, at }) => `${impact}, ${rule}: ${at}`);
}

/** Tab stops at every control, in the order in which they are read, and one sees where. */
export async function checkKeyboard(visit: Visit, look: Look): Promise<string[]> {
  const stops = await look.see<(Box & { what: string })[]>('beginTabbing');
  const problems: string[] = [];
  for (const [index, expected] of stops.entries()) {
    await visit.page.keyboard.press('Tab');
    const at = await look.see<{ index: number; what: string; isSeen: boolean }>('stopped');
    if (at.index !== index) {
      return [...problems, `Tab stops at ${at.what} and not at ${expected.what}`];
    }
    problems.push(...(at.isSeen ? [] : [`it is not seen that ${at.what} has the focus`]));
  }
  const back = stops.filter((stop, index) => goesBack(stops[index - 1], stop));
  return [...problems, ...back.map(({ what }) => `Tab goes back up to ${what}`)];
}

/** Up, and not into another column. */
function goesBack(from: Box | undefined, to: Box): boolean {
  return from !== undefined && to.bottom <= from.top && to.left < from.right;
}
