/** What an operator is told where a server can't listen. */
import { reasonOf } from '../../core/reason.ts';

/** grpc-js wraps what the system says in its own words. */
const LISTEN_CODE = /\bE[A-Z]{4,}\b/;

const LISTEN_MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process has that port, perhaps a server that runs already. Stop it, or name another port',
  EADDRNOTAVAIL: 'This machine does not have that address. Name one of its own',
  EACCES: 'This user may not take that port. Name one from 1024 on',
};

/** Names the flag of a server that can't listen. */
export async function listening<T>(flag: string, address: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const reason = reasonOf(error);
    const [code = reason] = LISTEN_CODE.exec(reason) ?? [];
    const mend = LISTEN_MENDS[code];
    throw new Error(`can't listen on ${flag} ${address}: ${mend === undefined ? reason : `${code}. ${mend}`}`);
  }
}
