/** Where pictures of the pages go: `SYMBOLON_SCREENSHOTS`, or a directory for things that are soon forgotten. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Visit } from './chromium.ts';
import { nameOfVariant, type Variant } from './variants.ts';

export const SCREENSHOTS = process.env.SYMBOLON_SCREENSHOTS ?? join(tmpdir(), 'symbolon-screenshots');

export function takePicture(visit: Visit, place: string): Promise<void> {
  return savePicture(visit, SCREENSHOTS, place);
}

/** As `sign-in.de-phone-dark.png`, of the whole page. */
export async function savePicture(visit: Visit, directory: string, place: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, pictureFile(place, visit.variant));
  await visit.page.screenshot({ path, fullPage: true, animations: 'disabled' });
}

export function pictureFile(place: string, variant: Variant): string {
  return `${place.replaceAll(/[^a-z0-9]+/gi, '-')}.${nameOfVariant(variant)}.png`;
}
