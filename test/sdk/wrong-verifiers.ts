/** What an SDK could get wrong beside what the model has: each a copy of the one in TypeScript with this change, and the scenario that finds it. */
import { MUTANTS, type Mutant } from './typescript/model/mutants.ts';

export interface WrongVerifier {
  readonly name: string;
  /** Files from the core's folder. */
  readonly changes: NonNullable<Mutant['changes']>;
  readonly foundBy: string;
}

const RESUMED = 'a stream that ended is begun where it was, and what is kept stays';
const FROZEN = 'behind a frozen line nothing is known after the bound, and all is well after it';

/** Of the model. */
const FOUND_BY: Readonly<Record<string, string>> = {
  'freshness from the receipt of an answer': 'a line that is slower than the bound: what it brings is too old to count',
  'an answer is kept without a look at what ended since':
    'read, then ended by an event of a family, then answered: it is not kept',
  'neither floor nor generation after beginning afresh':
    'read, then a stream begins afresh, then answered: it is not kept',
  'what is forgotten of events does not raise the floor':
    'more events than are remembered: an answer from before them is not kept',
  'beginning afresh keeps the entries': 'a store that was restored from a backup: nothing of before is live',
  'events are not counted': 'messages that count wrongly: the stream is begun afresh',
  'an event that is not known is passed over': 'an event of an unknown kind ends all that is kept',
  'consent ends nothing that is kept': 'a user withdraws a client: the tokens of both end, and no others',
  'joining a call that was sent earlier': 'a check joins no call that is under way',
  'no look at the clock on the wall': 'a machine that slept for an hour wakes with nothing that counts',
  'what is left of a token counts from the receipt of the answer':
    'what a token has to live counts from when it was asked for',
  'what is left of a token is not looked at': 'a token is kept for no longer than it has to live',
  'entries have no greatest age': 'a token is kept for no longer than a minute',
};

const OTHERS: readonly WrongVerifier[] = [
  {
    name: 'open for good once it is open',
    changes: [['state.ts', ' && isWithin(this.#fresh.sent, this.#boundMs, monotonic, wall)', '']],
    foundBy: FROZEN,
  },
  {
    name: 'a bound of two seconds',
    changes: [['state.ts', 'this.#fresh.sent, this.#boundMs,', 'this.#fresh.sent, 2 * this.#boundMs,']],
    foundBy: FROZEN,
  },
  {
    name: 'where the server can’t be asked, what was kept is said',
    changes: [
      [
        '../verifier.ts',
        'fail: reject };',
        `fail: (error) => {
           const kept = this.#state.entryOf(token);
           return kept === undefined ? reject(error) : resolve(kept.caller);
         } };`,
      ],
    ],
    foundBy: FROZEN,
  },
  {
    name: 'an error is taken for a token that is not live',
    changes: [['../verifier.ts', 'fail: reject };', 'fail: () => resolve(undefined) };']],
    foundBy: 'a server that fails is asked again at the next check',
  },
  {
    name: 'not live is kept for good',
    changes: [
      [
        '../verifier.ts',
        'answer: resolve, fail',
        'answer: (caller) => { if (caller === undefined) this.#dead.add(token); resolve(caller); }, fail',
      ],
      ['../verifier.ts', '#isClosed = false;', '#isClosed = false;\n  readonly #dead = new Set<string>();'],
      ['../verifier.ts', '!TOKEN.test(token)', '!TOKEN.test(token) || this.#dead.has(token)'],
    ],
    foundBy: 'not live is kept by nobody',
  },
  {
    name: 'the answers of a call are taken in another order',
    changes: [['asks.ts', 'answers[index];', 'answers[answers.length - 1 - index];']],
    foundBy: 'four hundred tokens at once: each has its own answer',
  },
  {
    name: 'an event of a family ends one token of it',
    changes: [['state.ts', 'this.#entries.ofFamily(target.id)', 'this.#entries.ofFamily(target.id).slice(0, 1)']],
    foundBy: 'an event of a family ends both of its tokens',
  },
  {
    name: 'an event of a subject ends nothing that is kept',
    changes: [['state.ts', 'this.#entries.ofSubject(target.id)', '[]']],
    foundBy: 'an event of a subject ends its tokens, and no others',
  },
  {
    name: 'an event of a client ends nothing that is kept',
    changes: [['state.ts', 'this.#entries.ofClient(target.id)', '[]']],
    foundBy: 'an event of a client ends its tokens, and no others',
  },
  {
    name: 'any message makes it fresh',
    changes: [
      [
        'state.ts',
        'if (beat === undefined) {\n      return;',
        'if (beat === undefined) {\n      this.#fresh = { heartbeat: 0, sent: momentOf(this.#clock) };\n      return;',
      ],
    ],
    foundBy: 'a server that answers heartbeats that nobody sent opens nothing',
  },
  {
    name: 'a heartbeat counts again each time it is answered',
    changes: [
      [
        'state.ts',
        'if (beat.heartbeat > (this.#fresh?.heartbeat ?? 0)) {\n      this.#fresh = beat;',
        '{\n      this.#fresh = { ...beat, sent: momentOf(this.#clock) };',
      ],
    ],
    foundBy: 'a server that answers one heartbeat over and over opens nothing for long',
  },
  {
    name: 'heartbeats are numbered anew on each stream',
    changes: [
      ['state.ts', 'this.#stream = { resumeRevision', 'this.#heartbeat = 0;\n    this.#stream = { resumeRevision'],
    ],
    foundBy: RESUMED,
  },
  {
    name: 'a stream acknowledges before it has brought anything',
    changes: [
      [
        '../watch.ts',
        'heartbeat: this.#state.beat(), acknowledgedRevision: 0',
        'heartbeat: this.#state.beat(), acknowledgedRevision: resumeRevision ?? 0',
      ],
    ],
    foundBy: RESUMED,
  },
  {
    name: 'a stream goes on from nowhere',
    changes: [['state.ts', '{ resumeRevision: this.#known }', '{ resumeRevision: undefined }']],
    foundBy: RESUMED,
  },
  {
    name: 'a stream that ended is not begun again',
    changes: [['../watch.ts', 'setTimeout(() => this.#begin(), retryInMs)', 'setTimeout(() => {}, retryInMs)']],
    foundBy: RESUMED,
  },
  {
    name: 'a stream that was refused as too old is begun where it was',
    changes: [['../watch.ts', "error.code === 'OUT_OF_RANGE'", "error.code === 'OK'"]],
    foundBy: 'a stream that was refused as too old is begun afresh, and nothing stays',
  },
  {
    name: 'it keeps an id that somebody else has',
    changes: [['../watch.ts', 'this.#verifierId = newVerifierId();\n', '']],
    foundBy: 'somebody has its id: it takes another one, and begins afresh',
  },
  {
    name: 'it acknowledges nothing',
    changes: [['state.ts', 'this.#heard.hasMessage ? (this.#known ?? 0) : 0', '0']],
    foundBy: 'what is asked for is acknowledged at once',
  },
  {
    name: 'what the server allows of the bound is not heeded',
    changes: [['state.ts', 'Math.min(this.#options.boundMs, longestBoundMs)', 'this.#options.boundMs']],
    foundBy: 'a server that allows hardly any time to be open',
  },
  {
    name: 'it keeps more tokens than was allowed',
    changes: [['entries.ts', 'this.#byToken.size >= this.#maxEntries', 'this.#byToken.size < 0']],
    foundBy: 'no more tokens are kept than was allowed',
  },
];

