/**
 * The colour of a tenant or a client, as a stylesheet of its own: the policy takes none within a page. What was chosen may be as light as
 * the page or as dark, so text and lines get a shade of it that can be read (WCAG 2.2, 1.4.3 and 1.4.11).
 */

/** WCAG's least contrast of text, and of what shows where a button is. */
const TEXT_CONTRAST = 4.5;
const LINE_CONTRAST = 3;

/** Of what is behind it, the tint: text on a card stands out from that more. */
const SURFACES = { light: '#f3f4f7', dark: '#232830' } as const;
const WHITE = '#ffffff';
const BLACK = '#000000';
const STEPS = 50;

type Rgb = readonly [number, number, number];

export function accentPath(color: string): string {
  return `/pages/accent/${color.slice(1).toLowerCase()}.css`;
}

/** Undefined for what is not a colour. `digits`: six hexadecimal ones. */
export function accentStyle(digits: string): string | undefined {
  if (!/^[0-9a-f]{6}$/.test(digits)) {
    return undefined;
  }
  const color = `#${digits}`;
  return `:root { ${shades(color, 'light')} }
@media (prefers-color-scheme: dark) { :root { ${shades(color, 'dark')} } }
`;
}

function shades(color: string, scheme: keyof typeof SURFACES): string {
  const surface = SURFACES[scheme];
  const on = contrast(color, WHITE) >= contrast(color, BLACK) ? WHITE : BLACK;
  const line = readable(color, surface, LINE_CONTRAST);
  const text = readable(color, surface, TEXT_CONTRAST);
  return `--accent: ${color}; --on-accent: ${on}; --accent-line: ${line}; --accent-text: ${text};`;
}

/** The first shade towards black or white, whichever the surface is not, that can be told from the surface. */
export function readable(color: string, surface: string, least: number): string {
  const end = luminance(surface) > 0.5 ? BLACK : WHITE;
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mixed(color, end, step / STEPS);
    if (contrast(shade, surface) >= least) {
      return shade;
    }
  }
  return end;
}

/** From 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = rgbOf(color);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Of one part, as sRGB has it (IEC 61966-2-1). */
function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function rgbOf(color: string): Rgb {
  const part = (at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function mixed(color: string, end: string, share: number): string {
  const [from, to] = [rgbOf(color), rgbOf(end)];
  const parts = from.map((part, i) => Math.round(part + ((to[i] ?? 0) - part) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
