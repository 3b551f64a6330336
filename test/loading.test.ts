/** What a start loads: a command or a server waits for each library that it does not need. Decision 0150. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+['"]([^'"]+)['"]/gm;

/** The packages that are loaded with a file, and not by `import()` when they are needed. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) {
      return;
    }
    seen.add(path);
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(STATIC_IMPORT)) {
      if (!name.startsWith('.')) {
        packages.add(name);
      } else if (name.endsWith('.ts')) {
        visit(join(dirname(path), name));
      }
    }
  };
  visit(join(ROOT, file));
  return new Set([...packages].filter((name) => !name.startsWith('node:')));
}

it('loads no library for the command line but the one that reads it', () => {
  expect([...packagesOf('src/main.ts')]).toEqual(['commander']);
});

it('loads for a server on SQLite neither PostgreSQL nor what sends mail, metrics or traces', () => {
  for (const file of ['src/server/serve.ts', 'src/server/serving/serving.ts', 'src/server/workers/worker-thread.ts']) {
    const names = [...packagesOf(file)].filter((name) =>
      /^(pg|nodemailer|string-width|@grpc\/reflection|@opentelemetry\/.*otlp.*)$/.test(name),
    );
    expect(names, file).toEqual([]);
  }
});
