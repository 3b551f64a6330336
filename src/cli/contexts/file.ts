/**
 * The file of named contexts: servers, and who we are there. It is `contexts.json` in `$XDG_CONFIG_HOME/symbolon`, else in
 * `~/.config/symbolon` (XDG Base Directory Specification). Secrets are in files of their own beside it, so that what is printed of it
 * never holds one. Others can neither read nor change any of them.
 */
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { reasonOf } from '../../core/reason.ts';
import { readFailure } from '../../files/owners.ts';
import { requireTrusted } from '../../files/trust.ts';
import { makeDirectory, replaceFile } from '../../files/whole.ts';
import { UsageError } from '../terminal/failures.ts';

/** As in the file. */
export interface Context {
  readonly server: string;
  readonly client_id: string;
  /** Absent of a client that only names itself. */
  readonly client_secret_file?: string;
  readonly ca?: string;
  readonly plaintext?: boolean;
  /** For commands that need one and are told none. */
  readonly tenant?: string;
}

export interface Contexts {
  /** The one that is used when none is named. */
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

const NONE: Contexts = { contexts: {} };

const FIELDS: Readonly<Record<keyof Context, 'string' | 'boolean'>> = {
  server: 'string',
  client_id: 'string',
  client_secret_file: 'string',
  ca: 'string',
  plaintext: 'boolean',
  tenant: 'string',
};
const REQUIRED: readonly (keyof Context)[] = ['server', 'client_id'];

/** Undefined where this user has no home, as in containers that run as any number. */
export function contextsPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_CONFIG_HOME: given = '' } = env;
  // The specification ignores relative paths.
  const base = isAbsolute(given) ? given : homeOf(env);
  return base === undefined ? undefined : join(base, 'symbolon', 'contexts.json');
}

function homeOf({ HOME }: NodeJS.ProcessEnv): string | undefined {
  try {
    const home = HOME === undefined || HOME === '' ? homedir() : HOME;
    return isAbsolute(home) ? join(home, '.config') : undefined;
  } catch {
    return undefined;
  }
}

/** None where there is no file. `isAsked`: then what can't be looked at is an error, too. */
export function readContexts(path = contextsPath(), { isAsked = true } = {}): Contexts {
  if (path === undefined || !isThere(path, isAsked)) {
    return NONE;
  }
  requireTrusted(path, { what: 'the file of contexts', isSecret: true });
  try {
    return parseContexts(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError(
      `the file of contexts ${path} can’t be read: ${readFailure(reasonOf(error), path)}. Make it this user’s`,
    );
  }
}

function isThere(path: string, isAsked: boolean): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // The home of another, as after `sudo -u`: nobody there has made contexts for us.
    if (!isAsked) {
      return false;
    }
    throw new UsageError(
      `the file of contexts ${path} can’t be looked at: ${reasonOf(error)}. Set XDG_CONFIG_HOME to a directory of this user’s`,
    );
  }
}

export function writeContexts(contexts: Contexts, path = requirePath()): void {
  makeDirectory(dirname(path));
  requireTrusted(path, { what: 'the file of contexts', isSecret: true });
  replaceFile(path, `${JSON.stringify(contexts, null, 2)}\n`);
}

/** What names no context, where one is asked for. */
export const NO_CONTEXT = 'none';

/** Its secret is in a file of that name. */
export function isContextName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text) && text !== NO_CONTEXT;
}

/** Answers the path of the file that now holds the secret of a context. */
export function keepSecret(name: string, secret: string): string {
  const path = secretPath(name);
  makeDirectory(dirname(path));
  requireTrusted(path, { what: 'the file of a secret', isSecret: true });
  replaceFile(path, `${secret}\n`);
  return path;
}

/** Of a context that is gone; a secret in a file that its user named stays. */
export function forgetSecret(name: string): void {
  rmSync(secretPath(name), { force: true });
}

function secretPath(name: string): string {
  return join(dirname(requirePath()), 'secrets', name);
}

function requirePath(): string {
  const path = contextsPath();
  if (path === undefined) {
    throw new UsageError(
      'this user has no home directory for contexts. Set XDG_CONFIG_HOME to a directory of this user’s',
    );
  }
  return path;
}

function parseContexts(path: string, text: string): Contexts {
  const wrong = (what: string, ...way: string[]): never => {
    throw new UsageError(`${path}, line ${lineOf(text, way)}: ${what}. Mend it, or remove the file`);
  };
  const parsed = parseJson(text, (what, line) => {
    throw new UsageError(`${path}, line ${line}: ${what}. Mend it, or remove the file`);
  });
  if (!isObject(parsed)) {
    return wrong('it must be an object');
  }
  for (const key of Object.keys(parsed)) {
    if (key !== 'current' && key !== 'contexts') {
      wrong(`${key} is unknown`, key);
    }
  }
  const { current, contexts } = parsed;
  if (!isObject(contexts)) {
    return wrong('contexts must be an object', 'contexts');
  }
  if (current !== undefined && (typeof current !== 'string' || !Object.hasOwn(contexts, current))) {
    wrong('current must be the name of a context', 'current');
  }
  for (const [name, context] of Object.entries(contexts)) {
    const at = ['contexts', name];
    if (!isContextName(name)) {
      wrong(`${name} is not a name that context add takes`, ...at);
    }
    if (!isObject(context)) {
      wrong(`the context ${name} must be an object`, ...at);
    }
    for (const [key, value] of Object.entries(context as object)) {
      const kind = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof Context] : undefined;
      if (kind === undefined) {
        wrong(`${key} is unknown`, ...at, key);
      }
      if (typeof value !== kind || value === '') {
        wrong(`${key} must be a ${kind}${kind === 'string' ? ' that is not empty' : ''}`, ...at, key);
      }
    }
    const missing = REQUIRED.find((key) => !Object.hasOwn(context as object, key));
    if (missing !== undefined) {
      wrong(`the context ${name} has no ${missing}`, ...at);
    }
  }
  return parsed as unknown as Contexts;
}

function parseJson(text: string, fail: (what: string, line: number) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
    return fail('it is not JSON', before.split('\n').length);
  }
}

/** Where the last of these keys is, each after the one before. */
function lineOf(text: string, way: readonly string[]): number {
  let at = 0;
  for (const key of way) {
    at = Math.max(at, text.indexOf(JSON.stringify(key), at + 1));
  }
  return text.slice(0, at).split('\n').length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
