/** Drives the core of the SDK: its clocks, its line to the server, its calls and its checks. */
import type { Asker, Asks } from '../../../../sdk/typescript/server/src/core/asks.ts';
import type { Answer } from '../../../../sdk/typescript/server/src/core/protocol.ts';
import type { Stream as Current, VerifierState } from '../../../../sdk/typescript/server/src/core/state.ts';
import type { Plan } from './plan.ts';
import type { Ear, Server, Stream } from './server.ts';
import { type Limits, mustDeny, type Token } from './tokens.ts';
import { Line, type World } from './world.ts';

/** The core, or a copy of it with one thing wrong. */
export interface Core {
  readonly VerifierState: typeof VerifierState;
  readonly Asks: typeof Asks;
}

/** What a mutant may have: a check in two steps. */
interface Stepwise {
  findStepwise?(token: string, done: (caller: Token | undefined) => void): void;
}

/** One stream, as this end has it. */
interface Connection {
  readonly current: Current;
  readonly up: Line;
  /** The server's end, once the first request is there. */
  stream: Stream | undefined;
  isUp: boolean;
}

export const HEARTBEAT_MS = 250;
export const MAX_AGE_MS = 2_500;

export class Verifier {
  readonly limits: Limits;
  /** How many checks memory answered. */
  hits = 0;
  readonly #world: World;
  readonly #server: Server;
  readonly #plan: Plan;
  readonly #id: string;
  readonly #state: VerifierState<Token>;
  readonly #asks: Asks<Token | undefined, Answer<Token>>;
  readonly #stepping = new Set<Token>();
  readonly #denied = new Set<Token>();
  #sleepsUntil = 0;
  /** What the clocks are apart from real time. */
  #slept = 0;
  #step = 0;
  #line: Connection | undefined;

