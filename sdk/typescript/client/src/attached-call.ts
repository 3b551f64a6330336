/** A call of grpc-js that begins when its token is there. A unary one is made once more where its token was refused and there is another. */
import { type InterceptingCall, type InterceptingListener, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { ownError } from './errors/symbolon-error.ts';
import type { TokenSource } from './standard/fetch.ts';

/** What grpc-js wants of a call, which it does not export by itself. */
export type CallLike = ConstructorParameters<typeof InterceptingCall>[0];
type Message = Parameters<CallLike['sendMessageWithContext']>;

/** Timers know no longer time. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export class AttachedCall implements CallLike {
  readonly #login: TokenSource;
  readonly #next: () => CallLike;
  readonly #isUnary: boolean;
  readonly #deadline: number;
  readonly #given = new AbortController();
  #call: CallLike | undefined;
  #metadata = new Metadata();
  #listener: Partial<InterceptingListener> = {};
  /** What was said before the call began, or for when it is made once more. */
  #messages: Message[] = [];
  #reads = 0;
  #isHalfClosed = false;
  #ended: StatusObject | undefined;

  /** `deadline`: of the clock on the wall; no number where there is none. */
  constructor(login: TokenSource, next: () => CallLike, isUnary: boolean, deadline: number) {
    this.#login = login;
    this.#deadline = deadline;
    this.#next = next;
    this.#isUnary = isUnary;
  }

  start(metadata: Metadata, listener: Partial<InterceptingListener> = {}): void {
    this.#metadata = metadata;
    this.#listener = listener;
    void this.#attempt();
  }

  sendMessageWithContext(...message: Message): void {
    if (this.#call === undefined || this.#isUnary) {
      this.#messages.push(message);
    }
    this.#call?.sendMessageWithContext(...message);
  }

  sendMessage(message: Message[1]): void {
    this.sendMessageWithContext({}, message);
  }

  startRead(): void {
    this.#reads += 1;
    this.#call?.startRead();
  }

  halfClose(): void {
    this.#isHalfClosed = true;
    this.#call?.halfClose();
  }

  cancelWithStatus(code: status, details: string): void {
    this.#given.abort();
    if (this.#call === undefined) {
      this.#end({ code, details, metadata: new Metadata() });
    } else {
      this.#call.cancelWithStatus(code, details);
    }
  }

  getPeer(): string {
    return this.#call?.getPeer() ?? '';
  }

  getAuthContext(): ReturnType<CallLike['getAuthContext']> {
    return this.#call?.getAuthContext() ?? null;
  }

  async #attempt(refused?: string): Promise<void> {
    const signal = this.#untilDeadline();
    try {
      const token = await this.#login.token({ signal });
      if (!this.#given.signal.aborted) {
        this.#begin(token, refused === undefined && this.#isUnary);
      }
    } catch (thrown) {
      const { code, message } = ownError('no token', thrown);
      const isLate = signal.aborted && code === 'CANCELLED';
      this.#end({ code: codeOf(isLate ? 'DEADLINE_EXCEEDED' : code), details: message, metadata: new Metadata() });
    }
  }

  /** grpc-js looks at the deadline of calls that have begun. */
  #untilDeadline(): AbortSignal {
    const left = this.#deadline - Date.now();
    const late = left < MAX_DELAY_MS ? [AbortSignal.timeout(Math.max(left, 0))] : [];
    return AbortSignal.any([this.#given.signal, ...late]);
  }

  #begin(token: string, mayRepeat: boolean): void {
    const call = this.#next();
    this.#call = call;
    const held: (() => void)[] = [];
    const passHeld = () => {
      for (const pass of held.splice(0)) {
        pass();
      }
    };
    call.start(bearer(this.#metadata.clone(), token), {
      onReceiveMetadata: (metadata) => {
        held.push(() => this.#listener.onReceiveMetadata?.(metadata));
        if (!mayRepeat) {
          passHeld();
        }
      },
      onReceiveMessage: (message) => {
        held.push(() => this.#listener.onReceiveMessage?.(message));
        // With an answer it is too late to make it once more. grpc-js tells of none by null.
        if (!mayRepeat || message !== null) {
          passHeld();
        }
      },
      onReceiveStatus: (told) => {
        if (mayRepeat && told.code === status.UNAUTHENTICATED) {
          void this.#repeat(token, told, passHeld);
        } else {
          passHeld();
          this.#end(told);
        }
      },
    });
    for (let read = 0; read < this.#reads; read += 1) {
      call.startRead();
    }
    for (const message of this.#messages) {
      call.sendMessageWithContext(...message);
    }
    if (!this.#isUnary) {
      this.#messages = [];
    }
    if (this.#isHalfClosed) {
      call.halfClose();
    }
  }

  async #repeat(token: string, told: StatusObject, passHeld: () => void): Promise<void> {
    // Who cancels it from here on cancels the wait.
    this.#call = undefined;
    const isWorthIt = await this.#login.refused(token, { signal: this.#untilDeadline() }).catch(() => false);
    if (isWorthIt && !this.#given.signal.aborted) {
      await this.#attempt(token);
    } else {
      passHeld();
      this.#end(told);
    }
  }

  #end(told: StatusObject): void {
    if (this.#ended === undefined) {
      this.#ended = told;
      this.#listener.onReceiveStatus?.(told);
    }
  }
}

export function bearer(metadata: Metadata, token: string): Metadata {
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

export function codeOf(name: string): status {
  return Object.hasOwn(status, name) ? (status[name as keyof typeof status] as status) : status.UNKNOWN;
}
