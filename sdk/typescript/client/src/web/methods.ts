/** The methods that a page calls, each with the messages that it sends and gets. */
import * as tokens from '../../../../../gen/web/symbolon/v1/token_service.ts';
import * as users from '../../../../../gen/web/symbolon/v1/user_service.ts';
import type { LoginCalls } from '../login/port.ts';

/** What is generated for a message. */
interface Message<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface Method<Request = unknown, Response = unknown> {
  /** `symbolon.v1.TokenService/Issue` */
  readonly path: string;
  readonly request: Message<Request>;
  readonly response: Message<Response>;
}

type MethodOf<Call> = Call extends (request: Partial<infer Request>, ...rest: never) => Promise<infer Response>
  ? Method<Request, Response>
  : never;

const ofTokens = <Request, Response>(name: string, request: Message<Request>, response: Message<Response>) => ({
  ...{ path: `symbolon.v1.TokenService/${name}`, request, response },
});
const ofUsers = <Request, Response>(name: string, request: Message<Request>, response: Message<Response>) => ({
  ...{ path: `symbolon.v1.UserService/${name}`, request, response },
});

export const METHODS: { readonly [Name in keyof LoginCalls]: MethodOf<LoginCalls[Name]> } = {
  issue: ofTokens('Issue', tokens.IssueRequest, tokens.IssueResponse),
  beginDeviceAuthorization: ofTokens(
    'BeginDeviceAuthorization',
    tokens.BeginDeviceAuthorizationRequest,
    tokens.BeginDeviceAuthorizationResponse,
  ),
  refresh: ofTokens('Refresh', tokens.RefreshRequest, tokens.RefreshResponse),
  revoke: ofTokens('Revoke', tokens.RevokeRequest, tokens.RevokeResponse),
  describeToken: ofTokens('DescribeToken', tokens.DescribeTokenRequest, tokens.DescribeTokenResponse),
  listTokens: ofTokens('ListTokens', tokens.ListTokensRequest, tokens.ListTokensResponse),
  registerUser: ofUsers('RegisterUser', users.RegisterUserRequest, users.RegisterUserResponse),
  getUser: ofUsers('GetUser', users.GetUserRequest, users.GetUserResponse),
  updateUser: ofUsers('UpdateUser', users.UpdateUserRequest, users.UpdateUserResponse),
  deleteUser: ofUsers('DeleteUser', users.DeleteUserRequest, users.DeleteUserResponse),
  changeUserPassword: ofUsers('ChangeUserPassword', users.ChangeUserPasswordRequest, users.ChangeUserPasswordResponse),
  requestPasswordReset: ofUsers(
    'RequestPasswordReset',
    users.RequestPasswordResetRequest,
    users.RequestPasswordResetResponse,
  ),
  completePasswordReset: ofUsers(
    'CompletePasswordReset',
    users.CompletePasswordResetRequest,
    users.CompletePasswordResetResponse,
  ),
  startEmailVerification: ofUsers(
    'StartEmailVerification',
    users.StartEmailVerificationRequest,
    users.StartEmailVerificationResponse,
  ),
  confirmEmailVerification: ofUsers(
    'ConfirmEmailVerification',
    users.ConfirmEmailVerificationRequest,
    users.ConfirmEmailVerificationResponse,
  ),
  startPhoneVerification: ofUsers(
    'StartPhoneVerification',
    users.StartPhoneVerificationRequest,
    users.StartPhoneVerificationResponse,
  ),
  confirmPhoneVerification: ofUsers(
    'ConfirmPhoneVerification',
    users.ConfirmPhoneVerificationRequest,
    users.ConfirmPhoneVerificationResponse,
  ),
  enrollTotp: ofUsers('EnrollTotp', users.EnrollTotpRequest, users.EnrollTotpResponse),
  confirmTotp: ofUsers('ConfirmTotp', users.ConfirmTotpRequest, users.ConfirmTotpResponse),
  removeTotp: ofUsers('RemoveTotp', users.RemoveTotpRequest, users.RemoveTotpResponse),
};
