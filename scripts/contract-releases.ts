/**
 * What was released of the contract, as buf images in proto/releases. `npm run contract:check` compares the contract with the newest;
 * `npm run contract:release` writes the next, under the version of package.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BUF = join(ROOT, 'node_modules/.bin/buf');
const DIRECTORY = 'proto/releases';
const IMAGE = /^(\d+)\.(\d+)\.(\d+)\.binpb$/;

/** The name of the newest image; undefined as long as nothing was released. */
export function newestRelease(names: readonly string[]): string | undefined {
  const releases = names.flatMap((name) => {
    const [, ...numbers] = IMAGE.exec(name) ?? [];
    return numbers.length === 0 ? [] : [{ name, numbers: numbers.map(Number) }];
  });
  return releases.sort((a, b) => compare(a.numbers, b.numbers)).at(-1)?.name;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((number, i) => number !== b[i]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

function newestIn(root: string): string | undefined {
  const directory = join(root, DIRECTORY);
  return existsSync(directory) ? newestRelease(readdirSync(directory)) : undefined;
}

function buf(root: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(BUF, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`buf ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

/** Answers what to tell; throws where a program that was generated from the newest release would break. */
export function checkContract(root = ROOT): string {
  const newest = newestIn(root);
  if (newest === undefined) {
    return `nothing is in ${DIRECTORY} yet: test/contract/promised.test.ts holds what is promised until then`;
  }
  buf(root, 'breaking', 'proto', '--against', `${DIRECTORY}/${newest}`);
  return `nothing is broken that ${DIRECTORY}/${newest} has`;
}

/** Writes the image of a version that has none. Answers its path. */
export function releaseContract(root = ROOT): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const image = `${version}.binpb`;
  const newest = newestIn(root);
  if (!IMAGE.test(image)) {
    throw new Error(`version ${version} of package.json must be three numbers: what comes before a release is not one`);
  }
  if (newest !== undefined && newestRelease([image, newest]) === newest) {
    throw new Error(`${DIRECTORY}/${newest} is there. Set a later version in package.json first, for it is ${version}`);
  }
  checkContract(root);
  mkdirSync(join(root, DIRECTORY), { recursive: true });
  buf(root, 'build', 'proto', '--exclude-source-info', '--output', `${DIRECTORY}/${image}`);
  return `${DIRECTORY}/${image}`;
}

if (import.meta.main) {
  try {
    console.log(process.argv[2] === 'release' ? `wrote ${releaseContract()}` : checkContract());
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
