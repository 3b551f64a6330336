/** How the driver of each language is found, built and started. A language is one line. */

import { ROOT } from '../process/program.ts';
import { hasTools, type Tool } from '../stubs/tools.ts';

export interface Language {
  /** What must be on this machine. */
  readonly tools: readonly Tool[];
  /** Makes it in a directory that is empty at first, `{out}`. Run where `folder` is. */
  readonly build?: readonly (readonly string[])[];
  /** Starts it. `{out}` as above, `{root}` is the checkout. */
  readonly start: readonly string[];
  /** Of the driver, in the checkout. */
  readonly folder: string;
  /** The same driver over another half of the SDK: what it is called, and what its environment says. */
  readonly variants?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const JAVA_BUILD = ['package', '-DskipTests', '-pl', ':symbolon-driver', '-am'];

export const LANGUAGES: Readonly<Record<string, Language>> = {
  java: {
    tools: [
      ['mvn', '--version', '3.6'],
      ['javac', '-version', '17.0'],
    ],
    build: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Maven's own.
      ['mvn', '-q', '-B', '-f', '{root}sdk/java', '-Dsymbolon.target={out}/${project.artifactId}', ...JAVA_BUILD],
    ],
    start: ['java', '-jar', '{out}/symbolon-driver/driver.jar'],
    folder: 'test/sdk/java/driver',
  },
  typescript: { tools: [], start: ['{node}', '{root}test/sdk/typescript/driver.ts'], folder: 'test/sdk/typescript' },
  go: {
    tools: [['go', 'version', '1.26']],
    build: [['go', 'build', '-o', '{out}/driver', './internal/driver']],
    start: ['{out}/driver'],
    folder: 'sdk/go',
  },
  python: {
    tools: [['python3', '--version', '3.10']],
    build: [
      ['python3', '-m', 'venv', '{out}/venv'],
      ['{out}/venv/bin/python', '-m', 'pip', 'install', '--quiet', '-r', 'requirements.txt'],
    ],
    start: ['{out}/venv/bin/python', '{root}test/sdk/python/driver.py'],
    folder: 'test/sdk/python',
    variants: { 'python asyncio': { SYMBOLON_TEST_ASYNC: '1' } },
  },
};

/** What scenarios are played for: each with its environment. */
export function playedOf(
  name: string,
  { variants = {} }: Language,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return { [name]: {}, ...variants };
}

export function canRun(name: string, { tools }: Language): boolean {
  return hasTools(name, tools);
}

export function filled(words: readonly string[], out: string): string[] {
  return words.map((word) =>
    word.replaceAll('{out}', out).replaceAll('{root}', ROOT).replaceAll('{node}', process.execPath),
  );
}
