/** What steps keep and later steps name: `$ann.password` in a scenario. And whether an answer is as a scenario has it. */

/** A name that was kept. */
const NAMED = /^\$[a-z]/;
/** In what a scenario expects: there is something, whatever it is. */
const ANYTHING = '*';

export class Values {
  readonly #values: Record<string, unknown> = {};

  /** `path`: a name, or one within what has a name. */
  set(path: string, value: unknown): void {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const within = names.reduce((all, name) => all[name] as Record<string, unknown>, this.#values);
    within[last] = value;
  }

  /** The same with each `$name` in it replaced by what was kept. @throws where nothing was */
  filled<T>(value: T): T {
    if (typeof value === 'string' && NAMED.test(value)) {
      return this.get(value.slice(1)) as T;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.filled(each)) as T;
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.filled(each)])) as T;
    }
    return value;
  }

  get(path: string): unknown {
    const value = at(this.#values, path);
    if (value === undefined) {
      throw new Error(`no step kept ${path}`);
    }
    return value;
  }
}

/** What is there at a path such as `tokens.0`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((all, name) => (all as Record<string, unknown> | undefined | null)?.[name], value);
}

/** Where it differs from what is expected, or nothing. Of objects only the members that are named; null: there is none; `*`: there is one. */
export function difference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (expected === null) {
    return actual === undefined || actual === null ? undefined : `${path} must be absent`;
  }
  if (expected === ANYTHING) {
    return actual === undefined || actual === null || actual === '' ? `${path} must be there` : undefined;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return `${path} must have ${expected.length} items`;
    }
    return first(expected.map((each, index) => difference(each, actual[index], `${path}.${index}`)));
  }
  if (typeof expected === 'object') {
    return first(
      Object.entries(expected).map(([name, each]) =>
        difference(
          each,
          (actual as Record<string, unknown> | undefined)?.[name],
          path === '' ? name : `${path}.${name}`,
        ),
      ),
    );
  }
  return expected === actual ? undefined : `${path} must be ${JSON.stringify(expected)}`;
}

function first(found: readonly (string | undefined)[]): string | undefined {
  return found.find((each) => each !== undefined);
}
