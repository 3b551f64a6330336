/**
 * What has happened to somebody, against everything that can then be tried: no path may have been forgotten. Callers were authenticated
 * before it happened, so that each operation is held to its own checks; `Basic` and `Bearer` authenticate anew.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestBed } from '../../support.ts';
import { codeOf, OPERATIONS } from './operations.ts';
import { STATES, type Stage, setStage } from './states.ts';

/**
 * `-`: refused with the one code that such an operation is refused with. `caught`: refused, and its family ended. `cut off`: it was the
 * caller to whom it happened, and the transaction found out.
 */
const ISSUES = `
                            | issue:user   | issue:mail   | issue:device | issue:vendor | issue:client | issue:public | issue:anon | issue:second
nothing happened            | ok           | ok           | ok           | ok           | ok           | ok           | ok         | ok
tokens expired              | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
families expired            | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
families expired and purged | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
tokens refreshed twice      | ok           | ok           | ok           | ok           | ok           | ok           | ok         | ok
families revoked            | ok           | ok           | ok           | ok           | ok           | ok           | ok         | ok
subjects cut off            | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
subjects disabled           | -            | -            | -            | -            | ok           | ok           | ok         | -
subjects enabled again      | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
subjects deleted            | -            | -            | -            | -            | ok           | ok           | ok         | -
subjects made again         | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
hashes replaced             | -            | -            | -            | -            | ok           | ok           | ok         | ok
passwords changed           | -            | -            | -            | -            | ok           | ok           | ok         | -
passwords reset             | -            | -            | -            | -            | ok           | ok           | ok         | -
names locked                | login_locked | login_locked | login_locked | login_locked | ok           | ok           | ok         | login_locked
secret added to client      | ok           | ok           | ok           | ok           | ok           | ok           | ok         | ok
secret of client reset      | cut off      | ok           | ok           | cut off      | cut off      | -            | ok         | cut off
client cut off              | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
client disabled             | cut off      | ok           | ok           | cut off      | cut off      | -            | ok         | cut off
client enabled again        | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
client deleted              | cut off      | ok           | ok           | cut off      | cut off      | -            | ok         | cut off
client made again           | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
tenant cut off              | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
tenant disabled             | cut off      | cut off      | cut off      | cut off      | cut off      | cut off      | cut off    | cut off
tenant enabled again        | ok           | ok           | ok           | ok           | ok           | ok           | ok         | -
`;

const TOKENS = `
                            | refresh:user | refresh:device | refresh:client | look:user | look:device | look:client
nothing happened            | ok           | ok             | ok             | active    | active      | active
tokens expired              | ok           | ok             | ok             | inactive  | inactive    | inactive
families expired            | -            | -              | -              | inactive  | inactive    | inactive
families expired and purged | -            | -              | -              | inactive  | inactive    | inactive
tokens refreshed twice      | caught       | caught         | caught         | inactive  | inactive    | inactive
families revoked            | -            | -              | -              | inactive  | inactive    | inactive
subjects cut off            | -            | -              | ok             | inactive  | inactive    | active
subjects disabled           | -            | -              | ok             | inactive  | inactive    | active
subjects enabled again      | -            | -              | ok             | inactive  | inactive    | active
subjects deleted            | -            | -              | ok             | inactive  | inactive    | active
subjects made again         | -            | -              | ok             | inactive  | inactive    | active
hashes replaced             | ok           | ok             | ok             | active    | active      | active
passwords changed           | -            | -              | ok             | inactive  | inactive    | active
passwords reset             | -            | -              | ok             | inactive  | inactive    | active
names locked                | ok           | ok             | ok             | active    | active      | active
secret added to client      | ok           | ok             | ok             | active    | active      | active
secret of client reset      | cut off      | cut off        | cut off        | inactive  | inactive    | inactive
client cut off              | -            | -              | -              | inactive  | inactive    | inactive
client disabled             | cut off      | cut off        | cut off        | inactive  | inactive    | inactive
client enabled again        | -            | -              | -              | inactive  | inactive    | inactive
client deleted              | cut off      | cut off        | cut off        | inactive  | inactive    | inactive
client made again           | -            | -              | -              | inactive  | inactive    | inactive
tenant cut off              | -            | -              | -              | inactive  | inactive    | inactive
tenant disabled             | cut off      | cut off        | cut off        | -         | -           | -
tenant enabled again        | -            | -              | -              | inactive  | inactive    | inactive
`;

