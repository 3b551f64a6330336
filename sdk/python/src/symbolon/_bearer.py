"""What a middleware reads, and how it refuses (RFC 6750), over HTTP and gRPC alike."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

import grpc

from ._access import Access, Device, Own, Target, User
from ._caller import Caller
from ._errors import SymbolonError, wrong

# RFC 9110 section 5.6.2: what a scheme is made of. Anything else ends it.
_SCHEME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# RFC 6750 section 2.1.
_CREDENTIALS = re.compile(r"[A-Za-z]{6} +([A-Za-z0-9._~+/-]+=*)")
# RFC 6749 section 3.3.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_REALM = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")


class Refusal(NamedTuple):
    """Why a request is not handled."""

    code: grpc.StatusCode
    http_status: int
    message: str
    # Of RFC 6750 section 3.1. Empty: none is told.
    error: str = ""
    scopes: Sequence[str] = ()
    # In seconds, where nothing is known of the token.
    retry_after: float | None = None
    # Not where another token changes nothing, or the token may be good.
    has_challenge: bool = True

    def challenge(self, realm: str | None) -> str | None:
        """The value of ``WWW-Authenticate``."""
        if not self.has_challenge:
            return None
        parts = [] if realm is None else [f'realm="{realm}"']
        parts += [f'error="{self.error}"'] if self.error else []
        parts += [f'scope="{" ".join(self.scopes)}"'] if self.scopes else []
        return " ".join(filter(None, ["Bearer", ", ".join(parts)]))

    def headers(self, realm: str | None) -> dict[str, str]:
        """Those of a response over HTTP."""
        challenge = self.challenge(realm)
        # RFC 9111 section 5.2.2.5: a refusal is of this moment.
        stored = {"Cache-Control": "no-store"}
        if challenge is not None:
            return {"WWW-Authenticate": challenge, **stored}
        if self.code is not grpc.StatusCode.UNAVAILABLE:
            return stored
        return {"Retry-After": str(max(1, math.ceil(self.retry_after or 0))), **stored}


_MISSING = Refusal(grpc.StatusCode.UNAUTHENTICATED, 401, "send an access token as authorization: Bearer <token>")
_TWO = Refusal(grpc.StatusCode.INVALID_ARGUMENT, 400, "send one authorization, and not more", "invalid_request")
_MALFORMED = Refusal(
    grpc.StatusCode.INVALID_ARGUMENT, 400, "authorization must be: Bearer <token>, and nothing else", "invalid_request"
)
_NOT_LIVE = Refusal(grpc.StatusCode.UNAUTHENTICATED, 401, "the access token is not live", "invalid_token")


def token_of(values: Sequence[str | bytes]) -> str | Refusal:
    """Read the token of all ``authorization`` headers of a request."""
    if len(values) > 1:
        return _TWO
    if not values:
        return _MISSING
    value = values[0].decode("latin-1") if isinstance(values[0], bytes) else values[0]
    value = value.strip(" \t")
    scheme = _SCHEME.match(value)
    if scheme is None or scheme[0].lower() != "bearer":
        return _MISSING
    credentials = _CREDENTIALS.fullmatch(value)
    return _MALFORMED if credentials is None else credentials[1]


def admit(caller: object, scopes: Collection[str], audience: str | None = None) -> Caller | Refusal:
    """Tell whether the caller may go on. What is neither a caller nor None says nothing, as a coroutine does."""
    if caller is None:
        return _NOT_LIVE
    if not isinstance(caller, Caller):
        return nothing_known(SymbolonError(grpc.StatusCode.INTERNAL, "check answered something else than a Caller"))
    if not _is_for(caller, audience):
        return _NOT_LIVE
    if all(scope in caller.scopes for scope in scopes):
        return caller
    message = "the access token lacks a scope"
    return Refusal(grpc.StatusCode.PERMISSION_DENIED, 403, message, "insufficient_scope", tuple(scopes))


def _is_for(caller: Caller, audience: str | None) -> bool:
    """RFC 9700 section 2.3: who is given a token that is for another one must not take it."""
    return audience is None or caller.audience == audience


# RFC 6750 section 3.1: more would be granted by the user, so that asking for it helps.
_INSUFFICIENT = frozenset({"SCOPE_MISSING", "NO_CONSENT"})


def permit(access: object, audience: str | None = None) -> Caller | Refusal:
    """Tell whether the caller may do what was asked about."""
    if not isinstance(access, Access):
        return nothing_known(SymbolonError(grpc.StatusCode.INTERNAL, "the verifier answered something else"))
    if access.caller is None or not _is_for(access.caller, audience):
        return _NOT_LIVE
    return access.caller if access.allowed else _denied(access.reason)


def _denied(reason: str) -> Refusal:
    denied = Refusal(grpc.StatusCode.PERMISSION_DENIED, 403, f"not allowed: {reason}")
    if reason in _INSUFFICIENT:
        return denied._replace(error="insufficient_scope")
    return denied._replace(has_challenge=False)


def not_checked(error: SymbolonError) -> Refusal:
    """Of a permission. An id that no user or device can have, as a client may put it into a path, is unknown."""
    return _denied("TARGET_UNKNOWN") if error.code is grpc.StatusCode.INVALID_ARGUMENT else nothing_known(error)


def target_of(target: Any) -> Target:
    """Check what a service's function answered: without one it would be about the token's own."""
    if not isinstance(target, (User, Device, Own)):
        raise TypeError("target must answer a symbolon.User, Device or Own: leave it out for the token's own")
    return target


def for_nobody(method: str) -> Refusal:
    """Of a gRPC method that a service gave no scopes, beside others that it gave some."""
    message = f"{method} is for nobody: give it to scopes"
    return Refusal(grpc.StatusCode.PERMISSION_DENIED, 403, message, has_challenge=False)


def nothing_known(error: SymbolonError) -> Refusal:
    """The client must keep its token, and come again."""
    # Without a wait, all clients would repeat at once.
    retry_after = error.retry_after if error.retry_after is not None and error.retry_after > 0 else 1.0
    message = "the access token can't be checked now"
    return Refusal(grpc.StatusCode.UNAVAILABLE, 503, message, retry_after=retry_after, has_challenge=False)


def check_verifier(verifier: object, is_async: bool, name: str = "check") -> None:
    """The answer of the wrong one of the two would be a coroutine, or nothing to await."""
    check = getattr(verifier, name, None)
    if isinstance(verifier, type) or not callable(check) or iscoroutinefunction(check) is not is_async:
        kind = "an AsyncVerifier" if is_async else "a Verifier"
        raise wrong(f"verifier must be {kind}: this guard calls {'await ' if is_async else ''}{name}(token)")


def check_target(target: object) -> None:
    """A function of the request, or nothing."""
    if target is not None and not callable(target):
        raise wrong("target must be a function of the request that answers a symbolon.User, Device or Own")


def check_audience(audience: str | None) -> str | None:
    """An empty one would refuse every token that is for this service."""
    if audience is not None and (not isinstance(audience, str) or not audience):
        raise wrong("audience must be the id of a resource server: leave it out to take tokens that are for any")
    return audience


def check_realm(realm: str | None) -> str | None:
    """Texts that can stand in quotes."""
    if realm is not None and not _REALM.fullmatch(realm):
        raise wrong("realm must be printable ASCII without quotes and backslashes")
    return realm


def check_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """A text would be taken for many scopes of one letter."""
    if isinstance(scopes, (str, bytes)) or not all(
        isinstance(scope, str) and _SCOPE.fullmatch(scope) for scope in scopes
    ):
        raise wrong("scopes must be a list of scopes, without white space in them")
    return tuple(scopes)


def check_methods(name: str, methods: Collection[str] | Mapping[str, Collection[str]]) -> list[str]:
    """Names of gRPC methods as the server knows them, with the first slash: a misspelled one would guard nothing."""
    if isinstance(methods, (str, bytes)) or not all(
        isinstance(method, str) and re.fullmatch(r"/?[^/]+/[^/]+", method) for method in methods
    ):
        raise wrong(f"{name} must have names of methods such as /grpc.health.v1.Health/Check")
    return [method if method.startswith("/") else f"/{method}" for method in methods]
