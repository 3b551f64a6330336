/** What a Login calls and what it runs on: both Node and a page give it that, and tests give what never happens. */
import type {
  BeginDeviceAuthorizationRequest,
  BeginDeviceAuthorizationResponse,
  DescribeTokenRequest,
  DescribeTokenResponse,
  IssueRequest,
  IssueResponse,
  ListTokensRequest,
  ListTokensResponse,
  RefreshRequest,
  RefreshResponse,
  RevokeRequest,
  RevokeResponse,
} from '../../../../../gen/web/symbolon/v1/token_service.ts';
import type {
  ChangeUserPasswordRequest,
  ChangeUserPasswordResponse,
  CompletePasswordResetRequest,
  CompletePasswordResetResponse,
  ConfirmEmailVerificationRequest,
  ConfirmEmailVerificationResponse,
  ConfirmPhoneVerificationRequest,
  ConfirmPhoneVerificationResponse,
  ConfirmTotpRequest,
  ConfirmTotpResponse,
  DeleteUserRequest,
  DeleteUserResponse,
  EnrollTotpRequest,
  EnrollTotpResponse,
  GetUserRequest,
  GetUserResponse,
  RegisterUserRequest,
  RegisterUserResponse,
  RemoveTotpRequest,
  RemoveTotpResponse,
  RequestPasswordResetRequest,
  RequestPasswordResetResponse,
  StartEmailVerificationRequest,
  StartEmailVerificationResponse,
  StartPhoneVerificationRequest,
  StartPhoneVerificationResponse,
  UpdateUserRequest,
  UpdateUserResponse,
} from '../../../../../gen/web/symbolon/v1/user_service.ts';

/** Of what waits for a server or a store. */
export interface WaitOptions {
  /** Aborting it ends the wait with CANCELLED. Whether the server did it is unknown then. */
  readonly signal?: AbortSignal;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Fields that are left out have the default of their type. Every failure is a SymbolonError. */
export type Call<Request, Response> = (request: Partial<Request>, limits: Limits) => Promise<Response>;

export interface LoginCalls {
  readonly issue: Call<IssueRequest, IssueResponse>;
  readonly beginDeviceAuthorization: Call<BeginDeviceAuthorizationRequest, BeginDeviceAuthorizationResponse>;
  readonly refresh: Call<RefreshRequest, RefreshResponse>;
  readonly revoke: Call<RevokeRequest, RevokeResponse>;
  readonly describeToken: Call<DescribeTokenRequest, DescribeTokenResponse>;
  readonly listTokens: Call<ListTokensRequest, ListTokensResponse>;
  readonly registerUser: Call<RegisterUserRequest, RegisterUserResponse>;
  readonly getUser: Call<GetUserRequest, GetUserResponse>;
  readonly updateUser: Call<UpdateUserRequest, UpdateUserResponse>;
  readonly deleteUser: Call<DeleteUserRequest, DeleteUserResponse>;
  readonly changeUserPassword: Call<ChangeUserPasswordRequest, ChangeUserPasswordResponse>;
  readonly requestPasswordReset: Call<RequestPasswordResetRequest, RequestPasswordResetResponse>;
  readonly completePasswordReset: Call<CompletePasswordResetRequest, CompletePasswordResetResponse>;
  readonly startEmailVerification: Call<StartEmailVerificationRequest, StartEmailVerificationResponse>;
  readonly confirmEmailVerification: Call<ConfirmEmailVerificationRequest, ConfirmEmailVerificationResponse>;
  readonly startPhoneVerification: Call<StartPhoneVerificationRequest, StartPhoneVerificationResponse>;
  readonly confirmPhoneVerification: Call<ConfirmPhoneVerificationRequest, ConfirmPhoneVerificationResponse>;
  readonly enrollTotp: Call<EnrollTotpRequest, EnrollTotpResponse>;
  readonly confirmTotp: Call<ConfirmTotpRequest, ConfirmTotpResponse>;
  readonly removeTotp: Call<RemoveTotpRequest, RemoveTotpResponse>;
}

/** Milliseconds of both clocks. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export interface Platform {
  readonly now: () => Moment;
  /** 22 characters of base64url, which nobody can guess. */
  readonly randomId: () => string;
  /** 32 random bytes in base64url. */
  readonly randomSecret: () => string;
  /** Of a text, in base64url. */
  readonly sha256: (text: string) => Promise<string>;
  /** Comes back when the time is over or the signal is aborted. With `idle` it keeps no process from ending. */
  readonly sleep: (ms: number, signal: AbortSignal, idle?: 'idle') => Promise<void>;
}

/** The client that a Login is of. */
export interface LoginClient {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scopes: readonly string[];
  /** The resource server that its tokens are for. Absent: for all. */
  readonly resource?: string | undefined;
  /** The time for a call, its repeats included. */
  readonly timeoutMs: number;
}
