/** The architecture, as a test: imports point to the right, the core stays pure, and nothing talks to the console. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** What the doors use of the core. */
const CORE = ['core', 'core/text', 'core/tables', 'core/rules', 'core/commands', 'core/services', 'core/operations'];

/** What an engine of the store uses of it. */
const ENGINE = ['core', 'core/tables', 'core/rules', 'core/commands', 'core/services', 'store/rows'];

/** What each folder may import of the others, `.` being what lies beside them. A folder that is missing here is refused. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  'core/text': ['core'],
  'core/tables': ['core'],
  'core/rules': ['core', 'core/text', 'core/tables'],
  'core/commands': ['core', 'core/text', 'core/tables', 'core/rules'],
  'core/services': ['core', 'core/text', 'core/tables', 'core/rules', 'core/commands'],
  'core/operations': ['core', 'core/text', 'core/tables', 'core/rules', 'core/commands', 'core/services'],
  'store/rows': ['core', 'core/tables', 'core/rules', 'core/services'],
  'store/memory': ENGINE,
  'store/sqlite': [...ENGINE, 'files'],
  'store/postgres': ENGINE,
  'store/copy': ['core', 'core/tables', 'store/rows', 'store/sqlite', 'store/postgres'],
  store: ['core', 'core/services', 'store/sqlite', 'store/postgres'],
  files: [],
  password: ['core', 'core/services'],
  senders: CORE,
  watch: ['core', 'core/tables', 'core/services', 'core/operations'],
  calls: ['core', 'core/services', 'core/operations', 'gen'],
  'grpc/messages': [...CORE, 'gen', 'watch'],
  'grpc/methods': [...CORE, 'gen', 'calls', 'grpc/messages'],
  grpc: [...CORE, 'gen', 'calls', 'watch', 'grpc/messages', 'grpc/methods'],
  http: ['core', 'core/services', 'calls'],
  'http/kii': [...CORE, 'calls', 'http'],
  'http/oauth2': [...CORE, 'calls', 'http'],
  'http/artik': [...CORE, 'calls', 'http'],
  'http/pages': [...CORE, 'calls', 'http', 'http/pages/texts', 'http/pages/views'],
  'http/pages/texts': [],
  'http/pages/views': ['http/pages/texts'],
  'http/connect': [...CORE, 'gen', 'calls', 'grpc/messages', 'grpc/methods', 'http'],
  telemetry: ['core', 'core/tables', 'core/commands', 'core/services', 'calls'],
  'telemetry/traces': ['core', 'calls', 'telemetry'],
  config: ['core', 'files', 'calls', 'senders', 'store', 'store/copy', 'store/postgres', 'telemetry/traces'],
  'server/serving': [
    ...['core', 'core/services', 'calls', 'grpc', 'http', 'http/artik', 'http/connect', 'http/kii', 'http/oauth2'],
    ...['http/pages', 'store'],
    ...['telemetry', 'telemetry/traces', 'watch'],
  ],
  'server/workers': [
    ...['core', 'core/services', 'calls', 'config', 'password', 'store', 'telemetry', 'watch', 'server/serving'],
  ],
  server: [
    ...[
      ...CORE,
      'calls',
      'config',
      'files',
      'grpc',
      'http',
      'http/artik',
      'password',
      'senders',
      'store',
      'store/sqlite',
      'telemetry',
    ],
    ...['server/serving', 'server/workers', 'watch'],
  ],
  'cli/terminal': ['core'],
  'cli/contexts': ['core', 'config', 'files', 'cli/terminal'],
  'cli/api': [
    ...[...CORE, 'gen', 'calls', 'config', 'files', 'grpc', 'grpc/methods', 'password', 'server', 'store'],
    ...['store/sqlite', 'watch'],
  ],
  cli: [
    ...[
      ...CORE,
      'gen',
      'cli/api',
      'cli/contexts',
      'cli/terminal',
      'config',
      'password',
      'server',
      'server/serving',
      'store',
      'store/copy',
    ],
    'store/sqlite',
  ],
  '.': ['cli'],
};

/** What the core may import of packages: no I/O, no clock, no randomness. `node:url` maps domains, by a table (UTS 46). */
const PURE_PACKAGES = ['node:crypto', 'node:url', 'node:zlib', 'libphonenumber-js/min', 'otpauth'];
const IMPURE = /\b(Date\.now|new Date\(\)|Math\.random|randomBytes|randomUUID|randomInt|process\.|performance\.)/;
const MAX_LINES = 250;

const FILES = filesIn(SOURCE);

