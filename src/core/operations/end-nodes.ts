/** Devices behind gateways: attaching, detaching and listing them. */
import type { AttachRight } from '../commands/attach-end-node.ts';
import { SymbolonError } from '../errors.ts';
import { one } from '../plan.ts';
import { NOT_OWNER_OF_BOTH } from '../rules/end-nodes.ts';
import { NOT_OWNER } from '../rules/targets.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { END_NODE, END_NODES } from '../tables/end-nodes.ts';
import { FAMILIES } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import { type Access, type DeviceRef, deviceHandle, deviceNotFound, lookUp, requireDevice } from './access.ts';
import type { Call } from './authenticate.ts';
import { asNamed, endNodeNotFound } from './issue-for-end-node.ts';
import { type Listed, listItems, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';

/**
 * By an admin, a user who owns both, or the gateway itself. `isProven`: the end node has just proven itself by its password, so that it
 * hangs on the gateway by its own will.
 */
export async function attachEndNode(
  services: Services,
  call: Call,
  gatewayRef: DeviceRef,
  endNodeRef: DeviceRef,
  { isProven = false } = {},
): Promise<{ readonly gateway: Subject; readonly endNode: Subject; readonly revision: number }> {
  const gateway = await requireDevice(services, call, gatewayRef);
  const right = rightOf(gateway, isProven);
  const endNode =
    right.of === 'owner'
      ? (await requireDevice(services, call, endNodeRef)).subject
      : await lookUp(services, call, 'device', deviceHandle(endNodeRef));
  if (endNode === undefined) {
    throw deviceNotFound(endNodeRef);
  }
  if (right.of === 'gateway' && !isProven && (await isInUse(services, gateway.subject, endNode))) {
    throw SymbolonError.of(NOT_OWNER_OF_BOTH);
  }
  const { revision } = await perform(services, call, gateway.permission, {
    kind: 'attach_end_node',
    ...named(gateway.subject, endNode),
    right,
  });
  return { gateway: gateway.subject, endNode, revision };
}

function rightOf({ relation, ownerId }: Access, isProven: boolean): AttachRight {
  if (relation === 'admin') {
    return { of: 'admin' };
  }
  return ownerId === undefined ? { of: 'gateway', isProven } : { of: 'owner', ownerId };
}

/**
 * Whether somebody has logged in as it: a device that works on its own is not taken by its id, which is no secret. Logins that have expired
 * are deleted, so the transaction takes new devices alone.
 */
async function isInUse({ store }: Services, { subjectId: gatewayId }: Subject, endNode: Subject): Promise<boolean> {
  const { tenantId, subjectId, ownerIds } = endNode;
  const { attached } = await store.read({ attached: one(END_NODE, { subjectId }) });
  if (ownerIds.length > 0 || attached?.gatewayId === gatewayId) {
    // The transaction looks at the owners.
    return false;
  }
  return (await store.list(FAMILIES, { tenantId, subjectId }, { limit: 1 })).length > 0;
}

/** By an admin, an owner of either, or either itself. Every token of the end node ends. */
export async function detachEndNode(
  services: Services,
  call: Call,
  gatewayRef: DeviceRef,
  endNodeRef: DeviceRef,
): Promise<{ readonly revision: number }> {
  const { access, gateway, endNode } = await requireEither(services, call, gatewayRef, endNodeRef);
  const { permission, ownerId } = access;
  const { revision } = await perform(services, call, permission, {
    kind: 'detach_end_node',
    ...named(gateway, endNode),
    ownerId,
  }).catch((error: unknown) => asNamed(error, endNodeRef));
  return { revision };
}

async function requireEither(services: Services, call: Call, gatewayRef: DeviceRef, endNodeRef: DeviceRef) {
  const access = await requireDevice(services, call, gatewayRef).catch(async (error: unknown) => {
    if (error instanceof SymbolonError && error.message === NOT_OWNER.message) {
      return requireDevice(services, call, endNodeRef);
    }
    throw error;
  });
  const [gateway, endNode] = await Promise.all(
    [gatewayRef, endNodeRef].map((ref) => lookUp(services, call, 'device', deviceHandle(ref))),
  );
  if (gateway === undefined || endNode === undefined) {
    throw gateway === undefined ? deviceNotFound(gatewayRef) : endNodeNotFound(endNodeRef);
  }
  return { access, gateway, endNode };
}

/** By an admin, an owner of the gateway, or the gateway itself. */
export async function listEndNodes(
  services: Services,
  call: Call,
  gatewayRef: DeviceRef,
  page: PageRequest,
): Promise<Listed<Subject>> {
  const { store } = services;
  const { subject: gateway } = await requireDevice(services, call, gatewayRef);
  const { tenantId, subjectId: gatewayId } = gateway;
  const query = { name: ['end nodes', gatewayId], list: END_NODES, by: { tenantId, gatewayId } };
  // One may be deleted meanwhile.
  return listItems(services, call, query, page, ({ subjectId }) =>
    findSubject(store, tenantId, { kind: 'subject_id', key: subjectId }),
  );
}

function named({ tenantId, subjectId: gatewayId }: Subject, { subjectId: endNodeId }: Subject) {
  return { tenantId, gatewayId, endNodeId } as const;
}
