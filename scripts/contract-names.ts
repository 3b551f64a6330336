/** What the contract is called in each language: all of it follows from one DNS name, that of proto/names.json. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** The owner's name: it is in what generated code is imported by, and in each error. */
export const NAMES_FILE = 'proto/names.json';
/** Beside the contract itself, what shows the name to people, and what imports by it. */
export const SHOWING = ['docs/api.md', 'docs/contract.md', 'test/stubs/go/go.mod', 'test/stubs/go/main.go'];
const OBJC_CLASS_PREFIX = 'SYM';
/** At least two labels, as the tools of Go and Java want them. */
const DOMAIN_FORM = /^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function parseDomain(json: string): string {
  const { domain } = JSON.parse(json) as { domain?: unknown };
  if (typeof domain !== 'string' || !DOMAIN_FORM.test(domain)) {
    throw new Error(`domain in ${NAMES_FILE} must be a DNS name in lower case, such as symbolon.example.com`);
  }
  return domain;
}

/** The file options of one file, such as `symbolon/v1/token_service.proto`, sorted by their names. */
export function fileOptions(path: string, domain: string): Record<string, string | boolean> {
  const words = dirname(path).split('/');
  const inPascalCase = words.map(toPascalCase);
  return {
    csharp_namespace: inPascalCase.join('.'),
    go_package: `${domain}/gen/go/${words.join('/')};${words.join('')}`,
    java_multiple_files: true,
    java_outer_classname: `${toPascalCase(basename(path, '.proto'))}Proto`,
    java_package: [...javaPackage(domain), words.at(-1)].join('.'),
    objc_class_prefix: OBJC_CLASS_PREFIX,
    php_metadata_namespace: [...inPascalCase, 'GPBMetadata'].join('\\'),
    php_namespace: inPascalCase.join('\\'),
    ruby_package: inPascalCase.join('::'),
  };
}

/** A hyphen and a leading digit can be in a DNS name and not in a package (JLS section 6.1 says what to write in their place). */
function javaPackage(domain: string): string[] {
  const labels = domain.split('.').reverse();
  return labels.map((label) => label.replaceAll('-', '_').replace(/^(?=\d)/, '_'));
}

function toPascalCase(snake: string): string {
  return snake.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The text of a file of the contract with these options and no others. */
export function withOptions(text: string, path: string, domain: string): string {
  const options = Object.entries(fileOptions(path, domain));
  const written = options.map(([name, value]) => `option ${name} = ${JSON.stringify(value)};\n`).join('');
  const bare = text.replace(/(?<=\n)\n(?:option .*;\n)+/g, '');
  const head = /^syntax .*;\n\npackage .*;\n(?:\n(?:import .*;\n)+)?/;
  if (!head.test(bare)) {
    throw new Error(`${path} does not begin with its syntax, its package and its imports`);
  }
  return bare.replace(head, (statements) => `${statements}\n${written}`);
}

/** Writes the name where it has to be, into `root`; what says it already stays as it is. Answers the name. */
export function writeNames(root = ROOT): string {
  const domain = parseDomain(readFileSync(join(root, NAMES_FILE), 'utf8'));
  const proto = join(root, 'proto');
  const paths = readdirSync(proto, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.proto'));
  const old = paths.map((path) => /^option go_package = "([^/"]+)/m.exec(readFileSync(join(proto, path), 'utf8'))?.[1]);
  const before = old.find((each) => each !== undefined) ?? domain;
  for (const path of paths) {
    rewrite(join(proto, path), (text) => withOptions(text.replaceAll(before, domain), path, domain));
  }
  for (const path of SHOWING) {
    rewrite(join(root, path), (text) => text.replaceAll(before, domain));
  }
  return domain;
}

function rewrite(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after !== before) {
    writeFileSync(path, after);
  }
}