function filesIn(root: string) {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      file,
      folder: dirname(file),
      /** The outermost folder. */
      area: file.includes('/') ? (file.split('/')[0] ?? '') : '.',
      text: readFileSync(join(root, file), 'utf8'),
    }));
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)|new URL\('([^']+\.ts)'/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

/** The folder of src that a relative import leads to, or `gen`. */
function folderOf(file: string, specifier: string): string {
  const target = normalize(join(dirname(file), specifier));
  if (target.startsWith('../gen/')) {
    return 'gen';
  }
  return target.startsWith('..') ? relative('.', target) : dirname(target);
}

interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Every import of one folder by a file of another. */
const CROSSINGS: readonly Crossing[] = FILES.flatMap(({ file, folder, text }) =>
  importsOf(text)
    .filter((specifier) => specifier.startsWith('.') && specifier.endsWith('.ts'))
    .map((specifier) => folderOf(file, specifier))
    .filter((to) => to !== folder)
    .map((to) => ({ from: folder, to, text: `${file} imports ${to}` })),
);

/** The first circle that is found from each folder, as `a > b > a`. */
function circlesAmong(edges: readonly Pick<Crossing, 'from' | 'to'>[]): string[] {
  const next = (folder: string) => [...new Set(edges.filter(({ from }) => from === folder).map(({ to }) => to))];
  const search = (path: readonly string[]): string | undefined => {
    for (const folder of next(path.at(-1) ?? '')) {
      const found = folder === path[0] ? [...path, folder].join(' > ') : undefined;
      const circle = found ?? (path.includes(folder) ? undefined : search([...path, folder]));
      if (circle !== undefined) {
        return circle;
      }
    }
    return undefined;
  };
  return [...new Set(edges.map(({ from }) => from))].flatMap((folder) => search([folder]) ?? []);
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

const MUTATORS = 'set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin';

/** The names at the top level of a file that hold something which changes between calls. */
function stateOf(source: string): string[] {
  const text = withoutComments(source);
  const reassigned = [...text.matchAll(/^(?:export )?(?:let|var) ([^\s:;=]+)/gm)];
  const collections = [
    ...text.matchAll(
      /^(?:export )?const (\w+)(?:: (?!Readonly|readonly )[^=]*?)? =\s*new (?:Weak)?(?:Map|Set|Array)\b/gm,
    ),
  ];
  const own = [...text.matchAll(/^(?:export )?const (\w+)/gm)].map((match) => match[1] ?? '');
  const imported = [...text.matchAll(/^import \{([^}]*)\}/gm)].flatMap((match) => (match[1] ?? '').split(','));
  const values = imported.map((each) => each.trim()).filter((each) => each !== '' && !each.startsWith('type '));
  const names = [...own, ...values.map((each) => each.split(' ').at(-1) ?? '')];
  const mutated = names.filter((name) => isMutated(text, name));
  return [...new Set([...[...reassigned, ...collections].map((match) => match[1] ?? ''), ...mutated])];
}

function isMutated(text: string, name: string): boolean {
  const part = `(?<![\\w.])${name}(?:\\.\\w+|\\[[^\\]]*\\])`;
  return [
    `${part}+ (?:[-+*/%^|&]|\\*\\*|&&|\\|\\||\\?\\?|<<|>>>?)?=(?![=>])`,
    `${part}*\\.(?:${MUTATORS})\\(`,
    `${part}+(?:\\+\\+|--)`,
    `\\bdelete ${part}`,
    `\\bObject\\.(?:assign|definePropert\\w+)\\(${name}\\b`,
  ].some((form) => new RegExp(form).test(text));
}

