/** What holds for every page, however it is looked at. Each answers what is wrong, in words. */
import type { Look, Visit } from './chromium.ts';
import { type FormSeen, managerSees } from './password-manager.ts';
import type { Place } from './places/place.ts';
import { SIZES, type Variant } from './variants.ts';

/** Everything that is wrong with the page that a visit has come to. */
export async function checkPage(place: Omit<Place, 'name' | 'go'>, visit: Visit): Promise<string[]> {
  const { variant, page, statuses, complaints } = visit;
  await using look = await visit.look();
  return [
    ...((await page.locator(place.shows).count()) > 0 ? [] : [`it is another page: ${await visit.text()}`]),
    ...(statuses.at(-1) === (place.status ?? 200) ? [] : [`it came with ${statuses.at(-1)}`]),
    ...(await checkFocus(look, place.focus)),
    ...(await checkDocument(look, variant)),
    ...(await checkControls(look)),
    ...(await checkForms(look, place.forms ?? [], variant.script)),
    ...(await checkWidths(visit, look)),
    ...(await checkKeyboard(visit, look)),
    ...(await checkAxe(look, variant.script)),
    ...complaints,
  ];
}

const FOCUS_TRIES = 40;
const FOCUS_WAIT_MS = 25;

/** Where a page puts the focus it does so when it is first drawn, which may be after it was loaded. */
async function checkFocus(look: Look, expected: string | undefined): Promise<string[]> {
  let focused: string | undefined;
  for (let tries = 0; expected !== undefined && focused !== expected && tries < FOCUS_TRIES; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, focused === undefined ? 0 : FOCUS_WAIT_MS));
    focused = await look.see<string>('focused');
  }
  return focused === expected ? [] : [`${focused} has the focus, not ${expected}`];
}

/** What a password manager would do with each form of the page. */
async function checkForms(look: Look, expected: readonly string[], hasScript: boolean): Promise<string[]> {
  const seen = (await look.see<FormSeen[]>('forms')).map((form) => managerSees(form, hasScript));
  const does = seen.map(({ does }) => does).filter((each) => each !== '');
  return [
    ...(does.join('\n') === expected.join('\n') ? [] : [`a password manager sees ${JSON.stringify(does)}`]),
    ...seen.flatMap(({ problems }) => problems),
  ];
}

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

async function checkDocument(look: Look, { language }: Pick<Variant, 'language'>): Promise<string[]> {
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
async function checkControls(look: Look): Promise<string[]> {
  const unlabelled = await look.see<string[]>('unlabelled');
  const small = await look.see<string[]>('small', 24, 36);
  const unequal = await look.see<string[]>('unequal');
  const wrong = await look.see<{ name: string; why: string }[]>('wrongFields');
  return [
    ...unlabelled.map((what) => `${what} has no label`),
    ...small.map((what) => `${what} is small to press`),
    ...(unequal.length === 0 ? [] : [`yes and no are of different sizes: ${unequal.join(', ')}`]),
    ...wrong.filter(({ why }) => why === '').map(({ name }) => `${name} is wrong, and does not say why`),
  ];
}

/** Half as wide is a zoom of 200 %; WCAG 1.4.10 asks for 320 pixels. */
async function checkWidths(visit: Visit, look: Look): Promise<string[]> {
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

async function checkAxe(look: Look, hasScript: boolean): Promise<string[]> {
  const found = await look.axe(hasScript);
  return found.filter(({ impact }) => GRAVE.has(impact)).map(({ rule, impact, at }) => `${impact}, ${rule}: ${at}`);
}

/** Tab stops at every control, in the order in which they are read, and one sees where. */
async function checkKeyboard(visit: Visit, look: Look): Promise<string[]> {
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
  return from !== undefined && to.bottom <= from.top && to.left < from.right && from.left < to.right;
}
