/** The SDK's verifier and the real server, over lines that fail: never "active" past the bound. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, runProgram } from '../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { portOf, Service } from './service.ts';

it('denies a revoked token, also where memory had it', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using service = await Service.start(server.demo);
  const [revoked, other] = [await service.kept(), await service.kept()];
  await service.revoke(revoked);
  await service.until('not active', revoked);
  expect(await service.check(other)).toBe('active');
  expect(service.verifier.size).toBe(1);
});

it('denies it on each of twenty verifiers', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using first = await Service.start(server.demo);
  const others = await Promise.all(Array.from({ length: 19 }, () => Service.start(server.demo)));
  const services = [first, ...others];
  try {
    const token = await first.kept();
    await Promise.all(services.map((service) => service.untilKept(token)));
    await first.revoke(token);
    for (const service of services) {
      service.end(token);
    }
    await Promise.all(services.map((service) => service.until('not active', token)));
  } finally {
    await Promise.all(others.map((service) => service[Symbol.asyncDispose]()));
  }
});

it('goes on where it was after its server was killed, and denies what ended meanwhile', async () => {
  using directory = dataDirectory();
  const server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using service = await Service.start(server.demo);
  const [revoked, other] = [await service.kept(), await service.kept()];
  await server.kill();
  // Nobody can revoke now. Memory answers until B, and then nobody does.
  await service.until('failed', revoked);
  await using again = await ServerProcess.startDemo({ dataDir: directory.path });
  await using admin = await Service.start(again.demo);
  await admin.revoke(revoked);
  service.end(revoked);
  service.line.leadTo(portOf(again.grpcAddress));
  await service.until('not active', revoked);
  await service.until('active', other);
  await service.untilKept(other);
});

it('denies behind a line that was cut, and behind one that carries nothing', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using service = await Service.start(server.demo, server.demo.grpc, { timeoutMs: 1_000 });
  const [first, second, other] = [await service.kept(), await service.kept(), await service.kept()];
  service.line.cut();
  await service.revoke(first);
  await service.until('not active', first);
  await service.untilKept(other);
  service.line.freeze();
  await service.revoke(second);
  // Before it says so it may answer from memory for as long as B, and the check of the bound looks at each.
  await service.until('failed', second);
  expect(service.verifier.isOpen).toBe(false);
  service.line.thaw();
  service.line.cut();
  await service.until('not active', second);
  await service.untilKept(other);
});

it('takes another line when its own carries nothing any more', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const ends: string[] = [];
  const options = { timeoutMs: 500, onWatchEnd: ({ message }: Error) => ends.push(message) };
  await using service = await Service.start(server.demo, server.demo.grpc, options);
  const token = await service.kept();
  // What was on the way is lost for good, and only a new connection gets through.
  service.line.freezeAt(Buffer.from([0]).toString());
  await eventually('given up', () => ends.some((message) => message.includes('answers no heartbeat')));
  service.line.thaw();
  await service.until('active', token);
  await service.untilKept(token);
});

it('is told of the end of its tenant, and of its own client', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const { dataDir, demo } = server;
  for (const command of [
    ['client', 'disable', demo.service.client_id, '--tenant', demo.tenant_id, '--yes'],
    ['tenant', 'disable', demo.tenant_id, '--yes'],
  ]) {
    await using service = await Service.start(demo);
    const token = await service.kept();
    const { code, stderr } = await runProgram([...command, '--data-dir', dataDir]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    service.end(token);
    // The caller is refused from then on: an error, and nothing of the token.
    await eventually('closed', () => !service.verifier.isOpen);
    await service.until('failed', token);
    await runProgram(['client', 'enable', demo.service.client_id, '--tenant', demo.tenant_id, '--data-dir', dataDir]);
  }
});

it('begins afresh when the store was restored from a backup', async () => {
  using directory = dataDirectory();
  const server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using service = await Service.start(server.demo);
  const token = await service.kept();
  const backup = `${directory.root}/backup.db`;
  const run = async (...args: string[]) => {
    const { code, stderr } = await runProgram([...args, '--data-dir', directory.path]);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  };
  await run('store', 'backup', '--to', backup);
  await server.kill();
  for (const end of ['', '-wal', '-shm']) {
    rmSync(join(directory.path, `symbolon.db${end}`), { force: true });
  }
  await run('store', 'restore', '--from', backup);
  service.end(token);
  await using again = await ServerProcess.startDemo({ dataDir: directory.path });
  service.line.leadTo(portOf(again.grpcAddress));
  await service.until('not active', token);
  expect(service.verifier.size).toBe(0);
});
