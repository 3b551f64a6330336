/** Calls that a server answers, over the network or over its socket. */
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  logVerbosity,
  type Metadata,
  type ServiceError,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';
import { ErrorInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../gen/ts/google/rpc/status.ts';
import { ERROR_TABLE, reasonName } from '../../calls/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { type Api, CallFailed, isReading } from './api.ts';
import { type MethodName, wireOf } from './contract.ts';
import { whyUnreachable } from './unreachable.ts';

export interface GrpcOptions {
  readonly as: Api['as'];
  /** For people. */
  readonly where: string;
  /** As gRPC writes it. */
  readonly target: string;
  readonly credentials: ChannelCredentials;
  readonly metadata: Metadata;
  readonly channelOptions?: ChannelOptions;
}

/** A server gives up earlier. */
const DEADLINE_MS = 30_000;
const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

const CODES: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries(ERROR_TABLE).map(([code, { reason }]) => [reasonName(reason), code as ErrorCode]),
);

export function openGrpc({ as, where, target, credentials, metadata, channelOptions }: GrpcOptions): Api {
  setLogVerbosity(logVerbosity.NONE);
  const client = new Client(target, credentials, channelOptions);
  const send = async (method: MethodName, partial: object): Promise<object> => {
    const { definition, whole } = await wireOf(method);
    const { path, requestSerialize, responseDeserialize } = definition;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        whole(partial),
        metadata,
        { deadline: Date.now() + DEADLINE_MS },
        (error, answer) => (error === null ? resolve(answer as object) : reject(failureOf(error, method, where))),
      );
    });
  };
  return {
    as,
    where,
    call: (method, request) => send(method, request) as never,
    close: async () => client.close(),
  };
}

/** Of what grpc-js says where a call never left this machine, as it says itself. */
const NOT_SENT = /^(No connection established|Name resolution failed|Failed to connect)/;

const UNKNOWN = 'Whether it was done is not known: look before you repeat it';
const CHECK_CALLER =
  'Check the id of the client, and its secret in SYMBOLON_CLIENT_SECRET, --client-secret-file or the context';

function failureOf(error: ServiceError, method: MethodName, where: string): CallFailed {
  const code = codeOf(error);
  if (code === 'deadline_exceeded' && !isReading(method)) {
    // What the server has begun goes on there.
    return new CallFailed('outcome_unknown', `${where} took too long (${error.details}). ${UNKNOWN}`, { cause: error });
  }
  if (code !== undefined) {
    const isCaller = code === 'caller_unauthenticated';
    return new CallFailed(code, isCaller ? `${error.details}. ${CHECK_CALLER}` : error.details, { cause: error });
  }
  if (error.code === status.UNIMPLEMENTED) {
    return new CallFailed('unreachable', `${where} does not know this call: it is older than this program`, {
      cause: error,
    });
  }
  const why = whyUnreachable(error.details);
  if (error.code === status.UNAVAILABLE && NOT_SENT.test(error.details)) {
    return new CallFailed('unreachable', `${where} can't be reached: ${why}`, { cause: error });
  }
  const broke = `the way to ${where} broke before an answer came (${why})`;
  return isReading(method)
    ? new CallFailed('unreachable', `${broke}. Repeat the command`, { cause: error })
    : new CallFailed('outcome_unknown', `${broke}. ${UNKNOWN}`, { cause: error });
}

/** Undefined for what no server of ours said. */
function codeOf({ metadata }: ServiceError): ErrorCode | undefined {
  const [details] = metadata?.get(STATUS_DETAILS_KEY) ?? [];
  if (!(details instanceof Uint8Array)) {
    return undefined;
  }
  try {
    const info = Status.decode(details).details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
    return info && CODES.get(ErrorInfo.decode(info.value).reason);
  } catch {
    // Nor can what is in between be believed to send whole messages.
    return undefined;
  }
}
