/** What the judge must find: a store was not restored as it has to be. Verifiers with one thing wrong are found in ../model, by no chance. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from '../../../cli/in-process.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { Admin } from './ends.ts';
import { type Fault, Stage } from './stage.ts';

/** What lies were told of, once there are some. */
async function liesOf(stage: Stage, fault: Fault): Promise<Set<string>> {
  const { lies } = stage.fleet.judge;
  await stage.play(fault).catch(() => undefined);
  return new Set(lies.map(({ how }) => how));
}

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
