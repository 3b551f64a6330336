/** The compilers of other languages: whether they are on this machine, and running them. */
import { execFile, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const PROTO = join(import.meta.dirname, '../../proto');
/** As protoc takes them beside `-I`. */
export const PROTO_FILES = globSync('symbolon/**/*.proto', { cwd: PROTO }).sort();
export const EXAMPLES = join(import.meta.dirname, '../../examples');
/** What the programs print that call Introspect. */
export const INTROSPECTED = 'live, of demo-service\nnot live once it is revoked\n';
/** A compiler that is loaded for the first time, on a machine that does much else. */
export const MAX_DURATION_MS = 600_000;

const IS_CI = process.env.SYMBOLON_CI === '1';
const run = promisify(execFile);

/** A program, how it tells its version, and the first version that will do. */
export type Tool = readonly [name: string, flag: string, least: string];

/** Whether all of them are here, or nothing may be skipped. Which one is missing is said. */
export function hasTools(language: string, tools: readonly Tool[]): boolean {
  const missing = tools.find((tool) => !isHere(tool));
  if (missing === undefined || IS_CI) {
    return true;
  }
  const [name, , least] = missing;
  // biome-ignore lint/suspicious/noConsole: who runs the tests must see that they did not run, and why.
  console.warn(`clients in ${language} are not tried: there is no ${name} ${least} or later; test/stubs/install.sh`);
  return false;
}

function isHere([name, flag, least]: Tool): boolean {
  const { stdout } = spawnSync(name, [flag], { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

/** Runs one program to its end; answers its standard output. Fails with all that it said. */
export async function runTool(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1_024 * 1_024 };
    return (await run(command, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error([`${command} ${args.join(' ')} failed`, stdout, stderr, String(error)].join('\n'));
  }
}
