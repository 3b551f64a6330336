/** Proving in person, by password and second factor, what a token alone must not do. */
import type { OwnProof } from '../rules/own-proofs.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { requirePassword } from '../text/passwords.ts';
import type { Call } from './authenticate.ts';
import { withLogin } from './login.ts';
import { type GivenFactor, requireFactor, withSecondFactor } from './prove-second-factor.ts';

export interface GivenProof {
  readonly password: string;
  /** Absent where the password is enough. */
  readonly factor?: GivenFactor | undefined;
}

/**
 * Does what the user's own password is for, and its second factor where that is on and `needsFactor`. They are guesses as at a login: wrong
 * ones are counted together with those, and lock. What it does is one command, which looks at the proof again. `asked` is absent where nobody
 * asks for it.
 */
export async function withOwnProof<A>(
  services: Services,
  call: Call,
  { subjectId }: Pick<Subject, 'subjectId'>,
  asked: GivenProof | undefined,
  { needsFactor }: Pick<OwnProof, 'needsFactor'>,
  act: (proof?: OwnProof) => Promise<A>,
): Promise<A> {
  if (asked === undefined) {
    return act();
  }
  const { factor } = asked;
  const password = requirePassword(asked.password);
  const handle = { kind: 'subject_id', key: subjectId } as const;
  const guessed = { permission: 'act_for_user', kind: 'user', handle, username: subjectId, password } as const;
  return withLogin(services, call, guessed, ({ subject: { mfaEnabled }, proof: { passwordHash }, counters }) =>
    mfaEnabled && needsFactor
      ? withSecondFactor(services, call, 'act_for_user', subjectId, requireFactor(factor), (proven, ownCounters) =>
          act({ passwordHash, needsFactor, factor: proven, counters: [...counters, ...ownCounters] }),
        )
      : act({ passwordHash, needsFactor, counters }),
  );
}
