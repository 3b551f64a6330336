/** A picture of how waits are spread: a curve for each name, with the share of all that took at most so long. */

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 56;
const RIGHT = 110;
const TOP = 40;
const BOTTOM = 46;
/** Milliseconds, on a scale of powers of ten. */
const MIN = 0.1;
const MAX = 1_000;
const COLOURS = ['#0b6e99', '#b3541e', '#3f7d20', '#7a3e9d', '#555555'];

const x = (ms: number) =>
  LEFT + ((WIDTH - LEFT - RIGHT) * Math.log10(Math.min(MAX, Math.max(MIN, ms)) / MIN)) / Math.log10(MAX / MIN);
const y = (share: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;

export function curves(waits: Readonly<Record<string, readonly number[]>>, title: string): string {
  const lines = Object.entries(waits).map(([name, each], i) => curve(name, each, i));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
<text x="${LEFT}" y="22" font-size="14">${title}</text>
${axes()}
${lines.join('\n')}
</svg>
`;
}

function axes(): string {
  const across = [0, 0.25, 0.5, 0.75, 0.99].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share).toFixed(1)}" y2="${y(share).toFixed(1)}" stroke="#dddddd"/>` +
      `<text x="${LEFT - 8}" y="${(y(share) + 4).toFixed(1)}" text-anchor="end">${share * 100} %</text>`,
  );
  const up = [0.1, 1, 10, 30, 100, 1_000].map(
    (ms) =>
      `<line x1="${x(ms).toFixed(1)}" x2="${x(ms).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#dddddd"/>` +
      `<text x="${x(ms).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${ms} ms</text>`,
  );
  return [...across, ...up].join('\n');
}

function curve(name: string, waits: readonly number[], index: number): string {
  const sorted = [...waits].sort((a, b) => a - b);
  const points = sorted.map((ms, i) => `${x(ms).toFixed(1)},${y((i + 1) / sorted.length).toFixed(1)}`);
  const colour = COLOURS[index % COLOURS.length];
  return (
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>` +
    `<text x="${WIDTH - RIGHT + 10}" y="${TOP + 16 + 18 * index}" fill="${colour}">${name}</text>`
  );
}
