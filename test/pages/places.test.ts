/** Every page in every language, size and scheme, with scripts and without. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from '../http/connect/browser.ts';
import { openRealBed, type RealBed } from './bed.ts';
import { checkPage } from './checks.ts';
import { Chromium } from './chromium.ts';
import { PLACES } from './places.ts';
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
      expect((await checkPage(place, visit)).join('\n')).toBe('');
    });
  });
});