const CALLERS = `
                            | revoke:token | revoke:id | revoke:family | revoke:admin | Basic | Bearer
nothing happened            | revoked      | revoked   | revoked       | revoked      | ok    | ok
tokens expired              | revoked      | revoked   | revoked       | revoked      | ok    | -
families expired            | revoked      | revoked   | revoked       | revoked      | ok    | -
families expired and purged | nothing      | nothing   | nothing       | nothing      | ok    | -
tokens refreshed twice      | revoked      | revoked   | revoked       | revoked      | ok    | -
families revoked            | nothing      | nothing   | nothing       | nothing      | ok    | -
subjects cut off            | revoked      | revoked   | revoked       | revoked      | ok    | ok
subjects disabled           | revoked      | revoked   | revoked       | revoked      | ok    | ok
subjects enabled again      | revoked      | revoked   | revoked       | revoked      | ok    | ok
subjects deleted            | revoked      | revoked   | revoked       | revoked      | ok    | ok
subjects made again         | revoked      | revoked   | revoked       | revoked      | ok    | ok
hashes replaced             | revoked      | revoked   | revoked       | revoked      | ok    | ok
passwords changed           | revoked      | revoked   | revoked       | revoked      | ok    | ok
passwords reset             | revoked      | revoked   | revoked       | revoked      | ok    | ok
names locked                | revoked      | revoked   | revoked       | revoked      | ok    | ok
secret added to client      | revoked      | revoked   | revoked       | revoked      | ok    | ok
secret of client reset      | cut off      | cut off   | cut off       | revoked      | -     | -
client cut off              | revoked      | revoked   | revoked       | revoked      | ok    | -
client disabled             | cut off      | cut off   | cut off       | revoked      | -     | -
client enabled again        | revoked      | revoked   | revoked       | revoked      | ok    | -
client deleted              | cut off      | cut off   | cut off       | revoked      | -     | -
client made again           | revoked      | revoked   | revoked       | revoked      | ok    | -
tenant cut off              | revoked      | revoked   | revoked       | revoked      | ok    | -
tenant disabled             | cut off      | cut off   | cut off       | cut off      | -     | -
tenant enabled again        | revoked      | revoked   | revoked       | revoked      | ok    | -
`;

/** The device is a gateway, and the end node is what hangs on it: nothing happens to that itself. */
const END_NODES = `
                            | issue:end | refresh:end | look:end
nothing happened            | ok        | ok          | active
tokens expired              | -         | ok          | inactive
families expired            | -         | -           | inactive
families expired and purged | -         | -           | inactive
tokens refreshed twice      | -         | ok          | active
families revoked            | -         | -           | inactive
subjects cut off            | -         | -           | inactive
subjects disabled           | -         | -           | inactive
subjects enabled again      | -         | -           | inactive
subjects deleted            | -         | -           | inactive
subjects made again         | -         | -           | inactive
hashes replaced             | ok        | ok          | active
passwords changed           | -         | -           | inactive
passwords reset             | -         | -           | inactive
names locked                | ok        | ok          | active
secret added to client      | ok        | ok          | active
secret of client reset      | -         | cut off     | inactive
client cut off              | -         | -           | inactive
client disabled             | -         | cut off     | inactive
client enabled again        | -         | -           | inactive
client deleted              | -         | cut off     | inactive
client made again           | -         | -           | inactive
tenant cut off              | -         | -           | inactive
tenant disabled             | -         | cut off     | -
tenant enabled again        | -         | -           | inactive
`;

/** What `-` stands for. */
const REFUSALS: Record<string, string> = {
  issue: 'invalid_credentials',
  refresh: 'invalid_refresh_token',
  // The one who asks is of the tenant too.
  look: 'caller_unauthenticated',
  Basic: 'caller_unauthenticated',
  Bearer: 'caller_unauthenticated',
};

const CUT_OFF = 'caller_unauthenticated';

interface Cell {
  readonly state: string;
  readonly operation: string;
  readonly expected: string;
}

function cellsOf(table: string): Cell[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((word) => word.trim()));
  const operations = head.slice(1);
  return rows.flatMap(([state = '', ...answers]) =>
    operations.map((operation, i) => ({ state, operation, expected: wordOf(operation, answers[i] ?? '') })),
  );
}

function wordOf(operation: string, answer: string): string {
  const refusal = REFUSALS[operation.split(':')[0] ?? ''] ?? 'no refusal';
  return answer === '-' ? refusal : answer === 'cut off' ? CUT_OFF : answer;
}

export const CELLS = [ISSUES, TOKENS, CALLERS, END_NODES].flatMap(cellsOf);

/** Cases for all cells, on a store. */
export function describeMatrix(openBed: () => Promise<TestBed>): void {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await openBed();
  });
  afterAll(() => bed.close());

  describe.each(Object.keys(STATES))('when %s', (state) => {
    const cells = CELLS.filter((cell) => cell.state === state);
    let answers: ReadonlyMap<string, string>;

    // Each operation has a tenant of its own; that all of them are set up side by side spares most of the writes.
    beforeAll(async () => {
      answers = await answersIn(bed, state);
    });

    it.each(cells)('$operation: $expected', ({ operation, expected }) => {
      expect(answers.get(operation)).toBe(expected);
    });
  });
}

async function answersIn(bed: TestBed, state: string): Promise<ReadonlyMap<string, string>> {
  const operations = Object.entries(OPERATIONS);
  const { happen = async () => {}, laterMs = 0, isPurged = false } = STATES[state] ?? {};
  const stages = await Promise.all(operations.map(() => setStage(bed)));
  await Promise.all(stages.map(happen));
  bed.clock.advance(laterMs);
  if (isPurged) {
    await bed.store.purgeExpired(1_000_000);
  }
  const answers = operations.map(async ([name, operation], i): Promise<[string, string]> => {
    return [name, await operation(stages[i] as Stage).catch(codeOf)];
  });
  return new Map(await Promise.all(answers));
}
