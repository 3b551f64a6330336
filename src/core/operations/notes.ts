/** What operations note of a call, where several of them do. */
import type { CallFacts, CallNotes } from '../call-notes.ts';
import { AUDIT_ACTIONS } from '../commands/cut-off.ts';
import type { CommandData } from '../commands/index.ts';
import type { Issued } from '../rules/grants.ts';
import type { Services } from '../services/services.ts';
import type { LoginHandle } from '../text/handles.ts';
import { type ParsedToken, tokenIdOf } from '../token-form.ts';
import type { Caller, CallerCredential } from './authenticate.ts';

/** Enough to tell names apart. */
const HASH_DIGITS = 16;

/** The same for the same name of a tenant, at every server of the store; who lacks the servers' key can't try names by it. */
export function hashOfName({ keys }: Pick<Services, 'keys'>, tenantId: string, name: string): string {
  return Buffer.from(keys.digest('name in a log', `${tenantId}\0${name}`))
    .toString('hex')
    .slice(0, HASH_DIGITS);
}

/** A name in the form that it is compared in; undefined: what can be nobody's name. */
export function hashOfHandle(
  services: Pick<Services, 'keys'>,
  tenantId: string,
  handle: LoginHandle | undefined,
): string {
  return hashOfName(services, tenantId, handle === undefined ? '' : `${handle.kind}:${handle.key}`);
}

/** What was issued. */
export function noteIssued(
  notes: CallNotes | undefined,
  { tokenId: token, familyId: family, kind, subjectId: subject }: Issued,
): void {
  notes?.note({ token, family, kind, subject });
}

/** Whose token the caller bears. */
export function bearerFacts({ subject, tokenId }: Pick<Caller, 'subject' | 'tokenId'>): CallFacts {
  return subject === undefined ? {} : { by: subject.id, byToken: tokenId };
}

/** Which client somebody took the name of, or which token of ours was not good for this. */
export function noteDenied(
  services: Services,
  credential: CallerCredential | undefined,
  notes: CallNotes | undefined,
): void {
  if (credential?.kind === 'client') {
    const { clientId } = credential;
    const client = services.knownClients.get(clientId)?.client;
    const who =
      client === undefined
        ? { unknown: hashOfName(services, '', `client:${clientId}`) }
        : { client: client.clientId, tenant: client.tenantId };
    notes?.note({ credential: 'client_secret', ...who });
  } else if (credential !== undefined) {
    notes?.note({ credential: 'access_token', ...presentedFacts(services, credential.token) });
  }
}

/** The ids of a token that is one of ours: what was made up says nothing. */
export function presentedFacts({ tagKeys }: Services, token: ParsedToken): CallFacts {
  const { use, familyId: family, generation } = token;
  return tagKeys.isProven(token) ? { family, token: tokenIdOf(use, family, generation) } : {};
}

/** The ways in which commands name those that they are about. */
interface Naming {
  readonly tenantId?: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly subjectId?: string;
  readonly subject?: { readonly subjectId: string; readonly tenantId: string };
  readonly endNodeId?: string;
  readonly familyId?: string;
  readonly client?: { readonly clientId: string; readonly tenantId: string };
  readonly clientId?: string;
}

/** What a command does, in the words of the audit log, and to whom; undefined for a step of something else. */
export function factsOf(command: CommandData, callersTenant: string): CallFacts | undefined {
  if (command.kind === 'begin_guess' || command.kind === 'end_guess') {
    return undefined;
  }
  const naming = command as Naming;
  const { target, familyId: family, client, clientId } = naming;
  const isOfClient = target?.kind === 'client' || target?.kind === 'tenant';
  const subject = isOfClient ? undefined : (target?.id ?? subjectIn(naming));
  const named = target?.kind === 'client' ? target.id : (client?.clientId ?? clientId);
  const tenantId = naming.tenantId ?? client?.tenantId ?? naming.subject?.tenantId;
  return {
    event: command.kind === 'cut_off' ? AUDIT_ACTIONS[command.cause] : command.kind,
    subject,
    family,
    targetClient: subject === undefined && family === undefined ? named : undefined,
    targetTenant: target?.kind === 'tenant' || tenantId !== callersTenant ? tenantId : undefined,
  };
}

function subjectIn({ subjectId, subject, endNodeId }: Naming): string | undefined {
  return subjectId ?? subject?.subjectId ?? endNodeId;
}