describe('the shape of src', () => {
  it('has a rule for every folder', () => {
    const folders = new Set(FILES.map(({ folder }) => folder));
    expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('has nothing beside the folders but the entry', () => {
    expect(FILES.filter(({ folder }) => folder === '.').map(({ file }) => file)).toEqual(['main.ts']);
  });

  it('tells in every folder what it is for', () => {
    const folders = [...new Set(FILES.map(({ folder }) => folder))];
    expect(folders.filter((folder) => !existsSync(join(SOURCE, folder, 'README.md')))).toEqual([]);
  });

  it('lets imports point to the right only', () => {
    const wrong = CROSSINGS.filter(({ from, to }) => !MAY_IMPORT[from]?.includes(to));
    expect(wrong.map(({ text }) => text)).toEqual([]);
  });

  it('has no circles between folders, in what is imported and in what may be', () => {
    const allowed = Object.entries(MAY_IMPORT).flatMap(([from, targets]) => targets.map((to) => ({ from, to })));
    expect(circlesAmong(CROSSINGS)).toEqual([]);
    expect(circlesAmong(allowed)).toEqual([]);
  });

  it('keeps nothing in the core between calls', () => {
    const state = FILES.filter(({ area }) => area === 'core').flatMap(({ file, text }) =>
      stateOf(text).map((name) => `${file}: ${name}`),
    );
    expect(state).toEqual([]);
  });

  it('keeps the core free of I/O, clocks and randomness', () => {
    const core = FILES.filter(({ area }) => area === 'core');
    const packages = core.flatMap(({ file, text }) =>
      importsOf(text)
        .filter((specifier) => !specifier.startsWith('.') && !PURE_PACKAGES.includes(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    const impure = core.filter(({ text }) => IMPURE.test(text)).map(({ file }) => file);
    expect([...packages, ...impure]).toEqual([]);
  });

  it('keeps the words of a dialect out of the core', () => {
    const foreign = /\b(session|realm|jti|thing|appID)\b/;
    const named = FILES.filter(({ area, text }) => area === 'core' && foreign.test(withoutComments(text)));
    expect(named.map(({ file }) => file)).toEqual([]);
  });

  it('keeps SQL, drivers and servers in their folders', () => {
    const homes: [string, string[]][] = [
      ['better-sqlite3', ['store']],
      ['pg', ['store']],
      ['fastify', ['http']],
      ['hono/html', ['http/pages/views']],
      ['@grpc/grpc-js', ['grpc', 'calls', 'cli/api']],
      ['argon2', ['password']],
      ['nodemailer', ['senders']],
      ['commander', ['cli', 'config', '.']],
    ];
    const strays = homes.flatMap(([name, folders]) =>
      FILES.filter(({ text }) => importsOf(text).includes(name))
        .filter(({ area, folder }) => !folders.includes(area) && !folders.includes(folder))
        .map(({ file }) => `${file} imports ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it('keeps files small enough to hold in the head', () => {
    // What people read is one file for each language, and no logic.
    const code = FILES.filter(({ folder }) => folder !== 'http/pages/texts');
    const long = code.map(({ file, text }) => ({ file, lines: text.split('\n').length }));
    expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });
});

describe.each(['client', 'server'])('the shape of sdk/typescript/%s', (name) => {
  const root = fileURLToPath(new URL(`../sdk/typescript/${name}/src`, import.meta.url));
  const files = filesIn(root);
  /** `packages`: what is not a file. `client`: what the packages share, and no other file of it. */
  const MAY_IMPORT_OF_SDK: Record<string, readonly string[]> =
    name === 'client'
      ? {
          errors: ['gen'],
          login: ['errors', 'gen'],
          standard: ['errors', 'login'],
          // A page has no Node and no grpc-js.
          web: ['errors', 'login', 'standard', 'gen'],
          '.': ['errors', 'login', 'standard', 'gen', 'packages'],
        }
      : { core: [], '.': ['core', 'client', 'gen', 'packages'], guards: ['.', 'client', 'gen', 'packages'] };

  it('knows nothing of the server, and its core nothing but itself', () => {
    const wrong = files.flatMap(({ file, folder, text }) =>
      importsOf(text)
        .map((specifier) => ({ specifier, to: folderOfSdk(file, specifier) }))
        .filter(({ to }) => to !== folder && !MAY_IMPORT_OF_SDK[folder]?.includes(to))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  function folderOfSdk(file: string, specifier: string): string {
    if (!specifier.startsWith('.')) {
      return 'packages';
    }
    const target = normalize(join(dirname(file), specifier));
    if (target === '../../client/src/internal.ts') {
      return 'client';
    }
    return target.startsWith('../../../../gen/') ? 'gen' : dirname(target);
  }

  it('keeps its core free of clocks and randomness, and of what changes between verifiers', () => {
    const core = files.filter(({ folder }) => folder === (name === 'client' ? 'login' : 'core'));
    expect(core.length).toBeGreaterThan(0);
    expect(core.filter(({ text }) => IMPURE.test(withoutComments(text))).map(({ file }) => file)).toEqual([]);
    expect(files.flatMap(({ file, text }) => stateOf(text).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  it('tells in every folder what it is for, in files that are small', () => {
    const folders = [...new Set(files.map(({ folder }) => folder))];
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
    expect(files.filter(({ text }) => text.split('\n').length > MAX_LINES).map(({ file }) => file)).toEqual([]);
  });
});
