/** One name of the owner's choice is in the options of every file, in every error, and where people are shown it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import {
  fileOptions,
  NAMES_FILE,
  parseDomain,
  SHOWING,
  withOptions,
  writeNames,
} from '../../scripts/contract-names.ts';
import { temporaryDirectory } from '../support.ts';
import { contractFiles } from './descriptors.ts';

const ROOT = join(import.meta.dirname, '../..');
const OURS = contractFiles().filter(({ name }) => name.startsWith('symbolon/'));

/** `java_package` as the descriptors spell it. */
function toCamelCase(snake: string): string {
  return snake.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

describe('the name', () => {
  it('is in every file, in every language, and in what the server answers', () => {
    const domain = parseDomain(readFileSync(join(ROOT, NAMES_FILE), 'utf8'));
    expect(DOMAIN).toBe(domain);
    expect(OURS.length).toBeGreaterThanOrEqual(7);
    for (const { name, options } of OURS) {
      const expected = Object.entries(fileOptions(name, domain)).map(([key, value]) => [toCamelCase(key), value]);
      expect(options, name).toMatchObject(Object.fromEntries(expected));
    }
  });

  it('makes names that each language takes', () => {
    expect(fileOptions('symbolon/v1/token_service.proto', 'tokens.my-house.example')).toEqual({
      csharp_namespace: 'Symbolon.V1',
      go_package: 'tokens.my-house.example/gen/go/symbolon/v1;symbolonv1',
      java_multiple_files: true,
      java_outer_classname: 'TokenServiceProto',
      java_package: 'example.my_house.tokens.v1',
      objc_class_prefix: 'SYM',
      php_metadata_namespace: 'Symbolon\\V1\\GPBMetadata',
      php_namespace: 'Symbolon\\V1',
      ruby_package: 'Symbolon::V1',
    });
  });

  it('is changed everywhere by one edit, and back', () => {
    const directory = temporaryDirectory();
    const at = (path: string) => join(directory.path, path);
    const shown = [...OURS.map(({ name }) => `proto/${name}`), ...SHOWING];
    try {
      cpSync(join(ROOT, 'proto'), at('proto'), { recursive: true });
      for (const path of SHOWING) {
        cpSync(join(ROOT, path), at(path));
      }
      writeFileSync(at(NAMES_FILE), '{ "domain": "tokens.example.com" }');
      expect(writeNames(directory.path)).toBe('tokens.example.com');
      for (const path of shown) {
        expect(readFileSync(at(path), 'utf8'), path).not.toContain(DOMAIN);
      }
      writeFileSync(at(NAMES_FILE), JSON.stringify({ domain: DOMAIN }));
      writeNames(directory.path);
      for (const path of shown) {
        expect(readFileSync(at(path), 'utf8'), path).toBe(readFileSync(join(ROOT, path), 'utf8'));
      }
    } finally {
      directory.remove();
    }
  });

  it.each(['{}', '{"domain":1}', '{"domain":"symbolon"}', '{"domain":"Symbolon.com"}', '{"domain":"https://a.b/"}'])(
    'is not %s',
    (json) => {
      expect(() => parseDomain(json)).toThrow('domain in proto/names.json must be a DNS name in lower case');
    },
  );

  it('needs a file that has a package', () => {
    expect(() => withOptions('syntax = "proto3";\n', 'a/v1/b.proto', DOMAIN)).toThrow(
      'a/v1/b.proto does not begin with',
    );
  });
});
