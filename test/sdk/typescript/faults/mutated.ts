/** The whole SDK with something of its core changed: a copy beside links to what it imports, so that nothing in what is shipped knows of it. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../../process/program.ts';
import { changeFiles, MUTANTS, type Mutant } from '../model/mutants.ts';
import type { MakeVerifier } from './fleet.ts';

/** `name`: as the model's controls call it. */
export async function mutatedVerifier(name: string): Promise<Disposable & { readonly Verifier: MakeVerifier }> {
  const mutant = MUTANTS.find((each) => each.name === name) as Mutant;
  const room = mkdtempSync(join(tmpdir(), 'symbolon-mutant-'));
  const copy = join(room, 'sdk', 'typescript', 'src');
  mkdirSync(copy, { recursive: true });
  cpSync(join(ROOT, 'sdk/typescript/src'), copy, { recursive: true });
  for (const linked of ['gen', 'node_modules', 'package.json']) {
    symlinkSync(join(ROOT, linked), join(room, linked));
  }
  changeFiles(join(copy, 'core'), mutant.changes ?? []);
  const { Verifier } = await import(/* @vite-ignore */ pathToFileURL(join(copy, 'index.ts')).href);
  return { Verifier, [Symbol.dispose]: () => rmSync(room, { recursive: true }) };
}
