/** Who is signed in, by a cookie that says nothing but which session it is. Everything else stays here, the tokens too. */
import { randomBytes } from 'node:crypto';
import type { BegunCode, Login } from '@symbolon/client';
import type { Request, Response } from 'express';

export interface Session {
  /** The sign-in that was begun last in this browser. */
  begun?: BegunCode | undefined;
  /** Undefined: nobody is signed in. */
  readonly login?: Login;
}

interface Kept {
  readonly session: Session;
  readonly endTime: number;
}

const BEGUN_MS = 15 * 60_000;
const SIGNED_IN_MS = 12 * 60 * 60_000;
/** What is there longest makes room: everybody can begin a sign-in. */
const MOST = 10_000;

/** In memory: they end with this process. Where several serve the app, keep them in a store that all of them reach. */
export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #cookie: string;
  readonly #attributes: string;

  /** `origin`: of the app, as browsers see it. */
  constructor(origin: string) {
    const isSecure = origin.startsWith('https:');
    this.#cookie = isSecure ? '__Host-session' : 'session';
    // Lax: the way back from Symbolon brings it along, and no form of another site does.
    this.#attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  of(request: Request): Session | undefined {
    const kept = this.#kept.get(this.#idOf(request));
    return kept !== undefined && kept.endTime > Date.now() ? kept.session : undefined;
  }

  /** With an id that nobody knows yet: what the browser had before is no session any more. */
  begin(request: Request, response: Response, session: Session): void {
    this.#drop(this.#idOf(request));
    for (const [id, { endTime }] of this.#kept) {
      if (endTime <= Date.now() || this.#kept.size >= MOST) {
        this.#drop(id);
      }
    }
    const id = randomBytes(32).toString('base64url');
    const endTime = Date.now() + (session.login === undefined ? BEGUN_MS : SIGNED_IN_MS);
    this.#kept.set(id, { session, endTime });
    response.append('Set-Cookie', `${this.#cookie}=${id}${this.#attributes}`);
  }

  end(request: Request, response: Response): void {
    this.#drop(this.#idOf(request));
    response.append('Set-Cookie', `${this.#cookie}=${this.#attributes}; Max-Age=0`);
  }

  #drop(id: string): void {
    this.#kept.get(id)?.session.login?.close();
    this.#kept.delete(id);
  }

  #idOf({ headers }: Request): string {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
    return pairs.find(([name]) => name === this.#cookie)?.[1] ?? '';
  }
}
