/** What is checked of each model: the protocol as it is, and what looks as good and is not. */
import type { Run } from './spin.ts';

/** One thing of a run is done wrong, and the run must find it. What it is found by is the control's own reason. */
export interface Control {
  readonly name: string;
  /** The run that is right without it. */
  readonly of: Run;
  readonly wrong: readonly string[];
  readonly breaks: Assertion;
  /** How long the shortest story is. */
  readonly steps: number;
}

/** Assertions, as the checker prints them. */
export const ASSERTIONS = {
  /** P1 or P2: a check that must not say active finds the verifier open, and the entry in it. */
  ANSWERS: /^\(cache\[\(\(0\*2\)\+ktok\[0\]\)\]==0\)$/,
  /** The same, by the answer of a call that was sent before. */
  ANSWERS_FROM_A_CALL: /^!\(cact\[0\]\)$/,
  /** The same, where the entry was found before it was known whether the verifier is open. */
  ANSWERS_LATE: /^!\(\(\(fresh\[0\]!=0\)&&\(fresh\[0\]<=2\)\)\)$/,
  /** P3. */
  CLOSES: /^\(\(up<.*\(fresh<=/,
  /** P4: an entry is there that an event has killed which was applied. */
  KEEPS: /^!.*mask\[e\]>>0.*\(\(cache\[\(0\*2\)\]-1\)<e\)/,
  /** P5. */
  WAITS_LONGER: /^\(barreal<=/,
  /** P2, of a node that was counted as gone, or had said that all of its watchers know. */
  MEMBER_NOT_HEARD: /^0$/,
  /** E1: "active" at a revision that ended the token. */
  REVISION_TOO_NEW: /^\(r<1\)$/,
} as const;

export type Assertion = keyof typeof ASSERTIONS;

/** One verifier, one member, one token, one revocation. */
const ONE = ['NV=1', 'NN=1', 'NT=1', 'MAXREV=1'];
const NO_CRASH = 'CRASHES=0';
const NO_LOSS = 'LOSSES=0';

function watch(name: string, ...defines: string[]): Run {
  return { name, model: 'watch', defines };
}

const QUIET = watch('one verifier, nothing is lost', ...ONE, NO_CRASH, NO_LOSS, 'P5');
const LOSS = watch('the connection is lost once', ...ONE, NO_CRASH);
const MOVES = watch('it comes back to another member', 'NV=1', 'NN=2', 'NT=1', 'MAXREV=1', NO_CRASH, 'NO_PURGE');
const CRASH = watch('the member dies once', ...ONE, 'CRASHES=1', NO_LOSS, 'NO_PURGE', 'P5');
const RESTARTS = watch(
  'the member dies between two revocations',
  ...['NV=1', 'NN=1', 'NT=1', 'MAXREV=2', 'CRASHES=1', NO_LOSS, 'NO_PURGE', 'WARM', 'NOCALLS', 'NO_P1'],
);
const RESTORED = watch(
  'the store is restored, and the revision leaps',
  ...['NV=1', 'NN=1', 'NT=1', 'MAXREV=2', NO_CRASH, NO_LOSS, 'NO_PURGE', 'RESTORE'],
);

function open(heartbeat: number, delay: number, reading: number): Run {
  const defines = [`H=${heartbeat}`, `D=${delay}`, `POLL=${reading}`];
  return { name: `it stays open with ${defines.join(', ')}`, model: 'open', defines };
}

const OPEN = open(1, 1, 1);
const MEMBERS: Run = { name: 'which nodes a barrier must hear from', model: 'members', defines: ['MARGIN=W'] };
const THREADS: Run = {
  ...MEMBERS,
  name: 'the same, where a node loses a thread',
  defines: ['MARGIN=W', 'THREADS', 'NO_DEATH'],
};
const EXACT: Run = { name: 'the revision that a worker answers with from memory', model: 'exact', defines: [] };

/** They have no error, and every state is looked at. */
export const RIGHT: readonly Run[] = [
  ...[QUIET, LOSS, MOVES, CRASH, RESTARTS, RESTORED],
  ...[OPEN, open(1, 2, 0), open(2, 1, 1), MEMBERS, THREADS, EXACT],
];

/** Found, each by its own assertion. */
export const CONTROLS: readonly Control[] = [
  control('freshness is counted from the receipt of an answer', QUIET, ['BUG_RECEIPT'], 'ANSWERS', 26),
  control('an answer is kept whatever its revision', QUIET, ['NO_P4', 'BUG_NO_REVISION_CHECK'], 'ANSWERS', 26),
  control('an answer is kept from before a beginning afresh', LOSS, ['NO_P4', 'BUG_NO_FLOOR'], 'ANSWERS', 34),
  control('a checkpoint comes before its events', QUIET, ['BUG_CKPT_FIRST'], 'ANSWERS', 26),
  control('a heartbeat is answered that came after the reading began', QUIET, ['BUG_ECHO_UNREAD'], 'ANSWERS', 28),
  control('each heartbeat makes the barrier wait longer', QUIET, ['BUG_EXTEND'], 'WAITS_LONGER', 20),
  control('the barrier hears only its own member', MOVES, ['BUG_OWN_NODE'], 'ANSWERS', 36),
  control('a watcher that left is forgotten', MOVES, ['BUG_FORGET_CLOSED'], 'ANSWERS', 28),
  control('the barrier waits B', QUIET, ['NO_P1', 'W=B'], 'ANSWERS', 24),
  control('the barrier waits B and one tick', QUIET, ['NO_P1', 'W=B+1'], 'ANSWERS', 26),
  control('an event is acknowledged before it is applied', QUIET, ['BUG_EARLY_ACK'], 'ANSWERS', 30),
  control('a member that died is forgotten', CRASH, ['BUG_FORGET_NODE'], 'ANSWERS', 26),
  control('a check joins a call that was sent before it began', QUIET, ['BUG_JOIN'], 'ANSWERS_FROM_A_CALL', 18),
  control('an answer is judged, and kept in another step', QUIET, ['NO_P4', 'BUG_INSERT_UNLOCKED'], 'ANSWERS', 28),
  control('the entry is looked up before the freshness', QUIET, ['BUG_LOOKUP_FIRST'], 'ANSWERS_LATE', 26),
  control('a position is counted from the start of the member', RESTARTS, ['BUG_POSITION'], 'KEEPS', 16),
  control('a restored store gives revisions again', RESTORED, ['BUG_NO_LEAP'], 'KEEPS', 16),
  control('B is one tick too short', OPEN, ['B=3'], 'CLOSES', 37),
  control('a heartbeat waits until the one before is answered', OPEN, ['BUG_ONE_AT_A_TIME'], 'CLOSES', 21),
  control('a node that just lost its lease is left out', MEMBERS, ['MARGIN=0'], 'MEMBER_NOT_HEARD', 22),
  control('a reading began without the lease', MEMBERS, ['BUG_LEASE_AT_END'], 'MEMBER_NOT_HEARD', 31),
  control('a node knows a watcher once it was sent something', MEMBERS, ['BUG_LATE_REGISTRY'], 'MEMBER_NOT_HEARD', 26),
  control('a node forgets a watcher that left', MEMBERS, ['BUG_FORGET_CLOSED'], 'MEMBER_NOT_HEARD', 28),
  control('nodes are asked before the commit', MEMBERS, ['BUG_ASK_FIRST'], 'MEMBER_NOT_HEARD', 26),
  control('it is read before the commit who there is', MEMBERS, ['BUG_COUNT_FIRST'], 'MEMBER_NOT_HEARD', 18),
  control('a node that starts again has its name again', MEMBERS, ['BUG_SAME_NAME'], 'MEMBER_NOT_HEARD', 28),
  control('a node that ends deletes its heartbeat', MEMBERS, ['BUG_DELETED_ROW'], 'MEMBER_NOT_HEARD', 20),
  control('a node answers that it was asked', MEMBERS, ['BUG_ANSWER_AT_ONCE'], 'MEMBER_NOT_HEARD', 26),
  control('a thread that was lost is forgotten', THREADS, ['BUG_THREAD_FORGOTTEN'], 'MEMBER_NOT_HEARD', 28),
  control('the writer moves the revision before the slots', EXACT, ['BUG_REV_FIRST'], 'REVISION_TOO_NEW', 6),
  control('the worker reads the revision after the slots', EXACT, ['BUG_REV_LAST'], 'REVISION_TOO_NEW', 7),
];

/** What takes longer, and up to 4 GiB. */
export const LARGE: readonly Run[] = [
  watch('two members, one loss, a purged log', 'NV=1', 'NN=2', 'NT=1', 'MAXREV=1', NO_CRASH),
  watch(
    'two members, of which one dies',
    ...['NV=1', 'NN=2', 'NT=1', 'MAXREV=1', 'CRASHES=1', NO_LOSS, 'NO_PURGE', 'P5'],
  ),
  watch('two losses, a purged log', ...ONE, NO_CRASH, 'LOSSES=2', 'P5'),
  watch('two tokens, two revocations', ...['NV=1', 'NN=1', 'NT=2', 'MAXREV=2', NO_CRASH, NO_LOSS, 'NO_PURGE']),
  watch('the member dies, and the connection is lost', ...ONE, 'CRASHES=1', 'LOSSES=1', 'P5'),
  watch(
    'two open verifiers at two members',
    ...['NV=2', 'NN=2', 'NT=1', 'MAXREV=1', NO_CRASH, NO_LOSS, 'NO_PURGE', 'NO_P1', 'WARM', 'NOCALLS'],
  ),
].map((run) => ({ ...run, maxMemoryMib: 6_000 }));

/** Too large to end: what 2 minutes reach has no error. */
export const ENDLESS: readonly Run[] = [
  watch('two verifiers, a death, a loss, two messages', 'NV=2', 'NN=2', 'NT=1', 'MAXREV=1', 'PIPE2', 'P5'),
  watch('two tokens, a death, two losses', ...['NV=1', 'NN=2', 'NT=2', 'MAXREV=2', 'LOSSES=2', 'PIPE2', 'P5']),
].map((run) => ({ ...run, search: 'bits', maxMinutes: 2 }));

const ROOMY: Run = { ...RESTORED, maxMemoryMib: 6_000 };
/** Controls of which the first story found breaks P4: by one that breaks P1 or P2. */
export const LONGER: readonly Control[] = [
  control('a restored store gives revisions again', ROOMY, ['NO_P4', 'BUG_NO_LEAP'], 'ANSWERS', 34),
  control('a position is counted from the start of the member', RESTARTS, ['NO_P4', 'BUG_POSITION'], 'ANSWERS', 30),
];

function control(name: string, of: Run, wrong: readonly string[], breaks: Assertion, steps: number): Control {
  return { name, of, wrong, breaks, steps };
}

/** Of the wrong defines, those take the place of the right ones that have the same name. */
export function runOf({ name, of, wrong }: Control): Run {
  const named = new Set(wrong.map(nameOf));
  return {
    ...of,
    name,
    defines: [...of.defines.filter((define) => !named.has(nameOf(define))), ...wrong],
    search: 'widths',
  };
}

function nameOf(define: string): string {
  return define.split('=')[0] ?? '';
}
