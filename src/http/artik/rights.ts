/** What the bearer of a token may do here, by the core's one table of that (artik-wire's matrix of calls and kinds of tokens). */
import { each, one } from '../../core/plan.ts';
import { type AccessPermission, type AccessReason, type AccessTarget, decideAccess } from '../../core/rules/access.ts';
import { consentIdOf, registeredOf } from '../../core/rules/consents.ts';
import { CLIENT } from '../../core/tables/clients.ts';
import { CONSENT } from '../../core/tables/consents.ts';
import { SUBJECT, type Subject } from '../../core/tables/subjects.ts';
import type { Bearer } from './bearer.ts';
import { ArtikError, notFound } from './errors.ts';
import type { ArtikRequest } from './serving.ts';

/** Answers the user or device, and throws what ARTIK answers who has no right. */
export async function requireAccess(
  { services, tenantId }: ArtikRequest,
  { family }: Bearer,
  permission: AccessPermission,
  target: AccessTarget,
  deviceType?: string,
): Promise<Subject> {
  const { store } = services;
  const { subject } = await store.read({ subject: one(SUBJECT, { subjectId: target.id, tenantId }) });
  const ownerIds = subject?.kind === 'device' ? subject.ownerIds : [target.id];
  const isOfApp = family.kind === 'APPLICATION';
  const { owners, consents, client } = await store.read({
    client: one(CLIENT, isOfApp ? { clientId: family.clientId } : undefined),
    owners: each(SUBJECT, isOfApp ? ownerIds.map((subjectId) => ({ subjectId, tenantId })) : []),
    consents: each(
      CONSENT,
      isOfApp ? ownerIds.map((id) => ({ consentId: consentIdOf(tenantId, id, family.clientId) })) : [],
    ),
  });
  const enabled = new Set(owners.filter(({ disabled }) => !disabled).map(({ subjectId }) => subjectId));
  const standing = consents
    .filter(({ subjectId }) => enabled.has(subjectId))
    .map((consent) => registeredOf(consent, client?.scopes ?? []));
  const { reason } = decideAccess(permission, { token: family, target, subject, consents: standing, deviceType });
  if (reason !== 'allowed' || subject === undefined) {
    throw refusalOf(reason, target);
  }
  return subject;
}

/** Whose a thing is that is not the caller's is nobody's business, but that it is there was told to clients of ARTIK by a 403. */
function refusalOf(reason: AccessReason, { kind }: AccessTarget): ArtikError {
  switch (reason) {
    case 'target_unknown':
      return kind === 'user' ? new ArtikError('no_such_user', 'User does not exist.') : notFound();
    default:
      return new ArtikError('forbidden', `You don’t have the right permissions: ${RIGHTS[kind]} (${reason})`);
  }
}

const RIGHTS = { user: 'user', device: 'devices' } as const;
