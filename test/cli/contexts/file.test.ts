/** The file of contexts: where it is, what it may hold, and who may read it. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Contexts,
  contextsPath,
  forgetSecret,
  keepSecret,
  readContexts,
  writeContexts,
} from '../../../src/cli/contexts/file.ts';

const CONTEXTS: Contexts = {
  current: 'prod',
  contexts: { prod: { server: 'symbolon.example.com:443', client_id: 'ops', tenant: 'demo' } },
};

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function write(text: string, mode = 0o600): string {
  const path = join(home, 'symbolon', 'contexts.json');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the place', () => {
  it.each([
    [{ XDG_CONFIG_HOME: '/config', HOME: '/home/ann' }, '/config/symbolon/contexts.json'],
    [{ HOME: '/home/ann' }, '/home/ann/.config/symbolon/contexts.json'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/home/ann' }, '/home/ann/.config/symbolon/contexts.json'],
  ])('of %j is %s', (env, path) => {
    expect(contextsPath(env)).toBe(path);
  });
});

describe('the file', () => {
  it('holds what was written, and others can’t read it', () => {
    expect(readContexts()).toEqual({ contexts: {} });
    writeContexts(CONTEXTS);
    expect(readContexts()).toEqual(CONTEXTS);
    const path = contextsPath() ?? '';
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('has secrets beside it, that others can’t read, until they are forgotten', () => {
    const path = keepSecret('prod', 'sys_x');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['sys_x\n', 0o600]);
    forgetSecret('prod');
    forgetSecret('prod');
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it.each([
    [0o644, 'can be read by others. Run chmod 600 on it'],
    [0o602, 'can be written by others. Run chmod go-w'],
  ])('of mode %o is refused', (mode, message) => {
    write(JSON.stringify(CONTEXTS), mode);
    expect(() => readContexts()).toThrow(message);
    expect(() => writeContexts(CONTEXTS)).toThrow(message);
  });

  it.each([
    ['{\n  "contexts": {\n    "a" 1\n  }\n}', 3, 'it is not JSON'],
    ['{\n  "contexts": {\n', 3, 'it is not JSON'],
    ['[]', 1, 'it must be an object'],
    ['{}', 1, 'contexts must be an object'],
    ['{"contexts":{},\n"color":1}', 2, 'color is unknown'],
    ['{"contexts":{},\n"current":"prod"}', 2, 'current must be the name of a context'],
    ['{"current":"constructor",\n"contexts":{}}', 1, 'current must be the name of a context'],
    ['{"contexts":{\n"../../a":{"server":"h:1","client_id":"c"}}}', 2, '../../a is not a name that context add takes'],
    ['{"contexts":{\n"a":7}}', 2, 'the context a must be an object'],
    ['{"contexts":{\n"a":{"server":"h:1",\n"client_id":""}}}', 3, 'client_id must be a string that is not empty'],
    ['{"contexts":{"a":{"server":"h:1","client_id":"c",\n"secret":"x"}}}', 2, 'secret is unknown'],
    ['{"contexts":{\n"a":{"server":"h:1"}}}', 2, 'the context a has no client_id'],
    ['{"contexts":{"a":{"server":"h:1","client_id":"c",\n"plaintext":"yes"}}}', 2, 'plaintext must be a boolean'],
  ])('%j is refused with its line', (text, line, what) => {
    const path = write(text);
    expect(() => readContexts()).toThrow(`${path}, line ${line}: ${what}. Mend it, or remove the file`);
  });
});
