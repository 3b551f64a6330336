/** Reads the page as Prometheus does: families by their name, with the labels of their series. */

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  /** Each with its value; of a histogram those of `_count` only. */
  readonly series: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function familiesOf(page: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const about = new Map<string, { help: string; unit: string; type: string }>();
  for (const line of page.split('\n')) {
    const [, kind = '', name = '', rest = ''] = /^# (HELP|UNIT|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind !== '') {
      const known = about.get(name) ?? { help: '', unit: '', type: '' };
      about.set(name, { ...known, [kind.toLowerCase()]: rest });
      continue;
    }
    const [, sample = '', , labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const base = about.has(sample) ? sample : sample.replace(/_(count|sum|bucket)$/, '');
    if (sample === '') {
      if (line !== '') {
        throw new Error(`not a line of the text format: ${line}`);
      }
    } else if (base === sample || sample.endsWith('_count')) {
      const known = about.get(base);
      if (known === undefined) {
        throw new Error(`${sample} has no type`);
      }
      const family = families.get(base) ?? { name: base, ...known, series: [] };
      family.series.push({ labels: labelsOf(labels), value: Number(value) });
      families.set(base, family);
    }
  }
  return families;
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, key = '', value = '']) => [key, value]));
}

export async function scrape(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/metrics`);
  if (answer.status !== 200) {
    throw new Error(`the page answered ${answer.status}`);
  }
  return answer.text();
}
