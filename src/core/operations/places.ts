/** Where somebody signs in from, for the list that users see of their logins. */
import type { TokenKind } from '../model.ts';
import type { Place } from '../tables/families.ts';
import { agentText } from '../text/agents.ts';
import { type Call, isStranger } from './authenticate.ts';

/** Undefined where it would be the place of a service, which calls in somebody's name, and of what is nobody's login. */
export function placeOf(call: Call, kind: TokenKind): Place | undefined {
  const isOfSubject = kind === 'USER' || kind === 'DEVICE';
  return isOfSubject && isStranger(call.caller)
    ? { address: call.address ?? null, agent: agentText(call.agent) }
    : undefined;
}