const DENIED = 'what is allowed is answered from memory, and what is denied is asked each time';
const WITHDRAWN =
  "a user withdraws a client: what the client's own token was allowed by that user is asked about again";

/** Of answers about permissions. */
const OF_PERMISSIONS: readonly WrongVerifier[] = [
  {
    name: 'a consent withdrawn ends nothing that was allowed',
    changes: [['allowed.ts', '({ caller }) => caller.clientId === target.clientId', '() => false']],
    foundBy: WITHDRAWN,
  },
  {
    name: 'a consent withdrawn is not looked for by whose right something was allowed',
    changes: [['allowed.ts', "[userId, targetId ?? '']", "[targetId ?? '']"]],
    foundBy:
      'what a user allowed a client is permitted, and after it is withdrawn denied within the bound, to its own token too',
  },
  {
    name: 'a device that was asked about ends nothing that was allowed',
    changes: [['allowed.ts', "[userId, targetId ?? '']", '[userId]']],
    foundBy:
      'a device is disabled: what was permitted is denied within the bound, and a device of somebody else at once',
  },
  {
    name: 'what was allowed is kept without a look at what ended since',
    changes: [['allowed.ts', 'killed.kills(ids, revision)', 'killed.kills(ids, revision) && revision < 0']],
    foundBy: 'read, then withdrawn by an event, then answered: what was allowed is not kept',
  },
  {
    name: 'what was allowed is kept for as long as a token',
    changes: [['allowed.ts', 'Math.min(timeToLiveMs, MAX_ALLOWED_MS)', 'Math.max(timeToLiveMs, 60_000)']],
    foundBy: 'what is allowed is kept for no longer than the server says, and ten seconds at most',
  },
  {
    name: 'what was denied is kept',
    changes: [
      [
        '../permissions.ts',
        '#isClosed = false;',
        '#isClosed = false;\n  readonly #denied = new Map<string, Access>();',
      ],
      [
        '../permissions.ts',
        'return given.access;',
        'if (!given.access.allowed) { this.#denied.set(key, given.access); }\n        return given.access;',
      ],
      [
        '../permissions.ts',
        'if (kept !== undefined) {',
        'const denied = this.#denied.get(question.key);\n    if (denied !== undefined) { return denied; }\n    if (kept !== undefined) {',
      ],
    ],
    foundBy: DENIED,
  },
  {
    name: 'one answer for all targets',
    changes: [['../permissions.ts', 'const kind = userId', 'return token + permission;\n  const kind = userId']],
    foundBy: DENIED,
  },
  {
    name: 'a question that fails is one that is allowed',
    changes: [
      [
        '../permissions.ts',
        'answer: resolve, fail: reject',
        "answer: resolve, fail: () => resolve({ allowed: true, reason: 'ALLOWED', caller: undefined, userId: '' })",
      ],
    ],
    foundBy: "a question that can't be asked is an error, and never allowed",
  },
];

export const WRONG_VERIFIERS: readonly WrongVerifier[] = [
  ...Object.entries(FOUND_BY).map(([name, foundBy]) => {
    const changes = MUTANTS.find((each) => each.name === name)?.changes;
    if (changes === undefined) {
      throw new Error(`the model has no mutant of this name any more: ${name}`);
    }
    return { name, changes, foundBy };
  }),
  ...OTHERS,
  ...OF_PERMISSIONS,
];
