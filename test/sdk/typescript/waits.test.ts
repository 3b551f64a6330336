/** Revocations that wait for verifiers: no check that begins after the answer says active. */
import { expect, it } from 'vitest';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { Service } from './service.ts';

it('is denied by every verifier once it is answered, also by one behind a line that carries nothing', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await using near = await Service.start(server.demo);
  await using far = await Service.start(server.demo, server.demo.grpc, { timeoutMs: 500 });
  for (const isFrozen of [false, true]) {
    const token = await near.kept();
    await far.untilKept(token);
    if (isFrozen) {
      far.line.freeze();
    }
    await near.revokeEverywhere(token);
    far.mustDeny(token);
    // The first check of each, at once.
    expect(await near.check(token)).not.toBe('active');
    expect(await far.check(token)).not.toBe('active');
    await near.until('not active', token);
  }
});
