import { answer, type Decision, refuse } from '../changes.ts';
import { one } from '../plan.ts';
import { detach, noEndNode, planPair } from '../rules/end-nodes.ts';
import { entry, rule } from '../rules/rule.ts';
import { NOT_OWNER } from '../rules/targets.ts';
import { END_NODE } from '../tables/end-nodes.ts';

/** Takes an end node from its gateway, and ends every token of it. */
export interface DetachEndNode {
  readonly kind: 'detach_end_node';
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly endNodeId: string;
  /** The user who acts as the owner of either. */
  readonly ownerId?: string | undefined;
}

export const detachEndNode = rule<DetachEndNode>()({
  kind: 'detach_end_node',
  plan: (pair) => {
    const { locks, reads } = planPair(pair);
    const { tenantId, gatewayId, endNodeId: subjectId } = pair;
    return { locks, reads: { ...reads, attached: one(END_NODE, { subjectId, tenantId, gatewayId }) } };
  },
  decide: (
    { tenant, gateway, node, attached },
    { endNodeId, ownerId },
    now,
  ): Decision<{ readonly revision: number }> => {
    const owners = [...(gateway?.ownerIds ?? []), ...(node?.ownerIds ?? [])];
    if (ownerId !== undefined && !owners.includes(ownerId)) {
      return refuse(NOT_OWNER);
    }
    if (tenant === undefined || attached === undefined) {
      return refuse(noEndNode(endNodeId));
    }
    const { revision, changes } = detach(tenant, attached, now);
    return answer({ revision }, changes);
  },
  audit: ({ tenantId, gatewayId, endNodeId }) =>
    entry(tenantId, 'detach_end_node', 'device', endNodeId, [`gateway ${gatewayId}`]),
});
