/** A server on SQLite that is killed, stopped, restored and replaced, and its tenant disabled: never "active" past the bound. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../cli/in-process.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { Admin } from './ends.ts';
import { type Scene, Stage } from './stage.ts';

let directory: ReturnType<typeof dataDirectory>;
let server: ServerProcess;
let stage: Stage;

beforeAll(async () => {
  directory = dataDirectory();
  server = await ServerProcess.startDemo({ dataDir: directory.path });
  stage = await Stage.open([server.grpcAddress], server.demo, new Admin(server.demo));
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await server?.kill();
  directory[Symbol.dispose]();
});

async function run(...args: string[]): Promise<void> {
  expect((await runCommand([...args, '--data-dir', directory.path])).failure).toBe('');
}

/** `isHidden`: verifiers do not find it yet. */
async function startAgain(isHidden = false): Promise<void> {
  server = await ServerProcess.startDemo({ dataDir: directory.path });
  stage.admin.moveTo(server.grpcAddress);
  if (!isHidden) {
    stage.fleet.leadTo([server.grpcAddress]);
  }
}

async function backUp(): Promise<string> {
  const backup = join(directory.root, `backup-${Math.trunc(performance.now())}.db`);
  await run('store', 'backup', '--to', backup);
  return backup;
}

async function restore(backup: string, ...args: string[]): Promise<void> {
  await server.kill();
  const away = `${backup}.away`;
  renameSync(join(directory.path, 'symbolon.db'), away);
  for (const end of ['-wal', '-shm']) {
    renameSync(join(directory.path, `symbolon.db${end}`), `${away}${end}`);
  }
  await run('store', 'restore', '--from', backup, ...args);
}

describe('verifiers of a server', () => {
  it('that works, behind lines that fail', async () => {
    await stage.play({ play: ({ end }) => end() });
  });

  it('that is killed while tokens end, and started again', async () => {
    const play = async ({ end }: Scene) => {
      const ended = end();
      await server.kill();
      await startAgain();
      await ended;
    };
    await stage.play({ play });
  });

  it('that stands still for two seconds', async () => {
    const play = async ({ end }: Scene) => {
      const { child } = server.running;
      child.kill('SIGSTOP');
      const ended = end();
      await sleep(2_000);
      child.kill('SIGCONT');
      await ended;
    };
    await stage.play({ play });
  });

  it('that is restored from an older backup, with all tokens ended', async () => {
    const play = async ({ endings, survivor, end }: Scene) => {
      const backup = await backUp();
      await end();
      await restore(backup);
      for (const token of [...endings.map((each) => each.token), survivor]) {
        stage.fleet.judge.ended(token, 'restored');
      }
      await startAgain();
    };
    await stage.play({ play, survives: false });
  });

  it('that is restored with tokens kept, while its revisions could be given again', async () => {
    const play = async ({ endings, end }: Scene) => {
      const backup = await backUp();
      const [lost, others] = [endings.slice(0, 3), endings.slice(3)];
      await end(lost);
      await restore(backup, '--keep-tokens');
      // They live again, as the operator wished.
      for (const { token } of lost) {
        stage.fleet.judge.forgive(token);
      }
      await startAgain(true);
      // Before verifiers are back: as many revisions as were lost.
      await end(others);
      stage.fleet.leadTo([server.grpcAddress]);
      await stage.untilApplied();
      await end(lost);
    };
    await stage.play({ play, lines: 'nothing' });
  });

  it('in whose place another one answers, that knows neither them nor their tokens', async () => {
    using elsewhere = dataDirectory();
    await using other = await ServerProcess.startDemo({ dataDir: elsewhere.path });
    const play = async ({ end }: Scene) => {
      stage.fleet.leadTo([other.grpcAddress]);
      for (const line of stage.fleet.lines) {
        line.cut();
      }
      await end();
      stage.fleet.leadTo([server.grpcAddress]);
      for (const line of stage.fleet.lines) {
        line.cut();
      }
    };
    await stage.play({ play, lines: 'nothing' });
  });

  it('whose tenant is disabled, and enabled again', async () => {
    const play = async ({ survivor, end }: Scene) => {
      await end();
      await run('tenant', 'disable', stage.admin.tenantId, '--yes');
      stage.fleet.judge.ended(survivor, 'tenant disabled');
      await sleep(1_200);
      await run('tenant', 'enable', stage.admin.tenantId);
    };
    await stage.play({ play, survives: false });
  });
});
