/** `serve --demo`: what it promises to those who try the server, on screen and in demo.json. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenKind } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { basic, failureOf, TokenClient } from './grpc-client.ts';
import { eventually, runProgram, startProgram } from './program.ts';
import { postLogin, postToken } from './rest-client.ts';
import { dataDirectory, FREE_PORTS, readDemo, ServerProcess } from './server-process.ts';

describe('a demo server', () => {
  let directory: ReturnType<typeof dataDirectory>;
  let server: ServerProcess;
  let demo: DemoRecord;
  let admin: TokenClient;

  beforeAll(async () => {
    directory = dataDirectory();
    server = await ServerProcess.startDemo({ dataDir: directory.path });
    demo = server.demo;
    admin = TokenClient.admin(demo);
  });
  afterAll(async () => {
    admin[Symbol.dispose]();
    await server.kill();
    directory[Symbol.dispose]();
  });

  it('says last that it is ready', () => {
    const lines = server.running.stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('symbolon ready'))).toEqual([lines.at(-1)]);
    expect(lines.at(-1)).toBe(`symbolon ready: gRPC on ${demo.grpc}, HTTP on ${demo.http}, data in ${directory.path}`);
  });

  it('writes demo.json for its owner only, with exactly these keys', () => {
    const text = { any: expect.stringMatching(/^.+$/) };
    const client = { client_id: text.any, client_secret: expect.stringMatching(/^sys_\w{54}$/) };
    expect(demo).toStrictEqual({
      grpc: expect.stringMatching(/^127\.0\.0\.1:[1-9][0-9]*$/),
      http: expect.stringMatching(/^127\.0\.0\.1:[1-9][0-9]*$/),
      tenant_id: text.any,
      admin: client,
      service: client,
      user: {
        id: expect.stringMatching(/^[0-9a-f]{12}(-[0-9a-f]{4}){3}-[0-9a-f]{8}$/),
        login_name: text.any,
        email: text.any,
        phone: text.any,
        password: text.any,
      },
      device: { id: expect.stringMatching(/^th\./), vendor_id: text.any, password: text.any },
      web: { ...client, redirect_uri: 'http://localhost:3000/callback' },
      public: { client_id: text.any, redirect_uri: 'http://127.0.0.1/callback' },
      device_client: { client_id: text.any },
    });
    expect(statSync(join(directory.path, 'demo.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['login_name', 'email', 'phone'] as const)('logs its user in by %s, over gRPC and REST', async (name) => {
    const { user } = demo;
    using app = new TokenClient(demo.grpc, basic(demo.tenant_id, ''));
    const tokens = await app.logIn(user[name], user.password);
    expect(tokens).toMatchObject({ kind: TokenKind.USER, subjectId: user.id });
    expect(tokens.refreshToken).not.toBe('');
    const { status, json } = await postLogin(demo, user[name], user.password);
    expect({ status, json }).toMatchObject({ status: 200, json: { id: user.id } });
    for (const token of [tokens.accessToken, String(json.access_token)]) {
      expect(await admin.introspect(token)).toMatchObject({ active: true, subjectId: user.id, tenantId: 'demo' });
    }
  });

  it('logs its device in by either id, over gRPC and REST', async () => {
    const { id, vendor_id, password } = demo.device;
    using app = new TokenClient(demo.grpc, basic(demo.tenant_id, ''));
    for (const device of [
      { $case: 'deviceId', value: id },
      { $case: 'vendorId', value: vendor_id },
    ] as const) {
      const tokens = await app.issue({ credential: { $case: 'devicePassword', value: { device, password } } });
      expect(tokens).toMatchObject({ kind: TokenKind.DEVICE, subjectId: id });
    }
    const { status, json } = await postLogin(demo, `VENDOR_THING_ID:${vendor_id}`, password);
    expect({ status, json }).toMatchObject({ status: 200, json: { id } });
    expect(await admin.introspect(String(json.access_token))).toMatchObject({ active: true, kind: TokenKind.DEVICE });
  });

  it('gives its admin client an ADMIN token, over gRPC and REST', async () => {
    expect(await admin.issueToClient(demo.admin)).toMatchObject({ kind: TokenKind.ADMIN });
    const { json } = await postToken(demo.http, demo.tenant_id, demo.admin);
    expect(await admin.introspect(String(json.access_token))).toMatchObject({ active: true, kind: TokenKind.ADMIN });
  });

  it('lets its service client introspect, and nothing that is an admin’s', async () => {
    const { client_id, client_secret } = demo.service;
    using service = new TokenClient(demo.grpc, basic(client_id, client_secret));
    const { kind, accessToken } = await service.issueToClient(demo.service);
    expect(kind).toBe(TokenKind.APPLICATION);
    expect(await service.isActive(accessToken)).toBe(true);
    const { familyId } = await admin.issueToClient(demo.admin);
    const revoking = service.revoke({ $case: 'familyId', value: familyId });
    expect((await failureOf(revoking)).reason).toBe('PERMISSION_DENIED');
    const { json } = await postToken(demo.http, demo.tenant_id, demo.service);
    expect(await service.introspect(String(json.access_token))).toMatchObject({ kind: TokenKind.APPLICATION });
  });
});

function tenantsIn(dataDir: string): unknown {
  const database = new Database(join(dataDir, 'symbolon.db'), { readonly: true });
  try {
    return database.prepare('SELECT count(*) FROM tenant').pluck().get();
  } finally {
    database.close();
  }
}

describe('a demo that is started again', () => {
  it('has the same ids and secrets, and its new ports', async () => {
    using directory = dataDirectory();
    await using first = await ServerProcess.startDemo({ dataDir: directory.path });
    const before = first.demo;
    using client = TokenClient.admin(before);
    const { accessToken } = await client.logIn(before.user.login_name, before.user.password);
    await first.running.end('SIGTERM');
    await using second = await ServerProcess.startDemo({ dataDir: directory.path });
    expect(second.demo).toEqual({ ...before, grpc: second.grpcAddress, http: second.httpAddress });
    using after = TokenClient.admin(second.demo);
    expect(await after.isActive(accessToken)).toBe(true);
    expect((await after.logIn(before.user.login_name, before.user.password)).subjectId).toBe(before.user.id);
  });

  it('gains what a record of an earlier version lacks, and keeps what it has', async () => {
    using directory = dataDirectory();
    await using first = await ServerProcess.startDemo({ dataDir: directory.path });
    const { web, public: app, device_client, ...older } = first.demo;
    await first.running.end('SIGTERM');
    // As an earlier version left both.
    writeFileSync(join(directory.path, 'demo.json'), JSON.stringify(older));
    const database = new Database(join(directory.path, 'symbolon.db'));
    const ids = [web.client_id, app.client_id, device_client.client_id];
    database.prepare('DELETE FROM client_secret WHERE client_id = ?').run(web.client_id);
    for (const id of ids) {
      expect(database.prepare('DELETE FROM client WHERE client_id = ?').run(id).changes).toBe(1);
    }
    database.close();
    await using second = await ServerProcess.startDemo({ dataDir: directory.path });
    expect(second.demo).toMatchObject({ admin: older.admin, service: older.service, user: older.user });
    expect(second.demo).toMatchObject({ public: app, device_client });
    using client = new TokenClient(second.demo.grpc, basic(second.demo.web.client_id, second.demo.web.client_secret));
    expect((await client.issueToClient(second.demo.web)).kind).toBe(TokenKind.APPLICATION);
  });

  it('goes on in no log of a store that is gone, when its secrets are still there', async () => {
    using directory = dataDirectory();
    const revisions: number[] = [];
    for (let store = 0; store < 2; store++) {
      await using server = await ServerProcess.startDemo({ dataDir: directory.path });
      using admin = TokenClient.admin(server.demo);
      const { accessToken } = await admin.issueToClient(server.demo.admin);
      revisions.push((await admin.introspect(accessToken)).revision);
      await server.kill();
      for (const end of ['', '-wal', '-shm']) {
        rmSync(join(directory.path, `symbolon.db${end}`));
      }
    }
    expect(revisions).toEqual([0, expect.any(Number)]);
    expect(revisions[1]).toBeGreaterThan(1_000_000_000);
  });

  it('makes what a crash left out, with the secrets that demo.json has', async () => {
    using directory = dataDirectory();
    // Each hash takes a third of a second, and the passwords are hashed between demo.json and the first command.
    const slow = ['--argon2-memory-kib', '65536', '--argon2-passes', '10'];
    const dying = startProgram(['serve', '--demo', '--data-dir', directory.path, ...FREE_PORTS, ...slow]);
    await eventually('demo.json', () => existsSync(join(directory.path, 'demo.json')));
    await dying.end('SIGKILL');
    expect(tenantsIn(directory.path)).toBe(0);
    const left = readDemo(directory.path);
    expect(left.grpc).toBe('');
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    expect(server.demo).toEqual({ ...left, grpc: server.grpcAddress, http: server.httpAddress });
    using client = TokenClient.admin(server.demo);
    expect((await client.issueToClient(left.admin)).kind).toBe(TokenKind.ADMIN);
    expect((await client.logIn(left.user.email, left.user.password)).subjectId).toBe(left.user.id);
  });

  it('writes a record anew that can’t be read, when the store knows nothing of it', async () => {
    for (const broken of ['', '{"grpc": "127.0', '\0'.repeat(500)]) {
      using directory = dataDirectory();
      mkdirSync(directory.path, { mode: 0o700 });
      writeFileSync(join(directory.path, 'demo.json'), broken, { mode: 0o600 });
      await using server = await ServerProcess.startDemo({ dataDir: directory.path });
      using client = TokenClient.admin(server.demo);
      expect((await client.issueToClient(server.demo.admin)).kind).toBe(TokenKind.ADMIN);
    }
  });

  it('refuses when demo.json is gone or unreadable and the store has the demo, and says where it was', async () => {
    using directory = dataDirectory();
    const path = join(directory.path, 'demo.json');
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    await server.running.end('SIGTERM');
    const restart = () => runProgram(['serve', '--demo', '--data-dir', directory.path, ...FREE_PORTS]);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    expect(await restart()).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        `error: the store has a tenant demo, and ${path}, which holds its secrets, is gone. ` +
        'Restore it, serve without --demo, or name another directory with --data-dir\n',
    });
    for (const broken of ['', '{', '[]', '{}', text.replace('"admin"', '"amin"')]) {
      writeFileSync(path, broken, { mode: 0o600 });
      const { code, stderr } = await restart();
      expect(stderr).toBe(
        `error: the store has a tenant demo, and ${path}, which holds its secrets, can’t be read. ` +
          'Restore it, serve without --demo, or name another directory with --data-dir\n',
      );
      expect(code).toBe(1);
      expect(readFileSync(path, 'utf8')).toBe(broken);
    }
    writeFileSync(path, text, { mode: 0o600 });
    await using again = await ServerProcess.startDemo({ dataDir: directory.path });
    expect(again.demo.admin).toEqual(JSON.parse(text).admin);
  });
});
