/** The limits of our servers: grpc-js sets none. */
import type { ChannelOptions } from '@grpc/grpc-js';

const KIB = 1_024;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long a connection without a call stays open. grpc-js does not see most calls of a guarded server, so the guard counts there. */
export const MAX_IDLE_MS = 5 * MINUTE_MS;

export const LIMITS: ChannelOptions = {
  'grpc.max_concurrent_streams': 128,
  // Attributes of 64 KiB as a google.protobuf.Struct. Of many, as much is held while they are on their way.
  'grpc.max_receive_message_length': 192 * KIB,
  // What clients take by default; pages of lists are the longest.
  'grpc.max_send_message_length': 4_096 * KIB,
  'grpc-node.max_session_memory': 10,
  'grpc.max_connection_age_ms': 30 * MINUTE_MS,
  'grpc.max_connection_age_grace_ms': 30 * SECOND_MS,
  'grpc.keepalive_time_ms': MINUTE_MS,
  'grpc.keepalive_timeout_ms': 20 * SECOND_MS,
  'grpc.enable_channelz': 0,
};
