/** The SDK's verifier at one node on PostgreSQL, and what ends tokens at another. */
import { expect, it } from 'vitest';
import { Nodes } from '../../nodes/cluster.ts';
import { PostgresServer } from '../../postgres.ts';
import { Service } from './service.ts';

const MAX_DURATION_MS = 180_000;

it(
  'denies what was revoked at another node, waits for it where that is asked for, and moves to another node',
  async () => {
    await using postgres = await PostgresServer.start();
    const store = postgres.urlOf(await postgres.createDatabase());
    await using nodes = await Nodes.start([store, store]);
    await using service = await Service.start(nodes.demo, nodes.addresses[1]);
    const [first, second, third, other] = [
      await service.kept(),
      await service.kept(),
      await service.kept(),
      await service.kept(),
    ];
    await service.revoke(first);
    await service.until('not active', first);
    await service.revokeEverywhere(second);
    await service.until('not active', second);
    await nodes.servers[1]?.kill();
    await service.revoke(third);
    service.line.leadTo(Number(nodes.addresses[0]?.split(':').at(-1)));
    await service.until('not active', third);
    await service.until('active', other);
    await service.untilKept(other);
    expect(service.verifier.size).toBe(1);
  },
  MAX_DURATION_MS,
);
