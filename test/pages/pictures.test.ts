/** `npm run pages:pictures` writes the pictures of docs/pages; without `SYMBOLON_PICTURES` only what they are of is looked at. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PICTURES } from './pictures.ts';
import { PLACES } from './places.ts';
import { savePicture } from './screenshots.ts';
import { describeInChromium } from './stage.ts';
import { nameOfVariant } from './variants.ts';

const DIRECTORY = process.env.SYMBOLON_PICTURES;
const COMMITTED = join(import.meta.dirname, '../../docs/pages');
const MAX_BYTES = 2_000_000;

const placeOf = (name: string) => PLACES.find((place) => place.name === name);

it('are of pages that there are, each only once in a way', () => {
  expect(PICTURES.filter(({ place }) => placeOf(place) === undefined)).toEqual([]);
  const names = PICTURES.map(({ place, variant }) => `${place} ${nameOfVariant(variant)}`);
  expect(new Set(names).size).toBe(names.length);
});

it('are small enough to be kept beside the sources', () => {
  const files = existsSync(COMMITTED) ? readdirSync(COMMITTED) : [];
  const sizes = files.map((file) => statSync(join(COMMITTED, file)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
});

if (DIRECTORY !== undefined) {
  for (const file of existsSync(DIRECTORY) ? readdirSync(DIRECTORY) : []) {
    // Pictures of before go, and other files stay.
    if (file.endsWith('.png')) {
      rmSync(join(DIRECTORY, file));
    }
  }
  mkdirSync(DIRECTORY, { recursive: true });
  describeInChromium('the pictures', (stage) => {
    it.each(PICTURES.map((picture) => ({ ...picture, as: nameOfVariant(picture.variant) })))(
      '$place, $as',
      async ({ place, variant }) => {
        await using visit = await stage.visit(variant);
        await placeOf(place)?.go(visit, stage.bed);
        await savePicture(visit, DIRECTORY, place);
      },
    );
  });
}
