/** A text that cameras read, drawn as one shape. */
import { encode } from 'uqr';
import { html, type Markup } from './markup.ts';

/** ISO/IEC 18004 section 9.1: four modules of white around it. */
const QUIET_ZONE = 4;

/**
 * White and black whatever the scheme of the page is: most apps can't read it the other way round. A screen has no dirt on it, and larger
 * modules are read better than the repair of smaller ones.
 */
export function qrCode(text: string, label: string): Markup {
  const { data, size } = encode(text, { ecc: 'L', border: QUIET_ZONE });
  const side = String(size);
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#ffffff"/><path fill="#000000" d="${data.map(rowPath).join('')}"/></svg>`;
}

/** Each run of dark modules is a rectangle. */
function rowPath(row: readonly boolean[], y: number): string {
  const runs = row
    .map((isDark) => (isDark ? '1' : '0'))
    .join('')
    .matchAll(/1+/g);
  return [...runs].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`).join('');
}
