/** What an admin reads back of its tenant, and how it ends what it finds: tokens, messages, the audit log. */
import { listAuditRecords, listMessages, verifyAuditLog } from '../../core/operations/directory/records.ts';
import { listTokens, revokeAll } from '../../core/operations/directory/tokens.ts';
import { auditRecordMessageOf, messageMessageOf, verifiedMessageOf } from '../messages/records.ts';
import { familyMessageOf, holderOf, principalOf } from '../messages/tokens.ts';
import { change, type Methods, read } from './method.ts';

export const RECORD_METHODS: Methods<
  'listTokens' | 'revokeAll' | 'listMessages' | 'listAuditRecords' | 'verifyAuditLog'
> = {
  listTokens: read(async (services, call, request) => {
    const { items, nextPageToken } = await listTokens(services, call, holderOf(request), request);
    return { families: items.map(familyMessageOf), nextPageToken };
  }),
  revokeAll: change((services, call, request) => revokeAll(services, call, principalOf(request))),
  listMessages: read(async (services, call, request) => {
    const { items, nextPageToken } = await listMessages(services, call, request);
    return { messages: items.map(messageMessageOf), nextPageToken };
  }),
  listAuditRecords: read(async (services, call, request) => {
    const { items, nextPageToken } = await listAuditRecords(services, call, request);
    return { records: items.map(auditRecordMessageOf), nextPageToken };
  }),
  verifyAuditLog: read(async (services, call, { afterSequence, pageSize }) =>
    verifiedMessageOf(await verifyAuditLog(services, call, { afterSequence, most: pageSize })),
  ),
};
