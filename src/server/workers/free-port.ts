/** Threads share a port by SO_REUSEPORT, and so could two servers of one user by mistake: each would get half of the other's connections. */
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { listening } from '../serving/listening.ts';

/** Rejects, naming the flag, when anybody listens there. Two servers that start at the same moment may both find it free. */
export async function requireFree(flag: string, address: string): Promise<void> {
  const at = address.lastIndexOf(':');
  const port = Number(address.slice(at + 1));
  if (port === 0) {
    return;
  }
  const { address: host } = await lookup(address.slice(0, at).replace(/^\[|\]$/g, ''));
  await listening(flag, address, async () => {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });
}
