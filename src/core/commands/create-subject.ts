import { answer, type Change, type Decision, insert, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { changedAddresses } from '../rules/addresses.ts';
import { type NewCode, readCodes } from '../rules/codes.ts';
import { moveOwners } from '../rules/device-owners.ts';
import { begin, type Grant, type Issued } from '../rules/grants.ts';
import { isKept, type KeptRequest, keepAnswer, lockRequest, OTHER_REQUEST, readKept } from '../rules/kept-answers.ts';
import { codesFor, handleRow, readHandles, refuseMisleading, refuseOwners, refuseTaken } from '../rules/profiles.ts';
import { notFound, taken } from '../rules/refusals.ts';
import { firstCutoff } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { HANDLE, SUBJECT, type Subject, type SubjectProfile } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { handlesOf, possibleHandlesOf } from '../text/handles.ts';

/** Registers a user or device; it may get tokens in the same transaction. */
export interface CreateSubject {
  readonly kind: 'create_subject';
  readonly subject: Pick<Subject, 'subjectId' | 'tenantId' | 'kind' | 'passwordHash'> &
    Omit<SubjectProfile, 'displayName' | 'attributes' | 'ownerIds'> &
    Partial<Pick<SubjectProfile, 'displayName' | 'attributes' | 'ownerIds'>>;
  /** Whether it registers itself, which the tenant's policy must allow. */
  readonly byItself?: boolean | undefined;
  readonly issue?: FirstTokens | undefined;
  /** For addresses that have to be verified; those of others are not sent. */
  readonly codes?: readonly NewCode[] | undefined;
}

export interface FirstTokens
  extends Pick<
    Grant,
    'clientId' | 'refreshClientId' | 'scopes' | 'expireTime' | 'audience' | 'familyId' | 'tokens' | 'place'
  > {
  /** Where the call may be repeated: `repeat_registration` answers one whose id is taken. */
  readonly request?: KeptRequest | undefined;
}

export interface Created {
  readonly subject: Subject;
  /** When tokens were asked for. */
  readonly issued?: Issued;
}

export const NO_SELF_REGISTRATION: Refusal = {
  code: 'permission_denied',
  message: 'Only an admin may register users and devices in this tenant',
};

export const createSubject = rule<CreateSubject>()({
  kind: 'create_subject',
  plan: ({ subject, issue }) => {
    const { tenantId, subjectId } = subject;
    return {
      locks: [lockRow(TENANT, { tenantId }), ...lockRequest(issue?.request)],
      reads: {
        tenant: one(TENANT, { tenantId }),
        kept: readKept(issue?.request),
        client: one(CLIENT, issue && { clientId: issue.clientId }),
        subject: one(SUBJECT, { subjectId }),
        handles: readHandles(tenantId, possibleHandlesOf(subject)),
        ...readCodes(tenantId, subjectId, subject),
      },
    };
  },
  decide: (state, command, now): Decision<Created> => {
    const { tenantId, subjectId, kind } = command.subject;
    const { tenant } = state;
    if (tenant === undefined) {
      return refuse(notFound('tenant', tenantId));
    }
    if (command.byItself === true && !tenant.policy.selfRegistration) {
      return refuse(NO_SELF_REGISTRATION);
    }
    if (isKept(state.kept, now)) {
      return refuse(OTHER_REQUEST);
    }
    if (state.subject !== undefined) {
      return refuse(taken(`${kind}_id`, subjectId));
    }
    const subject = newSubject(command, tenant, now);
    const handles = handlesOf(subject);
    const refusal = refuseMisleading(subject) ?? refuseTaken(state.handles, handles) ?? refuseOwners(subject.ownerIds);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const changes = [
      insert(SUBJECT, subject),
      ...handles.map((handle) => insert(HANDLE, handleRow(subject, handle))),
      ...moveOwners([], subject),
      ...codesFor(state, tenant, subject, command.codes ?? [], now),
    ];
    return command.issue === undefined
      ? answer({ subject }, changes)
      : withTokens(subject, command.issue, changes, tenant, state.client, now);
  },
  audit: ({ subject: { tenantId, subjectId, kind, ownerIds = [] }, issue }) =>
    entry(tenantId, `register_${kind}`, kind, subjectId, [
      ...(issue === undefined ? [] : ['with_token']),
      // Of many that an admin gives the record would be as long as all of them.
      ...(ownerIds.length > 1 ? ['owner_ids'] : ownerIds.map((ownerId) => `owner ${ownerId}`)),
    ]),
});

const NO_ADDRESSES = {
  ...{ email: null, emailVerified: false, pendingEmail: null },
  ...{ phone: null, phoneVerified: false, pendingPhone: null },
};

function newSubject({ subject }: CreateSubject, tenant: Tenant, now: Instant): Subject {
  const { email, phone, emailVerified, phoneVerified } = subject;
  return {
    displayName: '',
    attributes: '{}',
    ownerIds: [],
    ...subject,
    ...changedAddresses(tenant, NO_ADDRESSES, {
      ...{ email, ...(emailVerified ? { emailVerified } : {}) },
      ...{ phone, ...(phoneVerified ? { phoneVerified } : {}) },
    }),
    mfaEnabled: false,
    disabled: false,
    disabledByOwner: false,
    cutoff: firstCutoff(tenant),
    createTime: now,
  };
}

/** The first login of a subject, without a check of the password that it was made with. */
function withTokens(
  subject: Subject,
  first: FirstTokens,
  changes: readonly Change[],
  tenant: Tenant,
  client: Client | undefined,
  now: Instant,
): Decision<Created> {
  const { tenantId, subjectId } = subject;
  const tokenKind = subject.kind === 'user' ? 'USER' : 'DEVICE';
  const begun = begin({ ...first, tenantId, subjectId, tokenKind }, tenant, client, now);
  return 'refusal' in begun.outcome
    ? refuse(begun.outcome.refusal)
    : answer({ subject, issued: begun.outcome.answer.issued }, [
        ...changes,
        ...begun.changes,
        ...keepAnswer(first.request, first.familyId, now),
      ]);
}
