/** Gateways and the devices behind them: who may attach one, and when it hangs on its gateway no longer. */
import { type Decision, drop } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { type All, all, lockRow, one } from '../plan.ts';
import { END_NODE, END_NODE_LOGIN, type EndNode } from '../tables/end-nodes.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { isOfFuture } from '../wrong-clock.ts';
import { type Ended, endTokensOf } from './revoking.ts';

/** Each is an event when the gateway's tokens end, in one transaction. */
export const MAX_END_NODES = 250;

/** A gateway and a device that is to hang on it, or hangs there. */
interface Pair {
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly endNodeId: string;
}

/** Both of them and their tenant, locked. */
export function planPair({ tenantId, gatewayId, endNodeId }: Pair) {
  return {
    locks: [
      lockRow(TENANT, { tenantId }),
      lockRow(SUBJECT, { subjectId: gatewayId }),
      lockRow(SUBJECT, { subjectId: endNodeId }),
    ],
    reads: {
      tenant: one(TENANT, { tenantId }),
      gateway: one(SUBJECT, { subjectId: gatewayId, tenantId }),
      node: one(SUBJECT, { subjectId: endNodeId, tenantId }),
    },
  };
}

/** The end nodes of a device; none without one. */
export function readEndNodes(tenantId: string, gatewayId: string | undefined): All<EndNode> {
  return all(END_NODE, gatewayId === undefined ? undefined : { tenantId, gatewayId });
}

/** Whether the owners of an end node let a gateway stand for it: a device that nobody owns is no stranger to any gateway. */
export function isLetBy(gateway: Pick<Subject, 'ownerIds'>, node: Pick<Subject, 'ownerIds'>): boolean {
  return node.ownerIds.length === 0 || node.ownerIds.some((ownerId) => gateway.ownerIds.includes(ownerId));
}

/** For how long a gateway may attach a device by its id alone. It registers the device and attaches it at once. */
const NEW_MS = 10 * 60_000;

/**
 * A device that nobody owns, registered a moment ago. Ids are no secret: who guesses the vendor ids of devices that lie in a warehouse
 * must not get tokens of them.
 */
export function isNew({ ownerIds, createTime }: Pick<Subject, 'ownerIds' | 'createTime'>, now: Instant): boolean {
  return ownerIds.length === 0 && !isOfFuture(createTime, now) && createTime + NEW_MS > now;
}

export const NOT_OWNER_OF_BOTH: Refusal = {
  code: 'permission_denied',
  message: 'Only an owner of both devices or an admin may attach one to the other',
};

/** One answer for what is unknown, hangs elsewhere or is disabled: a gateway must not find out which devices there are. */
export function noEndNode(deviceId: string): Refusal {
  return {
    code: 'not_found',
    message: 'The gateway has no such end node',
    about: { field: 'device_id', value: deviceId },
  };
}

/** Takes an end node from its gateway, with every token of it: the gateway has some. */
export function detach(tenant: Tenant, { subjectId }: EndNode, now: Instant): Ended {
  const { revision, changes } = endTokensOf(tenant, { kind: 'device', id: subjectId }, 'revoked', now, []);
  return { revision, changes: [drop(END_NODE, { subjectId }), drop(END_NODE_LOGIN, { subjectId }), ...changes] };
}

interface Attachments {
  /** The device as an end node, and its gateway. */
  readonly endNode: EndNode | undefined;
  readonly gateway: Subject | undefined;
  /** The device as a gateway, and the devices behind it. */
  readonly endNodes: readonly EndNode[];
  readonly nodes: readonly Subject[];
}

/** What an audit record says of a change that took end nodes from their gateways. */
export function detachedBy({ changes }: Decision<unknown>): string[] {
  const count = changes.filter(({ change, table }) => change === 'drop' && table.name === END_NODE.name).length;
  return count === 0 ? [] : [`detach ${count}`];
}

/**
 * The attachments of a device end that its new owners do not let be, and those that an owner may have made who is one no longer; those
 * that an admin made stay.
 */
export function detachStrangers(
  tenant: Tenant,
  before: Pick<Subject, 'ownerIds'>,
  device: Subject,
  { endNode, gateway, endNodes, nodes }: Attachments,
  now: Instant,
): Ended {
  const gone = before.ownerIds.filter((ownerId) => !device.ownerIds.includes(ownerId));
  const isLeftBy = ({ ownerIds }: Subject): boolean => gone.some((ownerId) => ownerIds.includes(ownerId));
  const isLet = (each: EndNode): boolean => {
    const behind = nodes.find(({ subjectId }) => subjectId === each.subjectId);
    return each.byAdmin || behind === undefined || (isLetBy(device, behind) && !isLeftBy(behind));
  };
  const isStill =
    endNode === undefined ||
    endNode.byAdmin ||
    gateway === undefined ||
    (isLetBy(gateway, device) && !isLeftBy(gateway));
  const own = isStill ? [] : [endNode];
  let { revision } = tenant;
  const changes = [...own, ...endNodes.filter((each) => !isLet(each))].flatMap((each) => {
    const ended = detach({ ...tenant, revision }, each, now);
    revision = ended.revision;
    return ended.changes;
  });
  return { revision, changes };
}
