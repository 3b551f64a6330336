import type { AuditServiceService } from '../../../gen/ts/symbolon/v1/audit_service.ts';
import { listAuditRecords, verifyAuditLog } from '../../core/operations/audit.ts';
import { parseAuditQuery, toAuditRecordMessage, toVerifiedMessage } from '../messages/audit.ts';
import { type Methods, read } from './method.ts';

export const AUDIT_METHODS: Methods<keyof typeof AuditServiceService> = {
  listAuditRecords: read(async (services, call, request) => {
    const { items, nextPageToken } = await listAuditRecords(services, call, parseAuditQuery(request));
    return { records: items.map(toAuditRecordMessage), nextPageToken };
  }),
  verifyAuditLog: read(async (services, call, { afterSequence, maxRecords }) =>
    toVerifiedMessage(await verifyAuditLog(services, call, { afterSequence, most: maxRecords })),
  ),
};
