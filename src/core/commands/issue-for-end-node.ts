import { answer, type Decision, insert, refuse } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { noEndNode } from '../rules/end-nodes.ts';
import { begin, type Grant, type Issued } from '../rules/grants.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { END_NODE, END_NODE_LOGIN } from '../tables/end-nodes.ts';
import { FAMILY } from '../tables/families.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/**
 * Begins a family of an end node, `subjectId`, for its gateway, whose token is the authority of the command. It is issued to the client of
 * the gateway's login, no matter who asks: what ends that client's tokens ends these.
 */
export interface IssueForEndNode extends Omit<Grant, 'clientId'> {
  readonly kind: 'issue_for_end_node';
  readonly gatewayId: string;
  /** The gateway's login by whose token it asks. */
  readonly gatewayFamilyId: string;
}

export const issueForEndNode = rule<IssueForEndNode>()({
  kind: 'issue_for_end_node',
  // What ends the gateway's login or all of its tokens locks one of these too, and so comes before this or finds what it made.
  plan: ({ tenantId, subjectId, gatewayFamilyId: familyId }) => ({
    locks: [lockRow(FAMILY, { familyId }), lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId, tenantId }),
      login: one(FAMILY, { familyId }),
      attached: one(END_NODE, { subjectId }),
      known: one(END_NODE_LOGIN, { familyId, subjectId }),
    },
  }),
  follow: ({ login }) => ({ client: one(CLIENT, login && { clientId: login.clientId }) }),
  decide: (state, command, now): Decision<{ readonly issued: Issued }> => {
    const { tenant, client, subject, login, attached, known } = state;
    const { gatewayId, gatewayFamilyId, subjectId } = command;
    const isItsGateway = login?.subjectId === gatewayId && attached?.gatewayId === gatewayId;
    if (login === undefined || !isItsGateway || subject === undefined || subject.disabled) {
      return refuse(noEndNode(subjectId));
    }
    const { clientId, expireTime: notAfter } = login;
    const begun = begin({ ...command, clientId, notAfter }, tenant, client, now);
    return 'refusal' in begun.outcome
      ? begun
      : answer(begun.outcome.answer, [
          ...begun.changes,
          ...(known === undefined
            ? [insert(END_NODE_LOGIN, { familyId: gatewayFamilyId, subjectId, expireTime: notAfter })]
            : []),
        ]);
  },
  // Once for each login of the gateway, so that no device makes the log grow as it likes.
  audit: ({ tenantId, subjectId, gatewayId }, { known }) =>
    known === undefined
      ? entry(tenantId, 'issue_for_end_node', 'device', subjectId, [`gateway ${gatewayId}`])
      : undefined,
});
