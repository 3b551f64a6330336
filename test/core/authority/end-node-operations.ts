/** Writing operations on devices behind a gateway: the lamp is the gateway, and a bulb hangs on it. */
import { attachEndNode, detachEndNode } from '../../../src/core/operations/end-nodes.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { issueForEndNode } from '../../../src/core/operations/issue-for-end-node.ts';
import { make, makeDevice } from '../../support.ts';
import { LAMP, PASSWORD } from '../fixtures.ts';
import { issue as issueTokens } from '../issue.ts';
import { MANAGERS, type Operations } from './operation.ts';
import type { Preparation } from './preparations.ts';
import { ANN, LAMP_ID, TENANT } from './stage.ts';

const BULB_ID = 'th.bulb';
const lamp = { by: 'device_id', deviceId: LAMP_ID } as const;
const bulb = { by: 'device_id', deviceId: BULB_ID } as const;

/** Ann's, as the lamp is. */
const bulbOfAnn: Preparation = async ({ services, store }) => {
  await makeDevice(services, TENANT, { subjectId: BULB_ID, vendorId: 'Bulb-1', password: PASSWORD });
  const update = { kind: 'update_subject', tenantId: TENANT, subjectKind: 'device', subjectId: BULB_ID } as const;
  await make(store, { ...update, set: { ownerIds: [ANN] } });
  return '';
};

const attached: Preparation = async (stage) => {
  await bulbOfAnn(stage);
  const named = { tenantId: TENANT, gatewayId: LAMP_ID, endNodeId: BULB_ID };
  await make(stage.store, { kind: 'attach_end_node', ...named, right: { of: 'owner', ownerId: ANN } });
  return '';
};

/** The lamp has logged in with a client to which nothing happens; answers its token. */
const attachedAndLoggedIn: Preparation = async (stage) => {
  await attached(stage);
  return (await issueTokens(stage.services, stage.insider, { credential: LAMP })).accessToken;
};

const BY_OWNERS = [...MANAGERS, 'user', 'device'] as const;

export const END_NODE_OPERATIONS: Operations = {
  attachEndNode: {
    by: [...MANAGERS, 'user'],
    prepare: bulbOfAnn,
    run: ({ services, call }) => attachEndNode(services, call, lamp, bulb),
  },
  'attachEndNode of a device that has proven itself': {
    by: BY_OWNERS,
    prepare: bulbOfAnn,
    run: ({ services, call }) => attachEndNode(services, call, lamp, bulb, { isProven: true }),
  },
  detachEndNode: {
    by: BY_OWNERS,
    prepare: attached,
    run: ({ services, call }) => detachEndNode(services, call, lamp, bulb),
  },
  'issueForEndNode by the gateway': {
    by: ['device'],
    prepare: attached,
    run: ({ services, call, stage }) => issueForEndNode(services, call, bulb, stage.actor.clientId, {}),
  },
  'issue with a gateway’s token': {
    by: ['public', 'client'],
    prepare: attachedAndLoggedIn,
    run: ({ services, call, prepared: gatewayToken }) =>
      issue(services, call, { credential: { kind: 'end_node', gatewayToken, endNode: bulb } }),
  },
};
