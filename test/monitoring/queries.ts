/** What a query of Prometheus asks for: enough of PromQL to find names, and to see what is misspelt. */

export interface Selector {
  readonly metric: string;
  /** Labels that it selects by, or that are grouped by around it. */
  readonly labels: readonly string[];
}

/** Of what Prometheus adds to each series itself. */
const OF_PROMETHEUS = ['job', 'instance', 'le'];

/** Every metric of a query with the labels in its braces; those that are grouped by count for each metric beside them. */
export function selectorsOf(query: string): Selector[] {
  return query.split(/\b(?:or|and)\b/).flatMap(selectorsOfPart);
}

function selectorsOfPart(query: string): Selector[] {
  const grouped = [...query.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => wordsOf(list));
  const rest = query.replace(/\b(?:by|without)\s*\([^)]*\)/g, '');
  const found = rest.matchAll(/\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+|up)\b(?!\s*\()(?:\{([^}]*)\})?/g);
  return [...found].map(([, metric = '', matchers = '']) => {
    const own = [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
    return { metric, labels: [...own, ...grouped].filter((label) => !OF_PROMETHEUS.includes(label)) };
  });
}

function wordsOf(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
