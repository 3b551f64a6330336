import { type AttributesChange, changeAttributes, refuseAttributes } from '../attributes.ts';
import { answer, type Decision, drop, insert, refuse, set } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { JsonText } from '../model.ts';
import { each, lockRow, one } from '../plan.ts';
import { changedAddresses, unproven } from '../rules/addresses.ts';
import { killCode, type NewCode, readCodes } from '../rules/codes.ts';
import { moveOwners } from '../rules/device-owners.ts';
import { endAfterOwners, readDeviceToken } from '../rules/device-tokens.ts';
import { detachedBy, detachStrangers, readEndNodes } from '../rules/end-nodes.ts';
import { type NoticeIds, noticeKeysOf, noticesOf } from '../rules/notices.ts';
import { afterProof, lockProof, type OwnProof, readProof, refuseProof } from '../rules/own-proofs.ts';
import {
  changedFields,
  codesFor,
  handleRow,
  movedHandles,
  readHandles,
  refuseMisleading,
  refuseNames,
  refuseOwners,
  refuseTaken,
} from '../rules/profiles.ts';
import { notFound, taken, unmet } from '../rules/refusals.ts';
import { endTokensOf } from '../rules/revoking.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { refuseOwner, refuseOwnerOfDisabled } from '../rules/targets.ts';
import type { CodePurpose } from '../tables/codes.ts';
import { END_NODE } from '../tables/end-nodes.ts';
import { FAMILY } from '../tables/families.ts';
import { HANDLE, SUBJECT, type Subject, type SubjectProfile } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { possibleHandlesOf } from '../text/handles.ts';

/** Changes what is given of a user or device; what is absent stays as it is. */
export interface UpdateSubject {
  readonly kind: 'update_subject';
  readonly tenantId: string;
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
  /** The user who acts as the owner of a device. */
  readonly ownerId?: string | undefined;
  readonly set: Partial<Omit<SubjectProfile, 'attributes'>>;
  readonly attributes?: AttributesChange | undefined;
  /** Owners of a device that are added or removed. */
  readonly addOwnerId?: string | undefined;
  readonly removeOwnerId?: string | undefined;
  /** The subject's own addresses that are marked as verified, as they were seen; refused when they were changed meanwhile. */
  readonly seen?: Partial<Pick<Subject, 'email' | 'phone'>> | undefined;
  /** The first password of a pseudo user; refused when it has one. */
  readonly firstPasswordHash?: string | undefined;
  /** Takes the place of a device's password, and ends every token of it: who knew the old one may hold some. */
  readonly newPasswordHash?: string | undefined;
  /** For addresses that have to be verified. */
  readonly codes?: readonly NewCode[] | undefined;
  /** For those who have the addresses that are replaced; needed where addresses are set. */
  readonly notices?: NoticeIds | undefined;
  /** By which a user changes in person what it logs in with. */
  readonly proof?: OwnProof | undefined;
}

const NO_NAMES = {
  loginName: null,
  email: null,
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  vendorId: null,
};

export const updateSubject = rule<UpdateSubject>()({
  kind: 'update_subject',
  plan: ({ tenantId, subjectId, seen, set: fields, proof }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId }), ...lockProof(tenantId, proof)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      handles: readHandles(tenantId, possibleHandlesOf({ ...NO_NAMES, ...seen, ...fields })),
      ...readCodes(tenantId, subjectId, fields, noticeKeysOf(seen ?? {})),
      endNode: one(END_NODE, { subjectId }),
      endNodes: readEndNodes(tenantId, subjectId),
      token: readDeviceToken(tenantId, subjectId),
      ...readProof(tenantId, subjectId, proof),
    },
  }),
  follow: ({ endNode, endNodes, token }, command) => ({
    family: one(FAMILY, token && { familyId: token.familyId }),
    gateway: one(SUBJECT, changesOwners(command) && endNode ? { subjectId: endNode.gatewayId } : undefined),
    nodes: each(SUBJECT, changesOwners(command) ? endNodes.map(({ subjectId }) => ({ subjectId })) : []),
  }),
  decide: (state, command, now): Decision<{ readonly subject: Subject; readonly revision: number }> => {
    const { tenant, subject: before } = state;
    const { subjectKind, subjectId, tenantId } = command;
    if (tenant === undefined || before?.tenantId !== tenantId || before.kind !== subjectKind) {
      return refuse(notFound(subjectKind, subjectId));
    }
    const frees = command.set.vendorId !== undefined;
    const refusal =
      refuseOwner(before, command.ownerId) ??
      (frees ? refuseOwnerOfDisabled(before, command.ownerId) : undefined) ??
      refuseProof(state, before, command.proof, now);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const updated = update(before, command, tenant);
    if ('refusal' in updated) {
      return refuse(updated.refusal);
    }
    const { subject: after } = updated;
    const { lost, gained } = movedHandles(before, after);
    const clash = refuseTaken(state.handles, gained);
    if (clash !== undefined) {
      return refuse(clash);
    }
    const ended =
      command.newPasswordHash === undefined
        ? { revision: tenant.revision, changes: [] }
        : endTokensOf(tenant, { kind: subjectKind, id: subjectId }, 'password_changed', now, state.endNodes);
    const tenantNow = { ...tenant, revision: ended.revision };
    const detached = changesOwners(command)
      ? detachStrangers(tenantNow, before, after, state, now)
      : { revision: ended.revision, changes: [] };
    const hadToken = { ...state, isCutOff: command.newPasswordHash !== undefined };
    const tokenEnded = endAfterOwners({ ...tenant, revision: detached.revision }, before, after, hadToken, now);
    const { displayName } = after;
    // A field also where nothing is changed, so that an answer that is asked for again waits for replication too.
    const fields = isUnchanged(before, after) ? { displayName } : changedFields(before, after);
    return answer({ subject: after, revision: tokenEnded.revision }, [
      set(SUBJECT, { subjectId }, fields),
      ...lost.map(({ kind, key }) => drop(HANDLE, { ...handleRow(before, { kind, key }) })),
      ...gained.map((handle) => insert(HANDLE, handleRow(after, handle))),
      ...moveOwners(before.ownerIds, after),
      ...ADDRESS_PURPOSES.filter(isChanged(before, after)).flatMap((purpose) => killCode(state, subjectId, purpose)),
      ...codesFor(
        state,
        tenant,
        after,
        (command.codes ?? []).filter(({ purpose }) => isChanged(before, after)(purpose)),
        now,
      ),
      ...(command.notices === undefined ? [] : noticesOf(state.sent, tenant, before, after, command.notices, now)),
      ...ended.changes,
      ...detached.changes,
      ...tokenEnded.changes,
      ...afterProof(tenantId, state, command.proof),
    ]);
  },
  audit: (command, { subject: before }, decision) => {
    const { tenantId, subjectId, subjectKind, addOwnerId, removeOwnerId } = command;
    const { outcome } = decision;
    if (before !== undefined && 'answer' in outcome && isUnchanged(before, outcome.answer.subject)) {
      // Who asks for the same again and again must not fill the log, which is kept for ever.
      return undefined;
    }
    return entry(tenantId, `update_${subjectKind}`, subjectKind, subjectId, [
      ...namesOf(command.set),
      ...(command.attributes === undefined ? [] : ['attributes']),
      ...((command.firstPasswordHash ?? command.newPasswordHash) === undefined ? [] : ['password']),
      ...(addOwnerId === undefined ? [] : [`add_owner ${addOwnerId}`]),
      ...(removeOwnerId === undefined ? [] : [`remove_owner ${removeOwnerId}`]),
      ...detachedBy(decision),
    ]);
  },
});

