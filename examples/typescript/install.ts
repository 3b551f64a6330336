/** Puts packages of this checkout where Node looks for them. A program of your own has them in its package.json. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export function install(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const source = join(ROOT, 'sdk', 'typescript', name);
    const target = join(folder, 'node_modules', '@symbolon', name);
    const script = join(ROOT, 'scripts', 'package-sdk.ts');
    execFileSync(process.execPath, [script, target], { cwd: source, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
