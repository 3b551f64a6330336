import type { Outcome } from '../changes.ts';
import { type AnswerOf, type CommandData, ruleOf } from '../commands/index.ts';
import { SymbolonError } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import type { Authority, CallerAuthority } from '../rules/authority.ts';
import type { Services } from '../services/services.ts';
import { actorOf, type Call, type Caller } from './authenticate.ts';
import { bearerFacts, factsOf } from './notes.ts';

/** Executes a command by the caller's right, which the transaction checks again; a refusal is thrown. */
export async function perform<C extends CommandData>(
  services: Services,
  call: Call,
  permission: Permission | readonly Permission[],
  command: C,
): Promise<AnswerOf<C>> {
  return answerOf(await execute(services, call, permission, command));
}

/** The same, where a refusal is looked at. */
export async function execute<C extends CommandData>(
  { store }: Services,
  call: Call,
  permission: Permission | readonly Permission[],
  command: C,
): Promise<Outcome<AnswerOf<C>>> {
  const authority = authorityOf(call.caller, permission);
  noteCommand(call, command);
  if ('tenantId' in command) {
    call.onCommand?.(command.tenantId);
  }
  // Who it is goes into the audit log alone, and costs a request id.
  const by = ruleOf(command).audit === undefined ? undefined : actorOf(call);
  const outcome = await store.execute({ ...command, authority, by }, { deadline: call.deadline });
  return outcome as Outcome<AnswerOf<C>>;
}

/** Who does what to whom. What an operation has said of it before is more exact. */
function noteCommand({ notes, caller }: Call, command: CommandData): void {
  const facts = notes && factsOf(command, caller.tenantId);
  if (facts !== undefined) {
    const { event, ...whom } = facts;
    notes?.note(notes.event === undefined ? facts : whom);
    notes?.note(bearerFacts(caller));
  }
}

export function answerOf<A>(outcome: Outcome<A>): A {
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  return outcome.answer;
}

/** The caller's right, and that of who presents its token, or stands beside it. That of the operator on the machine is in no row. */
function authorityOf(caller: Caller, needed: Permission | readonly Permission[]): Authority {
  return caller.operator === undefined ? rightsOf(caller, [needed].flat()) : 'operator';
}

function rightsOf(caller: Caller, needed: readonly Permission[]): readonly CallerAuthority[] {
  const own = needed.map((permission) => callerAuthority(caller, permission));
  return caller.presenter === undefined ? own : [...own, ...rightsOf(caller.presenter, ['act_for_user'])];
}

function callerAuthority(
  { tenantId, clientId, clientVersion, proof }: Caller,
  permission: Permission,
): CallerAuthority {
  return { permission, tenantId, clientId, clientVersion, proof };
}
