import type { Command, Outcome } from '../../commands.ts';
import { SymbolonError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { actorOf, type Call } from '../authenticate.ts';

type AnswerOf<O> = O extends { readonly answer: infer A } ? A : never;

/** Executes a command in the name of the caller; a refusal is thrown. */
export async function perform<C extends Command>(
  { store }: Services,
  call: Call,
  command: C,
): Promise<AnswerOf<Outcome<C>>> {
  const { deadline, caller } = call;
  const { subject } = caller;
  const bearer = subject && { subjectId: subject.id, issueRevision: subject.issueRevision };
  const named = { ...command, by: actorOf(call), ...(bearer === undefined ? {} : { bearer }) };
  const outcome = await store.execute(named, deadline === undefined ? {} : { deadline });
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  return outcome.answer as AnswerOf<Outcome<C>>;
}
