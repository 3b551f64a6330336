/** What clients asked and were answered, as the judge reads it. */
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import { parseToken, tokenIdOf } from '../../src/core/token-form.ts';

/** A pair as a client holds it. */
export interface Pair
  extends Pick<IssuedTokens, 'accessToken' | 'refreshToken' | 'tokenId' | 'familyId' | 'subjectId'> {
  /** Two answers have the same number when they agree in all of the above. */
  readonly pair: number;
  /** As its tokens say. */
  readonly generation: number;
}

export type RevokeBy = 'access token' | 'refresh token' | 'token_id' | 'family_id';

export type Asked =
  /** Always with the request id of the login, so that it can be repeated. */
  | { readonly kind: 'issue' }
  | { readonly kind: 'introspect' | 'refresh'; readonly pair: Pair }
  | { readonly kind: 'revoke'; readonly pair: Pair; readonly by: RevokeBy }
  /** What befalls the user. */
  | { readonly kind: 'revoke_all' | 'disable' | 'enable' };

export interface Input {
  readonly kind: Asked['kind'];
  readonly pair?: number;
  readonly generation?: number;
  readonly note?: string;
}

export interface Output {
  /** `failed`: an answer that no call may get. `reused` and `denied`: of Issue. */
  readonly kind: 'pair' | 'active' | 'inactive' | 'refused' | 'done' | 'reused' | 'denied' | 'failed';
  readonly pair?: number;
  readonly generation?: number;
  readonly revision?: number;
  readonly error?: string;
}

/** One call about one family. */
export interface Operation {
  readonly client: number;
  readonly family: number;
  /** When it began and ended, by one clock of all clients. Null: its outcome is unknown. */
  readonly call: number;
  readonly return: number | null;
  readonly input: Input;
  readonly output: Output | null;
}

/**
 * Writes down what all clients do. Its clock counts what happens: all clients live in one process, so that a call which begins later
 * than another ends has the larger number.
 */
export class Recorder {
  readonly history: Operation[] = [];
  readonly #pairs = new Map<string, number>();
  #now = 0;

  /** Answers what ends it; undefined says that the outcome is unknown. */
  begin(client: number, family: number, asked: Asked): (output: Output | undefined) => void {
    const begun = { client, family, call: this.#tick(), input: inputOf(asked) };
    return (output) => {
      const end = this.#tick();
      const ended = output === undefined ? { return: null, output: null } : { return: end, output };
      this.history.push({ ...begun, ...ended });
    };
  }

  /** Undefined when the pair contradicts itself. */
  pairOf({ accessToken, refreshToken, tokenId, familyId, subjectId }: IssuedTokens): Pair | undefined {
    const [access, refresh] = [parseToken(accessToken), parseToken(refreshToken)];
    const { generation } = access ?? { generation: -1 };
    const isOne =
      access?.use === 'access' &&
      refresh?.use === 'refresh' &&
      [access.familyId, refresh.familyId].every((each) => each === familyId) &&
      refresh.generation === generation &&
      tokenId === tokenIdOf('access', familyId, generation);
    if (!isOne) {
      return undefined;
    }
    const key = JSON.stringify([accessToken, refreshToken, tokenId, familyId, subjectId]);
    const pair = this.#pairs.get(key) ?? this.#pairs.size;
    this.#pairs.set(key, pair);
    return { accessToken, refreshToken, tokenId, familyId, subjectId, pair, generation };
  }

  #tick(): number {
    this.#now += 1;
    return this.#now;
  }
}

function inputOf(asked: Asked): Input {
  switch (asked.kind) {
    case 'introspect':
    case 'refresh': {
      const { pair, generation } = asked.pair;
      return { kind: asked.kind, pair, generation };
    }
    case 'revoke':
      return { kind: asked.kind, note: `${asked.by} of generation ${asked.pair.generation}` };
    default:
      return { kind: asked.kind };
  }
}
