import { answer, type Decision, put, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { one, type StateOf } from '../plan.ts';
import {
  detach,
  isLetBy,
  isNew,
  MAX_END_NODES,
  NOT_OWNER_OF_BOTH,
  planPair,
  readEndNodes,
} from '../rules/end-nodes.ts';
import { invalid, notFound, unmet } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { END_NODE } from '../tables/end-nodes.ts';
import type { Subject } from '../tables/subjects.ts';

export type AttachRight =
  | { readonly of: 'admin' }
  | { readonly of: 'owner'; readonly ownerId: string }
  /** `isProven`: the end node has just proven itself by its password. */
  | { readonly of: 'gateway'; readonly isProven: boolean };

/** Lets a gateway get tokens for another device. */
export interface AttachEndNode {
  readonly kind: 'attach_end_node';
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly endNodeId: string;
  /** By whose right: an admin's, that of a user who owns both, or the gateway's own. */
  readonly right: AttachRight;
}

export const attachEndNode = rule<AttachEndNode>()({
  kind: 'attach_end_node',
  plan: (pair) => {
    const { locks, reads } = planPair(pair);
    const { tenantId, gatewayId, endNodeId } = pair;
    return {
      locks,
      reads: {
        ...reads,
        attached: one(END_NODE, { subjectId: endNodeId }),
        above: one(END_NODE, { subjectId: gatewayId }),
        below: readEndNodes(tenantId, endNodeId),
        beside: readEndNodes(tenantId, gatewayId),
      },
    };
  },
  /** The revision moves when the end node hung on another gateway, whose tokens for it end. */
  decide: (state, command, now): Decision<{ readonly revision: number }> => {
    const { tenant, gateway, node, attached } = state;
    const { tenantId, gatewayId, endNodeId, right } = command;
    if (tenant === undefined || gateway?.kind !== 'device') {
      return refuse(notFound('device', gatewayId));
    }
    if (node?.kind !== 'device') {
      return refuse(notFound('device', endNodeId));
    }
    const refusal = refuseRight(state, gateway, node, right, now) ?? refusePlace(state, command);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const byAdmin = right.of === 'admin';
    if (attached?.gatewayId === gatewayId && (attached.byAdmin || !byAdmin)) {
      return answer({ revision: tenant.revision });
    }
    const moved =
      attached === undefined || attached.gatewayId === gatewayId ? undefined : detach(tenant, attached, now);
    const row = { subjectId: endNodeId, tenantId, gatewayId, byAdmin, attachTime: now };
    return answer({ revision: moved?.revision ?? tenant.revision }, [...(moved?.changes ?? []), put(END_NODE, row)]);
  },
  audit: ({ tenantId, gatewayId, endNodeId }) =>
    entry(tenantId, 'attach_end_node', 'device', endNodeId, [`gateway ${gatewayId}`]),
});

/**
 * In the transaction, for owners come and go. An owner in common gives the gateway no right of its own: a device names any user its
 * owner, and who holds a gateway would name the owner of whatever device it wants.
 */
function refuseRight(
  { attached }: Pick<State, 'attached'>,
  gateway: Subject,
  node: Subject,
  right: AttachRight,
  now: Instant,
): Refusal | undefined {
  return isRight() ? undefined : NOT_OWNER_OF_BOTH;

  function isRight(): boolean {
    switch (right.of) {
      case 'admin':
        return true;
      case 'owner':
        return gateway.ownerIds.includes(right.ownerId) && node.ownerIds.includes(right.ownerId);
      case 'gateway':
        return (
          attached?.gatewayId === gateway.subjectId || (right.isProven ? isLetBy(gateway, node) : isNew(node, now))
        );
    }
  }
}

type State = StateOf<ReturnType<typeof attachEndNode.plan>['reads']>;

/** Gateways and end nodes are two levels and no more, so that what ends with what can be read at once. */
function refusePlace(
  { attached, above, below, beside }: State,
  { gatewayId, endNodeId, right }: AttachEndNode,
): Refusal | undefined {
  if (gatewayId === endNodeId) {
    return invalid('A device can’t be its own end node', 'end_node');
  }
  if (above !== undefined || below.length > 0) {
    return unmet('A gateway can’t be an end node too');
  }
  if (right.of === 'gateway' && attached !== undefined && attached.gatewayId !== gatewayId) {
    return unmet('The end node hangs on another gateway. Its owner or an admin can move it');
  }
  const isNew = attached?.gatewayId !== gatewayId;
  return isNew && beside.length >= MAX_END_NODES
    ? unmet(`The gateway has ${MAX_END_NODES} end nodes already. Detach one first`)
    : undefined;
}
