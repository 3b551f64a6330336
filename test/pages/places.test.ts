/** Every page in every language, size and scheme, with scripts and without. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from '../http/connect/browser.ts';
import { openRealBed, type RealBed } from './bed.ts';
import { checkAxe, checkControls, checkDocument, checkKeyboard, checkWidths } from './checks.ts';
import { Chromium, type Visit } from './chromium.ts';
import { PLACES, type Place } from './places.ts';
import { takePicture } from './screenshots.ts';
import { nameOfVariant, VARIANTS } from './variants.ts';

const title = 'the page';

describe.skipIf(!HAS_CHROMIUM)(HAS_CHROMIUM ? title : `${title} (skipped: there is no Chromium here)`, () => {
  let bed: RealBed;
  let chromium: Chromium;

  beforeAll(async () => {
    [bed, chromium] = await Promise.all([openRealBed(), Chromium.start()]);
  });
  // What was locked for too many failures is open again.
  beforeEach(() => bed.clock.advance(24 * 60 * 60_000));
  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await bed.close();
  });

  describe.each(PLACES)('$name', (place) => {
    it.each(VARIANTS.map((variant) => ({ variant, as: nameOfVariant(variant) })))('$as', async ({ variant }) => {
      await using visit = await chromium.visit(variant);
      await place.go(visit, bed);
      await takePicture(visit, place.name);
      expect((await problemsOf(place, visit)).join('\n')).toBe('');
    });
  });
});

async function problemsOf(place: Place, visit: Visit): Promise<string[]> {
  const { variant } = visit;
  await using look = await visit.look();
  const focused = await look.see<string>('focused');
  const status = visit.statuses.at(-1);
  return [
    ...((await visit.page.locator(place.shows).count()) > 0 ? [] : [`it is another page: ${await visit.text()}`]),
    ...(status === (place.status ?? 200) ? [] : [`it came with ${status}`]),
    ...(place.focus === undefined || place.focus === focused ? [] : [`${focused} has the focus, not ${place.focus}`]),
    ...(await checkDocument(look, variant)),
    ...(await checkControls(look)),
    ...(await checkWidths(visit, look)),
    ...(await checkKeyboard(visit, look)),
    ...(await checkAxe(look, variant.script)),
    ...visit.complaints,
  ];
}
