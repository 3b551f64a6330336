/** Where pictures of the pages go: `SYMBOLON_SCREENSHOTS`, or a directory for things that are soon forgotten. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Visit } from './chromium.ts';
import { nameOfVariant } from './variants.ts';

export const SCREENSHOTS = process.env.SYMBOLON_SCREENSHOTS ?? join(tmpdir(), 'symbolon-screenshots');

/** `sign-in.de-phone-dark.png`. */
export async function takePicture(visit: Visit, place: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const file = `${place.replaceAll(/[^a-z0-9]+/gi, '-')}.${nameOfVariant(visit.variant)}.png`;
  await visit.page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true, animations: 'disabled' });
}
