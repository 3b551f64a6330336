/** Two nodes on a PostgreSQL that stops answering, fails over with a loss, and is said to be rewound: never "active" past the bound. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../cli/in-process.ts';
import { Line } from '../../../line.ts';
import { Nodes } from '../../../nodes/cluster.ts';
import { PostgresServer } from '../../../postgres.ts';
import { until } from '../../../store/postgres/rig.ts';
import { Admin } from './ends.ts';
import { type Scene, Stage } from './stage.ts';

let primary: PostgresServer;
let standby: PostgresServer;
let database: string;
/** From the standby to the primary, and from the nodes to whichever is the primary. */
let replication: Line;
let line: Line;
let nodes: Nodes;
let stage: Stage;
let store: string;

beforeAll(async () => {
  primary = await PostgresServer.start();
  database = await primary.createDatabase();
  replication = await Line.start(primary.port);
  standby = await primary.startStandby(replication.port);
  line = await Line.start(primary.port);
  store = `postgres://postgres@127.0.0.1:${line.port}/${database}`;
  nodes = await Nodes.start([store, store]);
  stage = await Stage.open(nodes.addresses, nodes.demo, new Admin(nodes.demo));
});

afterAll(async () => {
  for (const each of [stage, nodes, line, replication, standby, primary]) {
    await each?.[Symbol.asyncDispose]();
  }
});

async function rowsOf(server: PostgresServer, sql: string): Promise<unknown[]> {
  const client = await server.connect(database);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('verifiers of two nodes', () => {
  it('of which one is killed, so that they move to the other', async () => {
    const play = async ({ endings, end }: Scene) => {
      const ended = end(endings.slice(0, 3));
      await nodes.servers[1]?.kill();
      stage.fleet.leadTo([nodes.addresses[0] ?? '']);
      await ended;
      // And back to another process.
      await nodes.restart(1);
      stage.fleet.leadTo([nodes.addresses[1] ?? '']);
      for (const each of stage.fleet.lines) {
        each.cut();
      }
      await end(endings.slice(3));
    };
    await stage.play({ play });
  });

  it('that do not reach PostgreSQL for two seconds', async () => {
    const play = async ({ end }: Scene) => {
      line.freeze();
      const ended = end();
      await sleep(2_000);
      line.thaw();
      await ended;
    };
    await stage.play({ play });
  });

  it('whose PostgreSQL fails over to a standby that lacks what was acknowledged', async () => {
    const play = async ({ endings, end }: Scene) => {
      const [{ lsn }] = (await rowsOf(primary, 'SELECT pg_current_wal_lsn()::text AS lsn')) as [{ lsn: string }];
      await until('the standby to have it', async () => {
        const [row] = await rowsOf(standby, `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS has`);
        return (row as { has: boolean }).has;
      });
      const [lost, others] = [endings.slice(0, 3), endings.slice(3)];
      replication.freeze();
      await end(lost);
      await rowsOf(standby, 'SELECT pg_promote()');
      await primary.kill();
      for (const { token } of lost) {
        stage.fleet.judge.forgive(token);
      }
      line.leadTo(standby.port);
      line.cut();
      for (const each of stage.fleet.lines) {
        each.freeze();
      }
      // Before verifiers are back: as many revisions as were lost.
      await end(others);
      stage.healLines();
      await stage.untilApplied();
      await end(lost);
    };
    await stage.play({ play, lines: 'nothing' });
  });

  it('whose operator says that it lost its end', async () => {
    const play = async ({ endings, survivor, end }: Scene) => {
      await end();
      expect((await runCommand(['store', 'rewound', '--yes', '--store', store])).failure).toBe('');
      for (const token of [...endings.map((each) => each.token), survivor]) {
        stage.fleet.judge.ended(token, 'rewound');
      }
      await sleep(1_200);
    };
    await stage.play({ play, survives: false });
  });
});
