/** The two commits, each in a checkout of its own with its own packages. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';

export interface Side {
  readonly name: 'before' | 'after';
  readonly root: string;
  /** The Node that its packages bring. */
  readonly node: string;
  /** For people. */
  readonly commit: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LOCK = 'package-lock.json';
const PACKAGES = 'node_modules';

export function sideOf(name: Side['name'], commit: string | undefined): Side {
  const root = commit === undefined ? ROOT : checkOut(commit);
  const own = join(root, PACKAGES, '.bin/node');
  const node = existsSync(own) ? realpathSync(own) : process.execPath;
  return { name, root, node, commit: describe(root, commit === undefined) };
}

function describe(root: string, maybeChanged: boolean): string {
  const commit = git(root, 'log', '-1', '--format=%h %s').trim();
  const isChanged = maybeChanged && git(root, 'status', '--porcelain', '--untracked-files=no') !== '';
  return isChanged ? `${commit}, with changes that are not committed` : commit;
}

function checkOut(commit: string): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'symbolon-compare-')));
  const root = join(parent, 'checkout');
  atEnd(() => {
    // Not through the link: what is behind it belongs to this checkout.
    rmSync(join(root, PACKAGES), { recursive: true, force: true });
    try {
      git(ROOT, 'worktree', 'remove', '--force', root);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
  git(ROOT, 'worktree', 'add', '--quiet', '--detach', root, commit);
  bringPackages(root);
  return root;
}

function bringPackages(root: string): void {
  const [ours, theirs] = [ROOT, root].map((each) => readFileSync(join(each, LOCK), 'utf8'));
  if (ours === theirs) {
    symlinkSync(realpathSync(join(ROOT, PACKAGES)), join(root, PACKAGES));
    return;
  }
  console.log(`npm ci for ${root}, whose ${LOCK} is another`);
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
