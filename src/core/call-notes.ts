/**
 * What operations tell of a call besides its answer: who it was about and where the time went. Logs, metrics and traces are made of it.
 * No secret may be in it, and no name as it was typed: people type passwords into the wrong field.
 */
import type { TokenKind } from './model.ts';

/** What somebody proved, or tried to prove, who it is by. */
export type CredentialKind =
  | 'user_password'
  | 'device_password'
  | 'client_secret'
  | 'anonymous'
  | 'second_factor'
  | 'end_node'
  | 'device_token'
  | 'authorization_code'
  | 'device_code'
  | 'refresh_token'
  | 'access_token'
  /** One that was sent to a person. */
  | 'code'
  /** A registration that asked for tokens. */
  | 'registration';

/** Ids and words of ours alone. */
export interface CallFacts {
  /** What was asked for: `login`, `refresh`, `revoke`, or the kind of the command. Whether it took place is told by the call's outcome. */
  readonly event?: string | undefined;
  readonly credential?: CredentialKind | undefined;
  /** Of the token that was issued. */
  readonly kind?: TokenKind | undefined;
  /** The user or device that it is about; of a client's own token the client. */
  readonly subject?: string | undefined;
  /** A keyed hash of a name that nobody has: the same for the same name. */
  readonly unknown?: string | undefined;
  /** The id of the access token that was issued, or of the token that was presented. */
  readonly token?: string | undefined;
  readonly family?: string | undefined;
  /** The user or device whose token the caller bears, and the id of that token. */
  readonly by?: string | undefined;
  readonly byToken?: string | undefined;
  /** Where no caller is known: the client, and its tenant, that somebody took the name of. */
  readonly client?: string | undefined;
  readonly tenant?: string | undefined;
  /** What was changed where it is no user or device: a client, or a tenant that is not the caller's. */
  readonly targetClient?: string | undefined;
  readonly targetTenant?: string | undefined;
  /** How many tokens were introspected together, and how many of them are live. */
  readonly tokens?: number | undefined;
  readonly active?: number | undefined;
  /** The answer was given before, and was given again. */
  readonly isRepeat?: true | undefined;
  /** The password was right, and a second factor is asked for. */
  readonly isPending?: true | undefined;
  /** An old refresh token or a used code came back, so its login was ended. */
  readonly isReuse?: true | undefined;
  /** What a wait for verifiers came to. */
  readonly waited?: Waited | undefined;
}

/** How a wait for verifiers ended. */
export interface Waited {
  /** Watchers that said that they know the revision. */
  readonly acknowledged: number;
  /** Watchers that did not say so until what they may answer from memory had run out. */
  readonly waitedOut: number;
  /** Whether the same was waited for of watchers that are not known here: of another server, or of a process before this one. */
  readonly unknownWaitedOut: boolean;
  /** Milliseconds. */
  readonly waitedMs: number;
}

/** `queue`: waiting for a processor to hash on. `turn`: waiting for another guess at the same name. `wait`: waiting for verifiers. */
export type PhaseName = 'queue' | 'hash' | 'store' | 'turn' | 'wait';

/** Takes what is told of one call. */
export interface CallNotes {
  /** As it was noted last. */
  readonly event: string | undefined;
  /** What Introspect found; set and not noted, for that costs nothing. */
  isActive: boolean | undefined;
  /** What was told before stays, unless it is told otherwise. */
  note(facts: CallFacts): void;
  /** Begins a phase, and answers what ends it. `what`: such as the kind of the command. */
  phase(name: PhaseName, what: string): () => void;
}