  constructor(world: World, server: Server, plan: Plan, core: Core, index: number) {
    const rate = plan.rates[index + 1] ?? 1;
    this.#world = world;
    this.#server = server;
    this.#plan = plan;
    this.#id = `verifier ${index}`;
    this.limits = { boundMs: 1_000, maxAgeMs: MAX_AGE_MS, rate };
    const awake = () => world.now - this.#slept + Math.max(0, this.#sleepsUntil - world.now);
    // The clock on the wall is slewed as the other one is, and goes on while the machine sleeps.
    const clock = { monotonic: () => awake() * rate, wall: () => world.now * rate + this.#step };
    this.#state = new core.VerifierState({
      ...{ clock, boundMs: 1_000, maxAgeMs: MAX_AGE_MS, maxEntries: 6, maxKilled: plan.maxKilled },
    });
    this.#asks = new core.Asks(this.#state);
    this.#connect();
    this.#beat();
  }

  /** Runs when the machine is awake. */
  #wake(run: () => void): void {
    if (this.#world.now >= this.#sleepsUntil) {
      run();
    } else {
      this.#world.at(this.#sleepsUntil, () => this.#wake(run));
    }
  }

  #connect(): void {
    const current = this.#state.begin();
    const line: Connection = { current, up: new Line(this.#world), stream: undefined, isUp: true };
    this.#line = line;
    const member = this.#world.delay() % this.#plan.members;
    const heartbeat = this.#state.beat();
    line.up.carry(() => {
      if (line.isUp) {
        line.stream = this.#server.connect(this.#id, member, current.resumeRevision, heartbeat, {
          message: (message) => this.#wake(() => this.#receive(line, message)),
          ended: (isOutOfRange) => this.#wake(() => this.#ended(line, isOutOfRange)),
        });
      }
    });
  }

  #receive(line: Connection, message: Parameters<Ear['message']>[0]): void {
    const outcome = this.#state.receive(line.current, message);
    if (outcome === 'broken') {
      this.#drop(line);
      this.#ended(line, false);
    } else if (outcome === 'applied' && message.acknowledgeNow) {
      this.#tell(line, 0);
    }
  }

  #tell(line: Connection, heartbeat: number): void {
    const { acknowledged } = this.#state;
    line.up.carry(() => {
      if (line.stream !== undefined) {
        this.#server.hear(line.stream, heartbeat, acknowledged);
      }
    });
  }

  /** The server learns of an end that was on this side, sooner or later. */
  #drop(line: Connection): void {
    line.isUp = false;
    this.#world.after(this.#world.delay(), () => line.stream !== undefined && this.#server.close(line.stream));
  }

  #ended(line: Connection, isOutOfRange: boolean): void {
    if (line !== this.#line) {
      return;
    }
    this.#line = undefined;
    line.isUp = false;
    if (isOutOfRange) {
      this.#state.lose();
    }
    this.#world.after(this.#world.delay(), () => this.#wake(() => this.#connect()));
  }

  #beat(): void {
    this.#world.after(HEARTBEAT_MS / this.limits.rate, () => this.#wake(() => this.#beat()));
    const line = this.#line;
    if (line !== undefined && this.#state.silentMs >= 2 * this.limits.boundMs) {
      this.#drop(line);
      this.#ended(line, false);
    } else if (line !== undefined) {
      this.#tell(line, this.#state.beat());
    }
  }

  /** The line ends. Who notices first, the other one later. */
  cut(isServerFirst: boolean): void {
    const line = this.#line;
    if (line?.stream === undefined) {
      return;
    }
    if (isServerFirst) {
      this.#server.close(line.stream);
      line.stream.down.carry(() => this.#wake(() => this.#ended(line, false)));
    } else {
      this.#drop(line);
      this.#ended(line, false);
    }
  }

  /** The member of this stream died. */
  lose(stream: Stream): void {
    const line = this.#line;
    if (line?.stream === stream) {
      this.#world.after(this.#world.delay(), () => this.#wake(() => this.#ended(line, false)));
    }
  }

  sleep(ms: number): void {
    if (this.#world.now >= this.#sleepsUntil) {
      this.#sleepsUntil = this.#world.now + ms;
      this.#slept += ms;
    }
  }

  /** The clock on the wall is set. */
  step(ms: number): void {
    this.#step += ms;
  }

  /** A check that memory can answer, or nobody is asked. */
  probe(token: Token): void {
    if (this.#world.now < this.#sleepsUntil) {
      return;
    }
    const mustBeDenied = mustDeny(token, this.#world.now, this.limits);
    const judge = (caller: Token | undefined) => {
      this.hits += caller === undefined ? 0 : 1;
      this.#judge(token, mustBeDenied, caller, 'from memory');
    };
    const stepwise: Stepwise = this.#state as Stepwise;
    if (stepwise.findStepwise === undefined) {
      judge(this.#state.find(token.token));
    } else if (!this.#stepping.has(token)) {
      this.#stepping.add(token);
      stepwise.findStepwise(token.token, (caller) => {
        this.#stepping.delete(token);
        judge(caller);
      });
    }
    if (mustBeDenied && !this.#denied.has(token)) {
      // The first check that must not say active asks, too.
      this.#denied.add(token);
      this.lookUp(token);
    }
  }

  /** P4: nothing stays that an applied event ended. */
  inspect(token: Token): void {
    const entry = this.#state.entryOf(token.token);
    const { endedRevision = Number.POSITIVE_INFINITY } = token;
    if (entry !== undefined && endedRevision <= this.#state.acknowledged && entry.revision < endedRevision) {
      throw new Error(`P4: ${this.#id} keeps what ended at ${endedRevision}`);
    }
  }

  #judge(token: Token, mustBeDenied: boolean, caller: Token | undefined, how: string): void {
    if (mustBeDenied && caller !== undefined) {
      const { promisedAt, replacedAt, endedAt = 'never' } = token;
      const property = promisedAt !== undefined ? 'P2' : endedAt !== 'never' ? 'P1' : replacedAt ? 'age' : 'expiry';
      throw new Error(`${property}: ${this.#id} says active ${how} at ${this.#world.now}; ended at ${endedAt}`);
    }
  }

  /** A check that asks where memory can't answer. */
  lookUp(token: Token): void {
    if (this.#world.now < this.#sleepsUntil) {
      return;
    }
    const mustBeDenied = mustDeny(token, this.#world.now, this.limits);
    const known = this.#state.find(token.token);
    if (known !== undefined) {
      this.#judge(token, mustBeDenied, known, 'from memory');
      return;
    }
    const asker: Asker<Token | undefined> = {
      answer: (caller) => this.#judge(token, mustBeDenied, caller, 'from a call'),
      fail: () => {},
    };
    if (this.#asks.ask(token.token, asker)) {
      this.#world.after(this.#world.delay() % 7, () => this.#wake(() => this.#send()));
    }
  }

  #send(): void {
    for (const batch of this.#asks.send()) {
      this.#world.after(this.#world.delay(), () => {
        const answers = batch.tokens.map((text) => this.#server.introspect(text));
        this.#world.after(this.#world.delay(), () => this.#wake(() => this.#asks.answer(batch, answers)));
      });
    }
  }
}
