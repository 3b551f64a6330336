/** What the judge must find: one thing is wrong with the verifiers, or with how a store was restored. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from '../../../cli/in-process.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { Admin } from './ends.ts';
import { mutatedVerifier } from './mutated.ts';
import { type Fault, Stage } from './stage.ts';

/** A machine that stands still at the wrong moment hides what is wrong. */
const MAX_PLAYS = 8;

/** What lies were told of, once there are some. */
async function liesOf(stage: Stage, fault: Fault, plays = 1): Promise<Set<string>> {
  const { lies } = stage.fleet.judge;
  for (let i = 0; i < plays && lies.length === 0; i++) {
    await stage.play(fault).catch(() => undefined);
  }
  return new Set(lies.map(({ how }) => how));
}

it('finds verifiers that take an answer for fresh when it arrives', async () => {
  using directory = dataDirectory();
  using mutated = await mutatedVerifier('freshness from the receipt of an answer');
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const { grpcAddress, demo } = server;
  await using stage = await Stage.open([grpcAddress], demo, new Admin(demo), mutated.Verifier);
  const lies = await liesOf(stage, { play: ({ end }) => end(), lines: 'late' }, MAX_PLAYS);
  expect(lies.size).toBeGreaterThan(0);
});

it('finds a store that was put back by hand, so that revisions are given again', async () => {
  using directory = dataDirectory();
  let server = await ServerProcess.startDemo({ dataDir: directory.path });
  const { grpcAddress, demo } = server;
  await using stage = await Stage.open([grpcAddress], demo, new Admin(demo));
  const fault: Fault = {
    lines: 'away',
    survives: false,
    play: async ({ endings, survivor, end }) => {
      const backup = join(directory.root, 'backup.db');
      await runCommand(['store', 'backup', '--to', backup, '--data-dir', directory.path]);
      for (const { token } of endings) {
        await stage.admin.call('revoke', { target: { $case: 'token', value: token } });
      }
      // They are known everywhere.
      for (const line of stage.fleet.lines) {
        line.thaw();
      }
      await stage.untilApplied();
      for (const line of stage.fleet.lines) {
        line.freeze();
      }
      await server.kill();
      for (const end of ['', '-wal', '-shm']) {
        rmSync(join(directory.path, `symbolon.db${end}`), { force: true });
      }
      copyFileSync(backup, join(directory.path, 'symbolon.db'));
      server = await ServerProcess.startDemo({ dataDir: directory.path });
      stage.admin.moveTo(server.grpcAddress);
      stage.fleet.leadTo([server.grpcAddress]);
      await stage.admin.call('revoke', { target: { $case: 'token', value: survivor } });
      stage.fleet.judge.ended(survivor, 'given the revision of another');
      await end();
    },
  };
  const lies = await liesOf(stage, fault);
  await server.kill();
  expect([...lies]).toContain('given the revision of another');
});
