/** The rules of a row for every token, as they were before one row had the whole login: short enough to be believed. */

export interface OldTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface State {
  generation: number;
  isRevoked: boolean;
  /** The last refresh, while its answer may have been lost. */
  last: { readonly until: number; readonly presented: string; readonly pair: OldTokens } | undefined;
  tokens: Map<string, { readonly use: 'access' | 'refresh'; readonly generation: number }>;
}

export type OldSnapshot = Readonly<State>;

export class OldRules {
  #state: State = { generation: 0, isRevoked: false, last: undefined, tokens: new Map() };
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  issue(pair: OldTokens): void {
    this.#add(pair, 0);
  }

  knows(token: string): boolean {
    return this.#state.tokens.has(token);
  }

  /** What becomes of a refresh; `rotate` is told the pair when it makes one. */
  refresh(token: string, now: number): 'rotated' | 'same pair' | 'theft' | 'refused' {
    const state = this.#state;
    const row = state.tokens.get(token);
    if (row?.use !== 'refresh' || state.isRevoked) {
      return 'refused';
    }
    if (row.generation === state.generation) {
      return 'rotated';
    }
    if (row.generation === state.generation - 1 && state.last !== undefined && state.last.until > now) {
      return 'same pair';
    }
    state.isRevoked = true;
    return 'theft';
  }

  rotate(presented: string, pair: OldTokens, now: number): void {
    const state = this.#state;
    state.generation += 1;
    state.last = { until: now + this.#windowMs, presented, pair };
    this.#add(pair, state.generation);
  }

  /** The pair that a repeat is answered with. */
  lastPair(): OldTokens | undefined {
    return this.#state.last?.pair;
  }

  introspect(token: string): 'active' | 'inactive' {
    const { tokens, generation, isRevoked } = this.#state;
    const row = tokens.get(token);
    if (row?.use !== 'access' || row.generation !== generation || isRevoked) {
      return 'inactive';
    }
    // Its first use shows that the answer arrived.
    this.#state.last = undefined;
    return 'active';
  }

  revoke(token: string): 'ended' | 'nothing' {
    const isEnding = this.knows(token) && !this.#state.isRevoked;
    this.#state.isRevoked ||= isEnding;
    return isEnding ? 'ended' : 'nothing';
  }

  save(): OldSnapshot {
    return structuredClone(this.#state);
  }

  restore(snapshot: OldSnapshot): void {
    this.#state = structuredClone(snapshot);
  }

  #add({ accessToken, refreshToken }: OldTokens, generation: number): void {
    this.#state.tokens.set(accessToken, { use: 'access', generation });
    this.#state.tokens.set(refreshToken, { use: 'refresh', generation });
  }
}