function isUnchanged(before: Subject, after: Subject): boolean {
  return Object.keys(changedFields(before, after)).length === 0;
}

function changesOwners({ set: fields, addOwnerId, removeOwnerId }: UpdateSubject): boolean {
  return (fields.ownerIds ?? addOwnerId ?? removeOwnerId) !== undefined;
}

/** The subject as it is afterwards, or why it can't be. */
function update(before: Subject, command: UpdateSubject, tenant: Tenant): { subject: Subject } | { refusal: Refusal } {
  const owners = ownersOf(before, command);
  if ('refusal' in owners) {
    return owners;
  }
  const { firstPasswordHash, newPasswordHash } = command;
  if (firstPasswordHash !== undefined && before.passwordHash !== null) {
    return { refusal: unmet('The user has a password already') };
  }
  const misleading = refuseMisleading(command.set);
  if (misleading !== undefined) {
    return { refusal: misleading };
  }
  const attributes = changedAttributes(before, command);
  if (typeof attributes !== 'string') {
    return { refusal: attributes };
  }
  if (!isAsSeen(before, command)) {
    return { refusal: unmet('The address was changed meanwhile') };
  }
  const subject = {
    ...before,
    ...command.set,
    ...changedAddresses(tenant, before, command.set),
    attributes,
    ownerIds: owners.ownerIds,
    passwordHash: newPasswordHash ?? firstPasswordHash ?? before.passwordHash,
  };
  const refusal = refuseNames(subject);
  return refusal === undefined ? { subject } : { refusal };
}

/** In the transaction, so that two who set different members lose neither. */
function changedAttributes({ attributes: before }: Subject, { attributes: change }: UpdateSubject): JsonText | Refusal {
  if (change === undefined) {
    return before;
  }
  const after = changeAttributes(before, change);
  return refuseAttributes(after) ?? after;
}

/** An address that is marked as verified must be the one that was looked at, for that is the one whose look-up name was loaded. */
function isAsSeen(before: Subject, { set: fields, seen = {} }: UpdateSubject): boolean {
  const email = fields.email !== undefined || fields.emailVerified !== true || seen.email === before.email;
  const phone = fields.phone !== undefined || fields.phoneVerified !== true || seen.phone === before.phone;
  return email && phone;
}

function ownersOf(
  { ownerIds }: Subject,
  { set: fields, addOwnerId, removeOwnerId, subjectId }: UpdateSubject,
): { ownerIds: readonly string[] } | { refusal: Refusal } {
  const given = fields.ownerIds ?? ownerIds;
  if (addOwnerId !== undefined && given.includes(addOwnerId)) {
    return { refusal: taken('owner_id', addOwnerId) };
  }
  if (removeOwnerId !== undefined && !given.includes(removeOwnerId)) {
    return { refusal: notFound('owner', `${removeOwnerId} of the device ${subjectId}`) };
  }
  if (addOwnerId === undefined && removeOwnerId === undefined) {
    const tooMany = refuseOwners(given);
    return tooMany === undefined ? { ownerIds: given } : { refusal: tooMany };
  }
  const left = given.filter((id) => id !== removeOwnerId);
  const owners = addOwnerId === undefined ? left : [...left, addOwnerId];
  const refusal = refuseOwners(owners);
  return refusal === undefined ? { ownerIds: owners } : { refusal };
}

const ADDRESS_PURPOSES = ['verify_email', 'verify_phone'] as const;

/** Whether it is another address now that a code of this purpose would prove. */
function isChanged(before: Subject, after: Subject): (purpose: CodePurpose) => boolean {
  return (purpose) => unproven(before, purpose) !== unproven(after, purpose);
}
