import type { Instant } from '../model.ts';
import { flag, integer, type List, table, text } from '../table.ts';
import { familyId } from './families.ts';

/** A device behind a gateway, which is a device too and may get tokens for it. */
export interface EndNode {
  /** The device behind the gateway. */
  readonly subjectId: string;
  readonly tenantId: string;
  readonly gatewayId: string;
  /** Attached by an admin, no matter who owns the two. */
  readonly byAdmin: boolean;
  readonly attachTime: Instant;
}

/** A device hangs on one gateway at most. */
export const END_NODE = table<EndNode>(
  'end_node',
  { subjectId: text(), tenantId: text(), gatewayId: text(), byAdmin: flag, attachTime: integer() },
  { key: ['subjectId'], diesWith: ['subjectId'] },
);

export const END_NODES: List<EndNode> = { table: END_NODE, by: ['tenantId', 'gatewayId'], order: ['subjectId'] };

/** A login of a gateway that got tokens for an end node: what ends the login ends those. */
export interface EndNodeLogin {
  /** Of the gateway's login. */
  readonly familyId: string;
  /** The end node. */
  readonly subjectId: string;
  /** When the login expires, and all that came of it. */
  readonly expireTime: Instant | null;
}

export const END_NODE_LOGIN = table<EndNodeLogin>(
  'end_node_login',
  { familyId: familyId(), subjectId: text(), expireTime: integer<number | null>() },
  { key: ['familyId', 'subjectId'], forget: { by: 'expireTime' }, diesWith: ['subjectId'] },
);
