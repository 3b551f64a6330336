/** A server and a browser for the tests of a file, and a visit for each. */
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { HAS_CHROMIUM } from '../http/connect/browser.ts';
import { openRealBed, type RealBed } from './bed.ts';
import { Chromium, type Visit } from './chromium.ts';
import { PLAIN, type Variant } from './variants.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface Stage {
  readonly bed: RealBed;
  visit(variant?: Variant): Promise<Visit>;
}

/** CI has a Chromium, and must not go without; elsewhere the tests are skipped where there is none. */
export function describeInChromium(title: string, tests: (stage: Stage) => void): void {
  describe.skipIf(!HAS_CHROMIUM)(HAS_CHROMIUM ? title : `${title} (skipped: there is no Chromium here)`, () => {
    let bed: RealBed;
    let chromium: Chromium;
    beforeAll(async () => {
      [bed, chromium] = await Promise.all([openRealBed(), Chromium.start()]);
    });
    // What was locked for too many failures is open again.
    beforeEach(() => bed.clock.advance(DAY_MS));
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]();
      await bed?.close();
    });
    tests({
      get bed() {
        return bed;
      },
      visit: (variant = PLAIN) => chromium.visit(variant),
    });
  });
}

/** What the client was sent with a `state`; undefined: nothing. */
export function sentBack({ arrived, back }: RealBed, state: string): Readonly<Record<string, string>> | undefined {
  const all = arrived.map((path) => Object.fromEntries(new URL(path, back).searchParams));
  return all.find((parameters) => parameters.state === state);
}

/** A page of ours that says what happened: never a stack, never another site, and nothing that a browser complains of. */
export async function expectCalm(bed: RealBed, visit: Visit): Promise<void> {
  const text = await visit.text();
  expect(new URL(visit.page.url()).origin).toBe(bed.origin);
  expect(text).not.toMatch(/\.ts:\d|\bat \S+ \(|node_modules|Error\b|SQLITE|undefined/);
  expect(await visit.page.locator('h1').count()).toBe(1);
  expect(visit.complaints).toEqual([]);
}
