/** The files of deploy/patroni/, filled as an operator fills them. */
import { readFileSync } from 'node:fs';

const TEMPLATES = new URL('../../deploy/patroni/', import.meta.url);

export type Values = Readonly<Record<string, string | number>>;

export function fill(template: 'patroni.yml' | 'etcd.env' | 'haproxy.cfg', values: Values): string {
  const text = readFileSync(new URL(template, TEMPLATES), 'utf8');
  return text.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`${template} asks for ${name}, which has no value`);
    }
    return String(value);
  });
}

/** The lines of an environment file. */
export function environmentOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
