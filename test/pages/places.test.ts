/** Every page in every language, size and scheme, with scripts and without. */
import { describe, expect, it } from 'vitest';
import { checkPage } from './checks.ts';
import { PLACES } from './places.ts';
import { takePicture } from './screenshots.ts';
import { describeInChromium } from './stage.ts';
import { nameOfVariant, VARIANTS } from './variants.ts';

describeInChromium('the page', (stage) => {
  describe.each(PLACES)('$name', (place) => {
    it.each(VARIANTS.map((variant) => ({ variant, as: nameOfVariant(variant) })))('$as', async ({ variant }) => {
      await using visit = await stage.visit(variant);
      await place.go(visit, stage.bed);
      await takePicture(visit, place.name);
      expect((await checkPage(place, visit)).join('\n')).toBe('');
    });
  });
});
