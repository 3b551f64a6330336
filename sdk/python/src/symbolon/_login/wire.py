"""The calls of a login, and what their answers say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from symbolon.v1 import token_service_pb2 as pb

from .._errors import SymbolonError, wrong
from .io import Call
from .record import Record

_DEVICE_ID = re.compile(r"th\..{36}", re.DOTALL)


def refresh(record: Record) -> Call:
    """Trade the refresh token."""
    return Call("tokens", "Refresh", pb.RefreshRequest(refresh_token=record.refresh_token))


def revoke(token: str) -> Call:
    """End the login of a token."""
    return Call("tokens", "Revoke", pb.RevokeRequest(token=token))


def describe(token: str) -> Call:
    """Ask who a token is."""
    return Call("tokens", "DescribeToken", pb.DescribeTokenRequest(access_token=token))


def issue(request_id: str, scopes: Sequence[str] = (), resource: str = "", **credential: Any) -> Call:
    """Sign in with one credential."""
    request = pb.IssueRequest(request_id=request_id, scopes=scopes_of(scopes), resource=resource, **credential)
    return Call("tokens", "Issue", request)


def issue_for_code(code: str, redirect_uri: str, code_verifier: str, resource: str) -> Call:
    """Sign in with what a browser brought: its scopes are those that the user agreed to."""
    credential = pb.AuthorizationCode(code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)
    return Call("tokens", "Issue", pb.IssueRequest(authorization_code=credential, resource=resource))


def begin_device_code(scopes: Sequence[str], resource: str) -> Call:
    """Ask for a code that a user types elsewhere."""
    request = pb.BeginDeviceAuthorizationRequest(scopes=scopes_of(scopes), resource=resource)
    return Call("tokens", "BeginDeviceAuthorization", request)


def issue_for_device_code(device_code: str, resource: str) -> Call:
    """Ask whether the user has decided."""
    credential = pb.DeviceCode(device_code=device_code)
    return Call("tokens", "Issue", pb.IssueRequest(device_code=credential, resource=resource))


def issue_to_client(
    client_id: str, secret: str, request_id: str, scopes: Sequence[str] = (), resource: str = ""
) -> Call:
    """Sign in as the client itself."""
    if not secret:
        raise SymbolonError(
            grpc.StatusCode.FAILED_PRECONDITION, "the client has no secret: give client_secret, or sign in anonymously"
        )
    return issue(request_id, scopes, resource, client_secret=pb.ClientSecret(client_id=client_id, client_secret=secret))


def issue_to_nobody(client_id: str, request_id: str, scopes: Sequence[str] = (), resource: str = "") -> Call:
    """Sign in as nobody in particular."""
    return issue(request_id, scopes, resource, anonymous=pb.Anonymous(client_id=client_id))


def device(device: str) -> dict[str, str]:
    """By the id that Symbolon gave it, or by that of its vendor."""
    return {"device_id" if _DEVICE_ID.fullmatch(device) else "vendor_id": device}


def second_factor(mfa_token: str, **factor: str) -> Call:
    """Complete a sign-in. What the first call asked for stays."""
    return Call("tokens", "Issue", pb.IssueRequest(second_factor=pb.SecondFactor(mfa_token=mfa_token, **factor)))


def wish(scopes: Sequence[str], request_id: str = "") -> pb.TokenWish:
    """Ask for tokens of what is made."""
    return pb.TokenWish(scopes=scopes_of(scopes), request_id=request_id)


def scopes_of(scopes: Sequence[str]) -> list[str]:
    """Check them: a text would be taken for many scopes of one letter."""
    if isinstance(scopes, str):
        raise wrong("scopes must be a list of texts, and not one text")
    return list(scopes)


def record_of(client_id: str, tokens: pb.IssuedTokens, wall: float) -> Record:
    """As it is kept. ``wall`` is when its call was sent."""
    return Record(
        client_id=client_id,
        kind=_kind(tokens.kind),
        subject_id=tokens.subject_id,
        family_id=tokens.family_id,
        token_id=tokens.token_id,
        scopes=tuple(tokens.scopes),
        access_token=tokens.access_token,
        obtained_ms=max(0, int(wall * 1_000)),
        lifetime_ms=max(0, _ms(tokens.expire_time) - _ms(tokens.issue_time)),
        refresh_token=tokens.refresh_token,
        login_lifetime_ms=max(0, _ms(tokens.refresh_expire_time) - _ms(tokens.issue_time))
        if tokens.refresh_token
        else 0,
    )


def record_of_described(token: str, described: pb.DescribeTokenResponse, wall: float) -> Record:
    """Of an access token alone, which may be of another client."""
    return Record(
        client_id=described.client_id,
        kind=_kind(described.kind),
        subject_id=described.subject_id,
        family_id=described.family_id,
        token_id=described.token_id,
        scopes=tuple(described.scopes),
        access_token=token,
        obtained_ms=max(0, int(wall * 1_000)),
        lifetime_ms=_ms(described.time_to_live),
    )


_KINDS: dict[int, str] = {number: name.removeprefix("TOKEN_KIND_") for name, number in pb.TokenKind.items()}


def _kind(kind: int) -> str:
    return _KINDS.get(kind, "UNSPECIFIED")


def seconds(span: Duration) -> float:
    """Answer how long it is."""
    return span.seconds + span.nanos / 1e9


def _ms(time: Timestamp | Duration) -> int:
    return time.seconds * 1_000 + time.nanos // 1_000_000
