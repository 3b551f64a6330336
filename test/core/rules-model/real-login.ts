/** One login of the real operations and rules, on a memory store that can go back in time. */
import { randomBytes } from 'node:crypto';
import type { Command } from '../../../src/core/commands/index.ts';
import { SymbolonError } from '../../../src/core/errors.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { all } from '../../../src/core/plan.ts';
import { KEY_BYTES, keysOf } from '../../../src/core/services/keys.ts';
import { readTenant } from '../../../src/core/services/lookups.ts';
import { type Keys, type PasswordHasher, type Services, servicesOf } from '../../../src/core/services/services.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { resealed } from '../../../src/core/services/tag-keys.ts';
import { TAG_KEY } from '../../../src/core/tables/keys.ts';
import { parseToken } from '../../../src/core/token-form.ts';
import { MemoryStore } from '../../../src/store/memory/store.ts';
import { callerOf, makeClient, makeTenant, TestClock, VERIFIERS } from '../../support.ts';
import { issue } from '../issue.ts';
import { replaceServerKey } from '../key-replacement.ts';
import { wrapStore } from '../wrapped-store.ts';
import type { OldTokens } from './old-rules.ts';

/** What becomes of the tag keys when the servers' key is replaced. */
export type Replacement = 'kept' | 'lost' | 'leaked';

interface Written {
  readonly command: Command;
  readonly now: number;
}

export interface Backup {
  readonly written: readonly Written[];
  /** The key file that belongs to it. */
  readonly keys: Keys;
}

const TENANT = 'acme';
const CLIENT = 'app';
/** Until a new tag key mints. */
const MINTS_AFTER_MS = 2_000;
/** Nobody has a password here. */
const NO_PASSWORDS = {} as PasswordHasher;

function newKeys(): Keys {
  return keysOf(randomBytes(KEY_BYTES), randomBytes);
}

export class RealLogin {
  readonly clock = new TestClock();
  #written: Written[] = [];
  #keys = newKeys();
  #secret = '';
  #services = this.#serve(new MemoryStore({ clock: this.clock.read }));

  async begin(windowMs: number): Promise<OldTokens> {
    const { store } = this.#services;
    await makeTenant(store, TENANT, { refreshRepeatWindowMs: windowMs });
    this.#secret = await makeClient(store, TENANT, CLIENT, ['admin']);
    const credential = { kind: 'client', clientId: CLIENT, clientSecret: this.#secret } as const;
    return pairOf(await issue(this.#services, await this.#call(), { credential }));
  }

  /** Answers the pair, or why there is none. */
  async refresh(refreshToken: string): Promise<OldTokens | string> {
    const before = await this.#revision();
    try {
      return pairOf(await refresh(this.#services, await this.#call(), { refreshToken }));
    } catch (error) {
      const isTheft = before < (await this.#revision());
      return codeOf(error) === 'invalid_refresh_token' ? (isTheft ? 'theft' : 'refused') : codeOf(error);
    }
  }

  async introspect(token: string): Promise<string> {
    return (await introspect(this.#services, await this.#call(), { token })).active ? 'active' : 'inactive';
  }

  async revoke(token: string): Promise<string> {
    const before = await this.#revision();
    try {
      const { revision } = await revoke(this.#services, await this.#call(), { by: 'token', token });
      return revision > before ? 'ended' : 'nothing';
    } catch (error) {
      return codeOf(error) === 'token_unproven' ? 'unproven' : codeOf(error);
    }
  }

  /** As `symbolon key replace` does it; every server begins anew, and waits until it mints. */
  async replaceKey(what: Replacement): Promise<void> {
    const { store } = this.#services;
    const keys = newKeys();
    const boxes = what === 'lost' ? [] : await resealed(store, [this.#keys], keys);
    await replaceServerKey(store, { boxes, leaked: what === 'leaked', fingerprint: keys.fingerprint });
    this.#keys = keys;
    this.#services = servicesOf({ ...this.#services, keys });
    await this.#services.tagKeys.minting().catch(codeOf);
    this.clock.advance(MINTS_AFTER_MS);
  }

  /** Whether the tag of a token proves nothing, for its key is lost or was in other hands. */
  async isKeyLost(token: string): Promise<boolean> {
    const { tagKeys } = await this.#services.store.read({ tagKeys: all(TAG_KEY, {}) });
    return tagKeys.some(({ keyId, state }) => keyId === parseToken(token)?.keyId && state !== 'minting');
  }

  backUp(): Backup {
    return { written: [...this.#written], keys: this.#keys };
  }

  /** With its tokens, and with the key file of that time: does again what had been done by then, and nothing of what came later. */
  async restore({ written, keys }: Backup): Promise<void> {
    const { now } = this.clock;
    const store = new MemoryStore({ clock: this.clock.read });
    for (const { command, now: then } of written) {
      this.clock.now = then;
      await store.execute(command);
    }
    this.clock.now = now;
    this.#written = [...written];
    this.#keys = keys;
    this.#services = this.#serve(store);
  }

  #serve(memory: MemoryStore): Services {
    const execute: Store['execute'] = (command, options) => {
      this.#written.push({ command, now: this.clock.now });
      return memory.execute(command, options);
    };
    const store = wrapStore(memory, { execute });
    return servicesOf({
      store,
      passwords: NO_PASSWORDS,
      keys: this.#keys,
      clock: this.clock.read,
      random: randomBytes,
      verifiers: VERIFIERS,
    });
  }

  async #call(): Promise<Call> {
    return { caller: await callerOf(this.#services, CLIENT, this.#secret) };
  }

  async #revision(): Promise<number> {
    return (await readTenant(this.#services.store, TENANT))?.revision ?? -1;
  }
}

function pairOf({ accessToken, refreshToken = '' }: { accessToken: string; refreshToken: string | undefined }) {
  return { accessToken, refreshToken };
}

function codeOf(error: unknown): string {
  return error instanceof SymbolonError ? error.code : String(error);
}
