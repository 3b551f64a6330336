/** A module as a bundler makes it for a page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { temporaryDirectory } from '../../../support.ts';

export interface Bundled {
  readonly code: string;
  /** What was bundled, and what is left to be imported. */
  readonly modules: readonly string[];
  readonly imports: readonly string[];
}

/** `text`: of the module, which imports by absolute paths. */
export async function bundled(text: string): Promise<Bundled> {
  const directory = temporaryDirectory();
  try {
    const input = join(directory.path, 'page.ts');
    writeFileSync(input, text);
    // What can't be found is left as it is, and so is told in `imports`.
    const bundle = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
    const { output } = await bundle.generate({ format: 'esm' });
    await bundle.close();
    const [chunk] = output;
    return { code: chunk.code, modules: chunk.moduleIds, imports: [...chunk.imports, ...chunk.dynamicImports] };
  } finally {
    directory.remove();
  }
}
