/**
 * What looks right and is not: the core with one thing changed, and the server with one. docs/verifier.md tells each. A copy of the core
 * is made by replacing its text, so that nothing in what is shipped knows of it; a text that is not there any more is an error.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerFaults } from './server.ts';
import type { Core } from './verifier.ts';

const CORE = fileURLToPath(new URL('../../../../sdk/typescript/server/src/core', import.meta.url));

export interface Mutant {
  readonly name: string;
  /** The file of the core, what is in it, and what is there instead. */
  readonly changes?: readonly (readonly [file: string, from: string, to: string])[];
  readonly faults?: ServerFaults;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'freshness from the receipt of an answer',
    changes: [['state.ts', 'this.#fresh = beat;', 'this.#fresh = { ...beat, sent: momentOf(this.#clock) };']],
  },
  {
    name: 'the time of a heartbeat is taken when it leaves the stack',
    changes: [
      [
        'state.ts',
        'this.#beats.push({ heartbeat: this.#heartbeat, sent: momentOf(this.#clock) });',
        `const beat = { heartbeat: this.#heartbeat, sent: momentOf(this.#clock) };
         globalThis.symbolonLater?.(() => { beat.sent = momentOf(this.#clock); });
         this.#beats.push(beat);`,
      ],
    ],
  },
  {
    name: 'an answer is kept without a look at what ended since',
    changes: [['state.ts', ' && !this.#killed.kills(caller, revision)', '']],
  },
  {
    name: 'neither floor nor generation after beginning afresh',
    changes: [
      ['killed.ts', 'this.#revisions.clear();\n    this.#floor = revision;', 'this.#revisions.clear();'],
      ['state.ts', 'generation === this.#generation && ', ''],
    ],
  },
  {
    name: 'what is forgotten of events does not raise the floor',
    changes: [['killed.ts', 'this.#floor = Math.max(this.#floor, revision);\n      return;', 'return;']],
  },
  {
    name: 'beginning afresh keeps the entries',
    changes: [['state.ts', 'this.#entries.clear();\n      this.#killed.afresh', 'this.#killed.afresh']],
  },
  {
    name: 'the checkpoint before its events',
    changes: [
      [
        'state.ts',
        'for (const event of events) {\n        this.#apply(event);\n      }',
        'globalThis.symbolonLater?.(() => { for (const event of events) this.#apply(event); });',
      ],
    ],
  },
  {
    name: 'events are not counted',
    changes: [['state.ts', ' && events.length === revision - previousRevision', '']],
  },
  {
    name: 'an event that is not known is passed over',
    changes: [['state.ts', '      default:\n', '      case undefined:\n        return;\n      default:\n']],
  },
  {
    name: 'consent ends nothing that is kept',
    changes: [['state.ts', '({ caller }) => caller.clientId === target.clientId', '() => false']],
  },
  {
    name: 'joining a call that was sent earlier',
    changes: [
      [
        'asks.ts',
        'const others = this.#unsent.get(token);',
        'const others = this.#unsent.get(token) ?? this.#sent.get(token);',
      ],
      ['asks.ts', '  constructor(', '  readonly #sent = new Map<string, Asker<Told>[]>();\n\n  constructor('],
      [
        'asks.ts',
        'this.#unsent.clear();',
        'this.#unsent.clear();\n    for (const [token, some] of all) this.#sent.set(token, some);',
      ],
      [
        'asks.ts',
        'this.#state.keep(token, batch, answer);',
        'this.#state.keep(token, batch, answer);\n      this.#sent.delete(token);',
      ],
    ],
  },
  {
    name: 'the look at what ended and the keeping are two steps',
    changes: [
      [
        'state.ts',
        'if (isCurrent) {\n      this.#entries.put({ token, caller, revision, sent, lifeMs });\n    }',
        `if (isCurrent) {
           globalThis.symbolonLater?.(() => this.#entries.put({ token, caller, revision, sent, lifeMs }));
         }`,
      ],
    ],
  },
  {
    name: 'the entry before freshness',
    changes: [
      [
        'state.ts',
        '  /** A call is about to be given',
        `  findStepwise(token: string, done: (caller: Caller | undefined) => void): void {
           const entry = this.#entries.get(token);
           if (entry === undefined) return done(undefined);
           globalThis.symbolonLater?.(() => done(this.isOpen ? entry.caller : undefined));
         }
         /** A call is about to be given`,
      ],
    ],
  },
  {
    name: 'the acknowledgement before the purge',
    changes: [
      [
        'state.ts',
        `    if (stream !== this.#stream) {
      return 'old';
    }
    const`,
        `    if (stream !== this.#stream) {
      return 'old';
    }
    if (!message.isAfresh && message.previousRevision === this.#known && message.events.length > 0) {
      this.#early = message.revision;
      globalThis.symbolonLater?.(() => this.receiveLate(stream, message));
      return 'applied';
    }
    return this.receiveLate(stream, message);
  }

  #early = 0;

  receiveLate(stream: Stream, message: Message): 'applied' | 'broken' | 'old' {
    if (stream !== this.#stream) {
      return 'old';
    }
    const`,
      ],
      ['state.ts', '(this.#known ?? 0) : 0', 'Math.max(this.#known ?? 0, this.#early) : 0'],
    ],
  },
  {
    name: 'no look at the clock on the wall',
    changes: [['moments.ts', ' && passed >= 0 && passed < spanMs', '']],
  },
  {
    name: 'what is left of a token counts from the receipt of the answer',
    changes: [
      [
        'state.ts',
        'put({ token, caller, revision, sent, lifeMs })',
        'put({ token, caller, revision, sent: momentOf(this.#clock), lifeMs })',
      ],
    ],
  },
  {
    name: 'what is left of a token is not looked at',
    changes: [['state.ts', 'Math.min(timeToLiveMs, this.#options.maxAgeMs)', 'this.#options.maxAgeMs']],
  },
  {
    name: 'entries have no greatest age',
    changes: [['state.ts', 'Math.min(timeToLiveMs, this.#options.maxAgeMs)', 'timeToLiveMs']],
  },
  { name: 'server: echoes a heartbeat that came after the reading began', faults: { echoesUnread: true } },
  { name: 'server: waits for B and no longer', faults: { waitMs: 1_000 } },
  { name: 'server: forgets a verifier that left', faults: { forgetsClosed: true } },
  { name: 'server: forgets that a member died', faults: { forgetsCrashes: true } },
];

/** Changes a copy of the core. */
export function changeFiles(copy: string, changes: NonNullable<Mutant['changes']>): void {
  for (const [file, from, to] of changes) {
    const path = join(copy, file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2) {
      throw new Error(`${file} has "${from}" ${parts.length - 1} times. Write the mutant anew`);
    }
    writeFileSync(path, parts.join(to));
  }
}

/** The core with these changes, and how to take it away again. */
export async function importCore({ changes = [] }: Pick<Mutant, 'changes'>): Promise<Core> {
  const room = mkdtempSync(join(tmpdir(), 'symbolon-mutant-'));
  try {
    cpSync(CORE, room, { recursive: true });
    changeFiles(room, changes);
    const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(join(room, file)).href);
    const { VerifierState } = await load('state.ts');
    const { Asks } = await load('asks.ts');
    return { VerifierState, Asks };
  } finally {
    rmSync(room, { recursive: true });
  }
}
