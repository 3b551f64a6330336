/** What `symbolon serve` refuses to start with: one line that names what is wrong and the way out, and exit code 1. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { CAN_MOUNT, fill, readOnlyDisk, smallDisk } from './disk.ts';
import { ROOT, type RunOptions, runProgram } from './program.ts';
import { getHealth } from './rest-client.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

let directory: ReturnType<typeof dataDirectory>;

beforeAll(() => {
  directory = dataDirectory();
});
afterAll(() => directory[Symbol.dispose]());

/** A path of this file's directory; nothing is there unless a test puts something. */
function at(...names: string[]): string {
  return join(directory.root, ...names);
}

function write(path: string, content: string | Buffer): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The one line that the program says instead of starting. */
async function refusal(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['serve', ...args], options);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stdout).toBe('');
  expect(code).toBeGreaterThan(0);
  return stderr.slice('error: '.length, -1);
}

function refusalOf(dataDir: string): Promise<string> {
  return refusal(['--data-dir', dataDir, ...FREE_PORTS]);
}

describe('an option is refused by its name', () => {
  it.each([
    ['--grpc-address', 'nonsense', 'It must be host:port, for example 127.0.0.1:50051 or [::1]:50051.'],
    ['--http-address', '127.0.0.1:65536', 'It must be host:port, for example 127.0.0.1:50051 or [::1]:50051.'],
    ['--drain-delay', '10', 'It must be a number with a unit, for example 90s, 15m, 1h or 30d.'],
    ['--drain-grace', '25h', 'It must be at most 1d.'],
    ['--argon2-memory-kib', '7', 'It must be a whole number from 8 to 1048576.'],
    ['--log-level', 'loud', 'Allowed choices are fatal, error, warn, info, debug, trace, silent.'],
    ['--demo', 'maybe', 'It must be on or off.'],
  ])('%s %s', async (flag, value, fix) => {
    const line = await refusal([flag, value]);
    expect(line).toMatch(new RegExp(`^option '${flag} .*' argument '${value}' is invalid\\. `));
    expect(line.endsWith(fix)).toBe(true);
  });

  it.each([
    ['--grpc-address', '0.0.0.0:0'],
    ['--http-address', '[::]:0'],
  ])('%s %s, which is not loopback, without TLS', async (flag, address) => {
    expect(await refusal([...FREE_PORTS, flag, address])).toBe(
      `${flag} ${address} can be reached from other machines, and tokens would cross the network in plain text. ` +
        'Give --tls-cert and --tls-key, listen on 127.0.0.1, or say --insecure-plaintext if a proxy on this host ends TLS',
    );
  });

  it('a flag that does not exist', async () => {
    const { code, stderr } = await runProgram(['serve', '--grpc-adress', '127.0.0.1:0']);
    expect(stderr).toBe(
      "error: unknown option '--grpc-adress'. Did you mean --grpc-address? See symbolon help serve\n",
    );
    expect(code).toBe(2);
  });

  it.each([
    ['mysql://symbolon:hunter2@db/symbolon', 'asks for mysql, and there is no such store'],
    ['postgres', 'is not the address of a database'],
    ['postgres:symbolon:hunter2@db/x', 'is not the address of a database'],
    ['sqlite:./elsewhere', 'asks for sqlite:./elsewhere, and there is no such store'],
    ['postgres://symbolon:hunter2@db', 'is not the address of a database'],
    ['postgres://symbolon:hun%ter2@d b/x', 'is not the address of a database'],
    ['postgres://symbolon:hunter2@db/x?sslmode=disable', 'has the parameter sslmode'],
    ['postgres://symbolon:hunter2@db/x?host=db2', 'has the parameter host'],
  ])('a store that is none, without telling the password in its address: %s', async (store, problem) => {
    const line = await refusal(['--store', store]);
    expect(line).toContain(`--store (or SYMBOLON_STORE) ${problem}`);
    expect(line).not.toContain('hunter2');
  });

  it.each([
    [['--store-replica', 'postgres://db/x'], '--store-replica is given, and the store is sqlite'],
    [['--store', 'postgres://db/x', '--store-tls', 'off', '--store-tls-ca', 'ca.pem'], '--store-tls-ca is given with'],
    [
      ['--store', 'postgres://db/x', '--store-tls-cert', 'c.pem'],
      '--store-tls-cert and --store-tls-key belong together',
    ],
    [['--store', 'postgres://db/x', '--store-tls-ca', 'gone.pem'], "--store-tls-ca gone.pem can't be read: ENOENT"],
    [['--store', 'postgres://db/x', '--store-answer-timeout', '1s'], '--store-answer-timeout must be longer than'],
    [['--store', 'postgres://db/x', '--store-pool-size', '0'], 'It must be a whole number from 1 to 200.'],
  ])('store flags that do not go together: %j', async (args, problem) => {
    expect(await refusal(args)).toContain(problem);
  });

  it('a PostgreSQL that does not answer, by its place and without its password', async () => {
    const line = await refusal(['--store', 'postgres://symbolon:hunter2@127.0.0.1:1/x']);
    expect(line).toContain("can't open the store at 127.0.0.1:1/x: ECONNREFUSED. Put that right");
    expect(line).not.toContain('hunter2');
  });
});

