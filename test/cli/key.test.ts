/** `symbolon key replace`: the way out when the key file is lost. */

import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../../src/core/totp.ts';
import { mfaTokenIn, tokensIn } from '../issue-result.ts';
import { basic, failureOf, TokenClient } from '../process/grpc-client.ts';
import { runProgram } from '../process/program.ts';
import { FREE_PORTS, ServerProcess } from '../process/server-process.ts';
import { DirectoryClient } from './directory.ts';
import { Workspace } from './workspace.ts';

const TOTP_PERIOD_MS = 30_000;
const ACME = ['--tenant', 'acme'] as const;

let workspace: Workspace;
let keyFile: string;
let secret: string;
let password: string;
let userId: string;
/** What the user's authenticator app holds. */
let factor: string;

/** A store with a user who has a second factor, and a server that was stopped. */
beforeAll(async () => {
  workspace = new Workspace();
  keyFile = join(workspace.path, 'symbolon.key');
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
  secret = String(
    (await workspace.json(['client', 'create', ...ACME, '--id', 'boss', '--role', 'admin'])).client_secret,
  );
  const user = await workspace.json(['user', 'create', ...ACME, '--login-name', 'ann']);
  [password, userId] = [String(user.password), String(user.user_id)];
  await using server = await ServerProcess.start({ dataDir: workspace.path });
  using directory = new DirectoryClient(server.grpcAddress, basic('boss', secret));
  factor = await directory.turnOnSecondFactor(userId);
});
afterAll(() => workspace[Symbol.dispose]());

function at(name: string): string {
  return join(dirname(workspace.path), name);
}

async function serveRefusal(...args: string[]): Promise<string> {
  const { code, stderr } = await runProgram(['serve', '--data-dir', workspace.path, ...FREE_PORTS, ...args]);
  expect(code).toBe(2);
  return stderr;
}

describe('key replace', () => {
  it('leaves a key that is not lost as it is', async () => {
    const before = readFileSync(keyFile, 'utf8');
    expect(await workspace.json(['key', 'replace'])).toEqual({ key_file: keyFile });
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
    await using _server = await ServerProcess.start({ dataDir: workspace.path });
  });

  it('makes another for a lost one, which servers then take; second factors are enrolled anew', async () => {
    renameSync(keyFile, at('old.key'));
    expect(await serveRefusal()).toBe(
      `error: the store has a key, and ${keyFile} is not there. Put the first server’s key file there, or name it with ` +
        '--key-file; when it is lost, run `symbolon key replace`\n',
    );
    expect(await workspace.text(['key', 'replace'])).toBe(
      `key_file  ${keyFile}\n\nEvery server of the store must be stopped by now. Start them with this key.\n`,
    );
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile, 'utf8')).not.toBe(readFileSync(at('old.key'), 'utf8'));
    expect(await serveRefusal('--key-file', at('old.key'))).toBe(
      `error: ${at('old.key')} is not the key that the store was set up with. All servers of a store share one: name it with ` +
        '--key-file; when it is lost, run `symbolon key replace`\n',
    );

    await using server = await ServerProcess.start({ dataDir: workspace.path });
    using directory = new DirectoryClient(server.grpcAddress, basic('boss', secret));
    using client = new TokenClient(server.grpcAddress, basic('boss', secret));
    // Until then a password alone opens nothing.
    expect(tokensIn(await client.issueOrChallenge('ann', password))).toBeUndefined();
    await directory.removeSecondFactor(userId);
    expect(await client.isActive((await client.logIn('ann', password)).accessToken)).toBe(true);
    factor = await directory.turnOnSecondFactor(userId);
    const again = await client.issueOrChallenge('ann', password);
    expect(tokensIn(again)).toBeUndefined();
  });

  it('keeps second factors when it is told the key before', async () => {
    renameSync(keyFile, at('second.key'));
    await workspace.text(['key', 'replace', '--previous', at('second.key')]);
    await using server = await ServerProcess.start({ dataDir: workspace.path });
    using client = new TokenClient(server.grpcAddress, basic('boss', secret));
    const mfaToken = mfaTokenIn(await client.issueOrChallenge('ann', password));
    // The next one, for that of the enrollment may have been used just now.
    const totp = { $case: 'totpCode', value: totpCode(factor, Date.now() + TOTP_PERIOD_MS) } as const;
    const value = { mfaToken, factor: totp };
    const { accessToken } = await client.issue({ credential: { $case: 'secondFactor', value } });
    expect(await client.isActive(accessToken)).toBe(true);
  });

  it('takes the key of a file that is named, by the flag or the environment', async () => {
    expect(await workspace.json(['key', 'replace', '--key-file', at('old.key')])).toEqual({ key_file: at('old.key') });
    await using first = await ServerProcess.start({ dataDir: workspace.path, args: ['--key-file', at('old.key')] });
    await first.kill();
    const env = { SYMBOLON_KEY_FILE: at('new.key') };
    expect(await workspace.json(['key', 'replace'], { env })).toEqual({ key_file: at('new.key') });
    await using _second = await ServerProcess.start({ dataDir: workspace.path, env });
  });

  it('refuses a file that holds no key, or that others can read, and leaves the store’s key as it is', async () => {
    writeFileSync(at('bad.key'), 'not a key\n', { mode: 0o600 });
    expect(await workspace.refusal(['key', 'replace', '--key-file', at('bad.key')])).toBe(
      `${at('bad.key')} holds no key: it must be 32 bytes in base64url`,
    );
    chmodSync(at('old.key'), 0o640);
    expect(await workspace.refusal(['key', 'replace', '--key-file', at('old.key')])).toBe(
      `the key file ${at('old.key')} can be read by others. Run chmod 600 on it`,
    );
    await using _server = await ServerProcess.start({ dataDir: workspace.path, args: ['--key-file', at('new.key')] });
  });

  it('refuses a previous key that the store never had, and to keep one that leaked', async () => {
    const other = at('other.key');
    writeFileSync(other, `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
    const next = at('next.key');
    expect(await workspace.refusal(['key', 'replace', '--key-file', next, '--previous', other])).toBe(
      `${other} is not the key that the store was set up with. Name that one with --previous`,
    );
    expect(() => statSync(next)).toThrow('ENOENT');
    expect(await workspace.refusal(['key', 'replace', '--key-file', at('new.key'), '--leaked'])).toBe(
      `${at('new.key')} holds the key that the store has now. Move it away, or name another with --key-file`,
    );
    await using _server = await ServerProcess.start({ dataDir: workspace.path, args: ['--key-file', at('new.key')] });
  });

  it('refuses a directory without a store, and makes no key', async () => {
    using empty = new Workspace();
    const file = at('never.key');
    expect(await empty.refusal(['key', 'replace', '--key-file', file])).toContain(`there is no store in ${empty.path}`);
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('the first factor alone', () => {
  it('is answered with a challenge that a wrong code does not complete', async () => {
    await using server = await ServerProcess.start({ dataDir: workspace.path, args: ['--key-file', at('new.key')] });
    using client = new TokenClient(server.grpcAddress, basic('boss', secret));
    const mfaToken = mfaTokenIn(await client.issueOrChallenge('ann', password));
    const value = { mfaToken, factor: { $case: 'totpCode', value: '000000' } } as const;
    const failed = await failureOf(client.issue({ credential: { $case: 'secondFactor', value } }));
    // Sealed under a key that this server has not: it says that it can't know, and opens nothing.
    expect(failed).toMatchObject({ status: 'INTERNAL', reason: 'INTERNAL' });
    await server.kill();
    expect(server.running.stderr).toContain('the server’s key is not the one it was sealed with');
  });
});
