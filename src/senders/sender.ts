/** The port of the senders: one message to one person, now. */

import type { Instant } from '../core/model.ts';
import type { Channel, MessagePurpose } from '../core/tables/messages.ts';

/** A sender gives up after this long, well before the message's lease ends and another worker takes it. */
export const SEND_TIMEOUT_MS = 45_000;

/** Who a server's mail is from. A dot-atom, a domain or address literal (RFC 5321 section 4.1.2), or either in UTF-8 (RFC 6531): nothing that ends an address. */
export const ADDRESS_FORM =
  /^[^\s\p{C}()<>[\]:;@\\,"]{1,64}@([^\s\p{C}()<>[\]:;@\\,"]{1,253}|\[[0-9a-zA-Z:.]{1,64}\])$/u;

/** A message that is about to leave. */
export interface Outgoing {
  readonly messageId: string;
  readonly channel: Channel;
  readonly purpose: MessagePurpose;
  readonly address: string;
  /** Empty in a notice. */
  readonly code: string;
  readonly tenantId: string;
  /** As people know the tenant. */
  readonly tenantName: string;
  readonly expireTime: Instant;
}

export interface Sender {
  /** Settles once the next hop has taken the message; rejects with a SendError when it has not, or that is not known. */
  send(outgoing: Outgoing): Promise<void>;
  close(): Promise<void>;
}

/** Why a message was not sent. The message is for the operator, and may quote the other side. */
export class SendError extends Error {
  override readonly name = 'SendError';
  /** A word for the log, which quotes nobody: `smtp_550`, `http_404`, `timeout`. */
  readonly reason: string;
  /** Whether the other side refused this message for good: trying again would only be refused again. */
  readonly permanent: boolean;

  constructor(reason: string, message: string, { permanent = false } = {}) {
    super(message);
    this.reason = reason;
    this.permanent = permanent;
  }
}