describe('the environment', () => {
  it('says what flags say', async () => {
    await using server = await ServerProcess.start({
      dataDir: at('by-environment'),
      env: { SYMBOLON_DEMO: 'on', SYMBOLON_LOG_LEVEL: 'debug', SYMBOLON_REFLECTION: '0' },
      args: ['--log-level', 'info'],
    });
    expect(server.demo.tenant_id).toBe('demo');
    expect((await getHealth(server.httpAddress)).status).toBe(200);
    // The flag wins over the environment.
    expect(server.running.stderr).not.toContain('"level":20');
    expect(server.running.stderr).toContain('"msg":"serving"');
  });

  it.each([
    ['SYMBOLON_GRPC_ADDRESS', '--grpc-address', 'nonsense', 'It must be host:port'],
    ['SYMBOLON_DRAIN_GRACE', '--drain-grace', 'soon', 'It must be a number with a unit'],
    ['SYMBOLON_INSECURE_PLAINTEXT', '--insecure-plaintext', 'yes', 'It must be on or off.'],
    ['SYMBOLON_ARGON2_PASSES', '--argon2-passes', '0', 'It must be a whole number from 1 to 100.'],
  ])('is refused by the name of its variable: %s', async (variable, flag, value, fix) => {
    const line = await refusal([], { env: { [variable]: value } });
    expect(line).toContain(`option '${flag}`);
    expect(line).toContain(`value '${value}' from env '${variable}' is invalid. ${fix}`);
  });

  it('keeps the password of a store’s address to itself', async () => {
    const line = await refusal([], { env: { SYMBOLON_STORE: 'postgres://symbolon:hunter2@db/symbolon' } });
    expect(line).toContain('SYMBOLON_STORE');
    expect(line).not.toContain('hunter2');
  });
});

describe('an address that is taken', () => {
  it.each(['--grpc-address', '--http-address'])('is named with %s, and the data directory is let go', async (flag) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const line = await refusal(['--data-dir', at('taken'), ...FREE_PORTS, flag, address]);
    expect(line).toContain(`can't listen on ${flag} ${address}: EADDRINUSE. Another process has that port`);
    await new Promise((resolve) => other.close(resolve));
    expect(existsSync(at('taken', 'symbolon.db-wal'))).toBe(false);
  });
});

describe('half of TLS', () => {
  it.each([
    ['--tls-cert', '--tls-key'],
    ['--tls-key', '--tls-cert'],
  ])('%s alone is refused', async (given, missing) => {
    expect(await refusal([given, at('any.pem')])).toBe(`${given} is given without ${missing}. Give both`);
  });

  it('a file that can’t be read is refused', async () => {
    const missing = at('missing.pem');
    expect(await refusal(['--tls-cert', missing, '--tls-key', missing])).toBe(
      `--tls-cert ${missing} can't be read: ENOENT. Name a PEM file`,
    );
  });

  it('a file that holds something else is refused', async () => {
    const garbage = write(at('garbage.pem'), '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n');
    expect(await refusal(['--tls-cert', garbage, '--tls-key', garbage])).toBe(
      `--tls-cert ${garbage} holds no certificate in PEM form. Name a file that does`,
    );
  });

  const title = 'a key that is another certificate’s, and a file in the other’s place, are refused';
  it.skipIf(!HAS_OPENSSL)(HAS_OPENSSL ? title : `${title} (skipped: there is no openssl here)`, async () => {
    const one = makeCertificate(directory.root, 'one');
    const two = makeCertificate(directory.root, 'two');
    expect(await refusal(['--tls-cert', one.certificate, '--tls-key', two.key])).toMatch(
      /^--tls-cert \S+one\.crt and --tls-key \S+two\.key can't be used: \S+\. Give a certificate and its own key$/,
    );
    expect(await refusal(['--tls-cert', one.certificate, '--tls-key', one.certificate])).toBe(
      `--tls-key ${one.certificate} holds no private key without a passphrase in PEM form. Name a file that does`,
    );
    chmodSync(one.key, 0o644);
    expect(await refusal(['--tls-cert', one.certificate, '--tls-key', one.key])).toBe(
      `--tls-key ${one.key} can be read by others. Run chmod 600 on it`,
    );
  });
});

