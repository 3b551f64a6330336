import type { Instant } from '../model.ts';
import { integer, type List, table, text, words } from '../table.ts';

/** A service that tokens may be for alone (RFC 8707). */
export interface ResourceServer {
  readonly tenantId: string;
  /** The value of `resource` and of `aud`: an absolute URI without a fragment. */
  readonly resourceServerId: string;
  readonly displayName: string;
  /** The scopes that mean something to it. */
  readonly scopes: readonly string[];
  /** The clients that may introspect the tokens that are for it. */
  readonly clientIds: readonly string[];
  /** Families for it that were issued at an earlier revision are not for it, but for one of the same id that was deleted. */
  readonly cutoff: number;
  readonly createTime: Instant;
}

export const RESOURCE_SERVER = table<ResourceServer>(
  'resource_server',
  {
    tenantId: text(),
    resourceServerId: text(),
    displayName: text(),
    scopes: words(),
    clientIds: words(),
    cutoff: integer(),
    createTime: integer(),
  },
  { key: ['tenantId', 'resourceServerId'] },
);

export const RESOURCE_SERVERS: List<ResourceServer> = {
  table: RESOURCE_SERVER,
  by: ['tenantId'],
  order: ['resourceServerId'],
};
