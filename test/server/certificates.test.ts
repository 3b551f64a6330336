/** The servers' certificate follows its files, however they are replaced, and its end is said in time. Real files, a clock of the test. */
import { X509Certificate } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../../src/calls/tls.ts';
import { tlsConfig } from '../../src/config/tls.ts';
import { Certificates } from '../../src/server/certificates.ts';
import { HAS_OPENSSL, makeCertificate, type TlsPaths } from '../process/tls-files.ts';
import { temporaryDirectory } from '../support.ts';

const DAY_MS = 86_400_000;
/** Valid from some day of 2026 for a hundred years. */
const FIXTURE: TlsPaths = {
  certificate: fileURLToPath(new URL('../http/fixtures/localhost-cert.pem', import.meta.url)),
  key: fileURLToPath(new URL('../http/fixtures/localhost-key.pem', import.meta.url)),
};
/** For how long makeCertificate's are valid. */
const VALID_DAYS = 2;

let directory: ReturnType<typeof temporaryDirectory>;
let one: TlsPaths;
let two: TlsPaths;
let now: number;
let installed: TlsFiles[];
let lines: { readonly level: number; readonly msg: string; readonly cause?: string; readonly days?: number }[];

beforeEach(() => {
  directory = temporaryDirectory();
  now = Date.now() + 1_000;
  installed = [];
  lines = [];
});
afterEach(() => directory.remove());

function open(paths: TlsPaths): Certificates {
  const tls = tlsConfig(paths.certificate, paths.key);
  if (tls === undefined) {
    throw new Error('both are given');
  }
  return new Certificates({
    tls,
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    clock: () => now,
    servers: [{ useCertificate: (files) => void installed.push(files) }],
  });
}

function serialOf(path: string): string {
  return new X509Certificate(readFileSync(path)).serialNumber;
}

/** Two pairs, and the place where a server reads one of them. */
function placed(): TlsPaths {
  one = makeCertificate(directory.path, 'one');
  two = makeCertificate(directory.path, 'two');
  const paths = { certificate: join(directory.path, 'tls.crt'), key: join(directory.path, 'tls.key') };
  put(one, paths);
  return paths;
}

function put(from: TlsPaths, to: TlsPaths): void {
  copyFileSync(from.certificate, to.certificate);
  copyFileSync(from.key, to.key);
}

const errors = () => lines.filter(({ level }) => level === 50);

/** Everything here needs certificates to be made. */
const suite = HAS_OPENSSL || process.env.SYMBOLON_CI === '1' ? describe : describe.skip;

suite(`a pair is taken when it is replaced${HAS_OPENSSL ? '' : ' (skipped: there is no openssl here)'}`, () => {
  it('in place', async () => {
    const paths = placed();
    const certificates = open(paths);
    await certificates.look();
    expect(installed).toEqual([]);
    put(two, paths);
    await certificates.look();
    await certificates.look();
    expect(installed).toEqual([{ certificate: readFileSync(two.certificate), key: readFileSync(two.key) }]);
    expect(certificates.current.serial).toBe(serialOf(two.certificate));
    expect(errors()).toEqual([]);
  });

  it('by links that are renamed one after the other, as certbot does it', async () => {
    one = makeCertificate(directory.path, 'archive1');
    two = makeCertificate(directory.path, 'archive2');
    const paths = { certificate: join(directory.path, 'fullchain.pem'), key: join(directory.path, 'privkey.pem') };
    const link = (target: string, path: string) => {
      symlinkSync(target, `${path}.new`);
      renameSync(`${path}.new`, path);
    };
    link(one.certificate, paths.certificate);
    link(one.key, paths.key);
    const certificates = open(paths);
    link(two.certificate, paths.certificate);
    await certificates.look();
    await certificates.look();
    expect(installed).toEqual([]);
    expect(certificates.current.serial).toBe(serialOf(one.certificate));
    expect(errors()).toHaveLength(1);
    expect(errors()[0]?.cause).toContain("can't be used: ");
    link(two.key, paths.key);
    await certificates.look();
    expect(certificates.current.serial).toBe(serialOf(two.certificate));
  });

  it('by a directory behind a link that is renamed, as Kubernetes does it', async () => {
    const mount = (version: string) => {
      const at = join(directory.path, version);
      mkdirSync(at);
      const made = makeCertificate(at, 'tls');
      symlinkSync(version, join(directory.path, '..data_tmp'));
      renameSync(join(directory.path, '..data_tmp'), join(directory.path, '..data'));
      return made;
    };
    mount('..2026_01');
    const paths = { certificate: join(directory.path, 'tls.crt'), key: join(directory.path, 'tls.key') };
    symlinkSync('..data/tls.crt', paths.certificate);
    symlinkSync('..data/tls.key', paths.key);
    const certificates = open(paths);
    const next = mount('..2026_02');
    await certificates.look();
    expect(certificates.current.serial).toBe(serialOf(next.certificate));
    expect(errors()).toEqual([]);
  });
});

