/** A node with a replica, called as a microservice calls it. */
import { expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import { failureOf, TokenClient } from '../process/grpc-client.ts';
import { eventually } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';

const MINUTES = { seconds: 600, nanos: 0 };

it('asks the replica for those who say so, and for nobody else', async () => {
  await using primary = await PostgresServer.start();
  const database = await primary.createDatabase();
  using directory = dataDirectory();
  await using standby = await primary.startStandby();
  const env = { SYMBOLON_STORE: primary.urlOf(database), SYMBOLON_STORE_REPLICA: standby.urlOf(database) };
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, env });
  using client = TokenClient.admin(server.demo).persistently();
  const { accessToken } = await client.issueToClient(server.demo.admin);
  const replica = await standby.connect(database);
  await eventually('the replica to have the token', async () => {
    const { rows } = await replica.query('SELECT FROM family');
    return rows.length > 0;
  });
  await replica.query('SELECT pg_wal_replay_pause()');
  await replica.end();

  const atLeastRevision = await client.revokeToken(accessToken);

  // A replica that is late on a busy machine is left alone for a moment.
  await eventually('the replica to be asked', async () => {
    return (await client.introspect(accessToken, { maxStaleness: MINUTES })).active;
  });
  expect((await client.introspect(accessToken)).active).toBe(false);
  expect((await client.introspect(accessToken, { maxStaleness: { seconds: 0, nanos: 0 } })).active).toBe(false);
  const told = await client.introspect(accessToken, { maxStaleness: MINUTES, atLeastRevision });
  expect(told).toMatchObject({ active: false, revision: atLeastRevision });
  for (const maxStaleness of [
    { seconds: -1, nanos: 0 },
    { seconds: 3_601, nanos: 0 },
    { seconds: 1, nanos: -1 },
  ]) {
    const { status, message } = await failureOf(client.introspect(accessToken, { maxStaleness }));
    expect(status).toBe('INVALID_ARGUMENT');
    expect(message).toContain('max_staleness must be from 0 to 3600 seconds');
  }
});
