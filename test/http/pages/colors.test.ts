/** What can be read: the colours of the pages, and those that a tenant or a client chose (WCAG 2.2, 1.4.3 and 1.4.11). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentStyle, contrast } from '../../../src/http/pages/views/accent.ts';
import { STYLE } from '../../../src/http/pages/views/style.ts';

type Colors = Readonly<Record<string, string>>;
const TEXT = 4.5;
const LINE = 3;
const SURFACES = ['--page', '--card', '--tint'];

/** The variables of a stylesheet, those for dark pages over those for light ones. */
function schemesOf(style: string): { readonly light: Colors; readonly dark: Colors } {
  const [light = '', dark = ''] = [...style.matchAll(/:root \{([^}]*)\}/g)].map(([, inner]) => inner);
  const colorsIn = (text: string) =>
    Object.fromEntries([...text.matchAll(/(--[a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, color]) => [name, color]));
  return { light: colorsIn(light), dark: { ...colorsIn(light), ...colorsIn(dark) } };
}

const OWN = schemesOf(STYLE);
const SCHEMES = ['light', 'dark'] as const;

/** Each text or line, and what it is seen on. */
const PAIRS: readonly (readonly [string, readonly string[], number])[] = [
  ['--text', SURFACES, TEXT],
  ['--muted', SURFACES, TEXT],
  ['--wrong', ['--card', '--wrong-tint'], TEXT],
  ['--done', ['--card', '--done-tint'], TEXT],
  ['--attention', SURFACES, TEXT],
  ['--field-line', ['--card'], LINE],
];
const ACCENT_PAIRS: typeof PAIRS = [
  ['--accent-text', SURFACES, TEXT],
  ['--accent-line', SURFACES, LINE],
  ['--on-accent', ['--accent'], TEXT],
];

function tooClose(colors: Colors, pairs: typeof PAIRS): string[] {
  return pairs.flatMap(([name, grounds, least]) =>
    grounds
      .filter((ground) => !(contrast(colors[name] ?? '', colors[ground] ?? '') >= least))
      .map((ground) => `${name} ${colors[name]} on ${ground} ${colors[ground]}`),
  );
}

describe.each(SCHEMES)('in %s pages', (scheme) => {
  it('our own colours can be read', () => {
    expect(tooClose(OWN[scheme], [...PAIRS, ...ACCENT_PAIRS])).toEqual([]);
  });

  it('whatever colour was chosen can be read', () => {
    const digits = fc.stringMatching(/^[0-9a-f]{6}$/);
    fc.assert(
      fc.property(digits, (chosen) => {
        const shades = schemesOf(accentStyle(chosen) ?? '')[scheme];
        expect(shades['--accent']).toBe(`#${chosen}`);
        expect(tooClose({ ...OWN[scheme], ...shades }, ACCENT_PAIRS)).toEqual([]);
      }),
      { numRuns: 1_000, examples: ['000000', 'ffffff', '808080', 'ffff00', '0000ff', '767676'].map((one) => [one]) },
    );
  });
});

it('a colour that can be read is left as it is', () => {
  expect(accentStyle('2557c7')).toContain('--accent-text: #2557c7; }');
});

it.each(['', 'fff', 'FFFFFF', '00000g', '000000;}', '../..'])('%j is not a colour', (digits) => {
  expect(accentStyle(digits)).toBeUndefined();
});