suite('what is broken is not served, is said once, and is tried again', () => {
  it.each<[string, (paths: TlsPaths) => void, string]>([
    [
      'a certificate that is cut off',
      (p) => writeFileSync(p.certificate, readFileSync(two.certificate).subarray(0, 300)),
      'holds no certificate',
    ],
    [
      'a chain that is cut off',
      (p) => appendFileSync(p.certificate, readFileSync(two.certificate).subarray(0, 300)),
      "can't be used: ",
    ],
    [
      'a key that is cut off',
      (p) => writeFileSync(p.key, readFileSync(two.key).subarray(0, 90)),
      'holds no private key',
    ],
    ['an empty file', (p) => writeFileSync(p.certificate, ''), 'holds no certificate'],
    ['a missing key', (p) => renameSync(p.key, `${p.key}.away`), "can't be read: ENOENT"],
    ['another key', (p) => copyFileSync(two.key, p.key), "can't be used: "],
    ['a directory', (p) => void [renameSync(p.key, `${p.key}.away`), mkdirSync(p.key)], 'is not a file'],
    ['a key that others can read', (p) => void [put(two, p), chmodSync(p.key, 0o644)], 'can be read by others'],
    [
      'a certificate that others can write',
      (p) => void [put(two, p), chmodSync(p.certificate, 0o666)],
      'can be written by others',
    ],
  ])('%s', async (_, damage, cause) => {
    const paths = placed();
    const certificates = open(paths);
    damage(paths);
    // Unchanged for a pipe or a directory; asking tells of these.
    certificates.reload();
    await certificates.look();
    await certificates.look();
    expect(installed).toEqual([]);
    expect(certificates.current.serial).toBe(serialOf(one.certificate));
    expect(errors().map((line) => line.cause)).toEqual([expect.stringContaining(cause)]);
  });

  it('without a change of the files, such as a mode that was put right', async () => {
    const paths = placed();
    const certificates = open(paths);
    put(two, paths);
    chmodSync(paths.key, 0o644);
    await certificates.look();
    expect(errors()).toHaveLength(1);
    chmodSync(paths.key, 0o600);
    await certificates.look();
    expect(certificates.current.serial).toBe(serialOf(two.certificate));
  });

  it('and says so when the old pair is put back', async () => {
    const paths = placed();
    const certificates = open(paths);
    copyFileSync(two.key, paths.key);
    await certificates.look();
    copyFileSync(one.key, paths.key);
    await certificates.look();
    expect(lines.map(({ msg }) => msg)).toContain('the files hold the certificate that is served');
    expect(installed).toEqual([]);
  });

  it('nor is one that has ended, or has not begun, for one that is valid', async () => {
    const paths = placed();
    put(FIXTURE, paths);
    chmodSync(paths.key, 0o600);
    const certificates = open(paths);
    now = certificates.current.notBefore;
    put(one, paths);
    await certificates.look();
    await certificates.look();
    expect(installed).toEqual([]);
    expect(errors().map(({ cause }) => cause)).toEqual([expect.stringMatching(/is valid from \S+ to \S+ only/)]);
    now = Date.now() + 1_000;
    await certificates.look();
    expect(certificates.current.serial).toBe(serialOf(one.certificate));
    put(makeCertificate(directory.path, 'ended', { validDays: -1 }), paths);
    await certificates.look();
    expect(certificates.current.serial).toBe(serialOf(one.certificate));
    now = certificates.current.notAfter;
    await certificates.look();
    expect(certificates.current.serial).not.toBe(serialOf(one.certificate));
  });
});

suite('the end', () => {
  it('is warned of once a day from 14 days ahead, and then said as an error', async () => {
    const certificates = open(makeCertificate(directory.path, 'long', { validDays: 30 }));
    const { notAfter } = certificates.current;
    now = notAfter - 14 * DAY_MS - 1;
    certificates.start();
    await certificates.look();
    expect(lines).toEqual([]);
    for (const left of [
      14 * DAY_MS,
      14 * DAY_MS - 5,
      13.5 * DAY_MS,
      13.2 * DAY_MS,
      12.5 * DAY_MS,
      1,
      0,
      -1,
      -1.5 * DAY_MS,
    ]) {
      now = notAfter - left;
      await certificates.look();
    }
    certificates.stop();
    expect(lines.map(({ level, days }) => [level, days])).toEqual([
      [40, 14],
      [40, 13],
      [40, 12],
      [40, 0],
      [50, undefined],
      [50, undefined],
      [50, undefined],
    ]);
  });

  it('is said at the start', () => {
    const certificates = open(placed());
    now = certificates.current.notAfter + 1;
    certificates.start();
    certificates.stop();
    expect(errors().map(({ msg }) => msg)).toEqual([expect.stringContaining('has ended')]);
  });

  it('is the first of the chain’s', () => {
    const paths = placed();
    const chained = makeCertificate(directory.path, 'chained', { validDays: 9, issuer: one });
    const whole = Buffer.concat([readFileSync(chained.certificate), readFileSync(two.certificate)]);
    writeFileSync(paths.certificate, whole);
    copyFileSync(chained.key, paths.key);
    expect(Math.round((open(paths).current.notAfter - now) / DAY_MS)).toBe(9);
    const short = makeCertificate(directory.path, 'short', { validDays: 1, issuer: one });
    writeFileSync(
      paths.certificate,
      Buffer.concat([readFileSync(chained.certificate), readFileSync(short.certificate)]),
    );
    expect(Math.round((open(paths).current.notAfter - now) / DAY_MS)).toBe(1);
  });

  it('before the beginning is said too', () => {
    const certificates = open(placed());
    now = certificates.current.notBefore - 1;
    certificates.start();
    certificates.stop();
    expect(errors().map(({ msg }) => msg)).toEqual([expect.stringContaining('is not valid yet')]);
    expect(certificates.current.notAfter - certificates.current.notBefore).toBe(VALID_DAYS * DAY_MS);
  });
});
