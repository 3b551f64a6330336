/** The architecture, as a test: imports point to the right, the core stays pure, and nothing talks to the console. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** What each folder may import of the others; the files beside the folders put the parts together and may import anything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  store: ['core'],
  password: ['core'],
  senders: ['core'],
  calls: ['core', 'gen'],
  grpc: ['core', 'gen', 'calls'],
  http: ['core', 'calls'],
  config: ['core', 'store', 'senders', 'calls'],
  server: ['core', 'store', 'password', 'senders', 'calls', 'grpc', 'http', 'config'],
  cli: ['core', 'store', 'password', 'config', 'server'],
};

/** What the core may import of packages: no I/O, no clock, no randomness. */
const PURE_PACKAGES = ['node:crypto', 'node:zlib', 'libphonenumber-js/min', 'otpauth'];
const IMPURE = /\b(Date\.now|new Date\(\)|Math\.random|randomBytes|randomUUID|randomInt|process\.|performance\.)/;
const MOST_LINES = 250;

const FILES = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({
    file,
    folder: file.includes('/') ? (file.split('/')[0] ?? '') : '.',
    text: readFileSync(join(SOURCE, file), 'utf8'),
  }));

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
  return target.startsWith('..') ? relative('.', target) : target.includes('/') ? (target.split('/')[0] ?? '') : '.';
}

describe('the shape of src', () => {
  it('has a rule for every folder', () => {
    const folders = new Set(FILES.map(({ folder }) => folder));
    folders.delete('.');
    expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('lets imports point to the right only', () => {
    const wrong = FILES.flatMap(({ file, folder, text }) =>
      importsOf(text)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => folderOf(file, specifier))
        .filter((target) => folder !== '.' && target !== folder && !MAY_IMPORT[folder]?.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the core free of I/O, clocks and randomness', () => {
    const core = FILES.filter(({ folder }) => folder === 'core');
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
    const named = FILES.filter(
      ({ folder, text }) => folder === 'core' && foreign.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')),
    );
    expect(named.map(({ file }) => file)).toEqual([]);
  });

  it('keeps SQL, drivers and servers in their folders', () => {
    const homes: [string, string[]][] = [
      ['better-sqlite3', ['store']],
      ['pg', ['store']],
      ['fastify', ['http']],
      ['@grpc/grpc-js', ['grpc', 'calls']],
      ['argon2', ['password']],
      ['nodemailer', ['senders']],
      ['commander', ['cli', 'config', '.']],
    ];
    const strays = homes.flatMap(([name, folders]) =>
      FILES.filter(({ folder, text }) => importsOf(text).includes(name) && !folders.includes(folder)).map(
        ({ file }) => `${file} imports ${name}`,
      ),
    );
    expect(strays).toEqual([]);
  });

  it('keeps files small enough to hold in the head', () => {
    const long = FILES.map(({ file, text }) => ({ file, lines: text.split('\n').length }));
    expect(long.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });
});