describe('a data directory', () => {
  it('that can’t be made is refused', async () => {
    const file = write(at('file'), '');
    expect(await refusalOf(join(file, 'data'))).toBe(
      `can't create the data directory ${file}/data: ENOTDIR. Name another with --data-dir`,
    );
    expect(await refusalOf(file)).toBe(`can't create the data directory ${file}: EEXIST. Name another with --data-dir`);
  });

  const readOnly = 'that is read-only is refused';
  it.skipIf(!CAN_MOUNT)(CAN_MOUNT ? readOnly : `${readOnly} (skipped: needs root and mount)`, async () => {
    using disk = readOnlyDisk(at('read-only'));
    const line = await refusalOf(disk.path);
    expect(line).toContain(`can't lock the data directory ${disk.path}: `);
    expect(line).toContain('name another with --data-dir');
  });

  const full = 'whose disk is full is refused';
  it.skipIf(!CAN_MOUNT)(CAN_MOUNT ? full : `${full} (skipped: needs root and mount)`, async () => {
    using disk = smallDisk(at('full'), 1_048_576);
    using _filler = fill(disk);
    const line = await refusalOf(disk.path);
    expect(line).toContain(`the data directory ${disk.path}: `);
    expect(line).toContain('name another with --data-dir');
  });

  it('with a database of another program is refused, and that stays as it is', async () => {
    const path = write(at('other', 'symbolon.db'), '');
    new Database(path).exec('CREATE TABLE recipe (name TEXT)').close();
    const before = readFileSync(path);
    expect(await refusalOf(dirname(path))).toBe(
      `can't open the store in ${dirname(path)}: ${path} is not a Symbolon database. ` +
        'Put that right, or name another directory with --data-dir',
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('with a file that is no database is refused, and that stays as it is', async () => {
    const path = write(at('corrupt', 'symbolon.db'), randomBytes(20_000));
    const before = readFileSync(path);
    const line = await refusalOf(dirname(path));
    expect(line).toContain(`can't open the store in ${dirname(path)}: SQLITE_NOTADB`);
    expect(line).toContain('name another directory with --data-dir');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('with a damaged database is refused', async () => {
    const path = write(at('damaged', 'symbolon.db'), '');
    await (await SqliteStore.open({ path, clock: Date.now })).close();
    // The header stays; the pages after it are rubbish.
    write(path, Buffer.concat([readFileSync(path).subarray(0, 100), randomBytes(80_000)]));
    const line = await refusalOf(dirname(path));
    expect(line).toContain(`can't open the store in ${dirname(path)}: SQLITE_CORRUPT`);
  });

  it('with a newer schema is refused', async () => {
    const path = write(at('newer', 'symbolon.db'), '');
    await (await SqliteStore.open({ path, clock: Date.now })).close();
    new Database(path).exec('PRAGMA user_version = 99').close();
    expect(await refusalOf(dirname(path))).toMatch(
      new RegExp(`^can't open the store in ${dirname(path)}: ${path} has schema 99; this version .* Run a newer one`),
    );
  });
});

describe('an older Node', () => {
  it('is told before anything is loaded that it could fail at', async () => {
    const pretend = 'Object.defineProperty(process.versions,"node",{value:"20.1.0"})';
    const ended = await runProgram(['serve'], { nodeArgs: ['--import', `data:text/javascript,${pretend}`] });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(
      /^symbolon needs Node 24 or newer, and this is v[\d.]+\. Install a newer one, or use the one [^\n]*: npx symbolon, or npm start\.\n$/,
    );
  });

  const reallyOld = olderNode();
  const title = 'is told so when it really is one';
  it.skipIf(reallyOld === undefined)(
    reallyOld === undefined ? `${title} (skipped: there is no older Node at /usr/bin or /usr/local/bin)` : title,
    () => {
      const run = () => execFileSync(reallyOld ?? '', ['bin/symbolon.js', 'serve'], { cwd: ROOT, stdio: 'pipe' });
      expect(run).toThrow(/symbolon needs Node 24 or newer, and this is v\d+\.\d+\.\d+\. Install a newer one/);
    },
  );
});

function olderNode(): string | undefined {
  return ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
    try {
      return Number(execFileSync(path, ['--version']).toString().slice(1).split('.')[0]) < 24;
    } catch {
      return false;
    }
  });
}
