/** Short histories of one login, lived through by both rules at once until they differ. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { OldRules, type OldSnapshot, type OldTokens } from './old-rules.ts';
import { type Backup, RealLogin, type Replacement } from './real-login.ts';

export const WINDOW_MS = 60_000;

/** `token`: any number names one of the tokens that there were, of every generation and history. */
export type Event =
  | { readonly do: 'refresh' | 'introspect' | 'revoke'; readonly token: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'replace key'; readonly what: Replacement }
  | { readonly do: 'back up' }
  | { readonly do: 'restore' };

const someToken = fc.nat(15);
/** The pair of each generation lies side by side, the refresh tokens at odd places: a refresh of an access token is dull. */
const someRefreshToken = fc.nat(7).map((pair) => 2 * pair + 1);
const refreshes = someRefreshToken.map((token): Event => ({ do: 'refresh', token }));
const common: readonly fc.Arbitrary<Event>[] = [
  refreshes,
  // Named again to come more often.
  refreshes,
  refreshes,
  fc.record({ do: fc.constantFrom('refresh', 'introspect', 'introspect', 'revoke'), token: someToken }),
  fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(WINDOW_MS / 2, WINDOW_MS) }),
];

/** Histories in which these events happen too. */
export function histories(...more: fc.Arbitrary<Event>[]): fc.Arbitrary<Event[]> {
  return fc.array(fc.oneof(...common, ...more), { minLength: 2, maxLength: 12, size: 'max' });
}

export const replacements: fc.Arbitrary<Event> = fc.record({
  do: fc.constant('replace key'),
  what: fc.constantFrom<Replacement[]>('kept', 'lost', 'leaked'),
});
export const goingBack: fc.Arbitrary<Event> = fc.constantFrom<Event[]>(
  { do: 'back up' },
  { do: 'restore' },
  { do: 'restore' },
);

/** The first thing that the real rules do otherwise than the old ones, in words; undefined when there is none. */
export async function differenceIn(events: readonly Event[]): Promise<string | undefined> {
  const both = await BothRules.begin();
  for (const event of events) {
    const difference = await both.after(event);
    if (difference !== undefined) {
      return difference;
    }
  }
  return undefined;
}

class BothRules {
  readonly #old = new OldRules(WINDOW_MS);
  readonly #real = new RealLogin();
  readonly #tokens: string[] = [];
  #backup: { readonly old: OldSnapshot; readonly real: Backup } | undefined;

  static async begin(): Promise<BothRules> {
    const both = new BothRules();
    const first = await both.#real.begin(WINDOW_MS);
    both.#old.issue(first);
    both.#keep(first);
    return both;
  }

  async after(event: Event): Promise<string | undefined> {
    switch (event.do) {
      case 'wait':
        this.#real.clock.advance(event.ms);
        return undefined;
      case 'replace key':
        await this.#real.replaceKey(event.what);
        return undefined;
      case 'back up':
        this.#backup = { old: this.#old.save(), real: this.#real.backUp() };
        return undefined;
      case 'restore':
        await this.#restore();
        return undefined;
      default:
        return this.#ask(event.do, this.#tokens[event.token % this.#tokens.length] ?? '');
    }
  }

  async #ask(what: 'refresh' | 'introspect' | 'revoke', token: string): Promise<string | undefined> {
    const circumstances = [
      ...(this.#old.knows(token) ? [] : ['of another history']),
      ...((await this.#real.isKeyLost(token)) ? ['key lost'] : []),
    ];
    const [was, is] = await this.#answers(what, token);
    return was === is ? undefined : `${[what, ...circumstances].join(', ')}: was ${was}, is ${is}`;
  }

  async #answers(what: 'refresh' | 'introspect' | 'revoke', token: string): Promise<readonly [string, string]> {
    switch (what) {
      case 'introspect':
        return [this.#old.introspect(token), await this.#real.introspect(token)];
      case 'revoke':
        return [this.#old.revoke(token), await this.#real.revoke(token)];
      case 'refresh':
        return this.#refresh(token);
    }
  }

  async #refresh(token: string): Promise<readonly [string, string]> {
    const { now } = this.#real.clock;
    const was = this.#old.refresh(token, now);
    const answer = await this.#real.refresh(token);
    if (typeof answer === 'string') {
      return [was, answer];
    }
    const is = isDeepStrictEqual(answer, this.#old.lastPair()) ? 'same pair' : 'rotated';
    if (was === 'rotated') {
      this.#old.rotate(token, answer, now);
      this.#keep(answer);
    }
    return [was, is];
  }

  async #restore(): Promise<void> {
    if (this.#backup !== undefined) {
      this.#old.restore(this.#backup.old);
      await this.#real.restore(this.#backup.real);
    }
  }

  #keep({ accessToken, refreshToken }: OldTokens): void {
    this.#tokens.push(accessToken, refreshToken);
  }
}
