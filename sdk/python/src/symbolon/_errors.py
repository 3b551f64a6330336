"""What a service is told of a call that failed."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import grpc
from google.rpc import error_details_pb2, status_pb2

from ._mends import mend_of

DOMAIN = "symbolon.internal"

_RETRYABLE = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
    }
)

_HOPELESS = frozenset(
    {
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


class SymbolonError(Exception):
    """A call that failed. Of a check it says nothing of the token.

    Refuse the request then with UNAVAILABLE or 503, and not with UNAUTHENTICATED or 401: these tell a
    client to throw its token away.
    """

    code: grpc.StatusCode
    """The gRPC status."""
    reason: str
    """The ErrorReason of the contract without its prefix. Empty when no server said one."""
    retry_after: float | None
    """After how many seconds to repeat it, where the server says so."""
    ended_by: str
    """Why a token is not live, such as PASSWORD_CHANGED. Empty when the server does not say it."""
    field: str
    """Which name or address is taken, of ALREADY_EXISTS, such as login_name. Empty when the server does not say it."""

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        reason: str = "",
        retry_after: float | None = None,
        ended_by: str = "",
        field: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.retry_after = retry_after
        self.ended_by = ended_by
        self.field = field

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self.code in _RETRYABLE

    @property
    def message(self) -> str:
        """For people."""
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        """Go through a pickle, as an error of another process does."""
        return SymbolonError, (self.code, self.message, self.reason, self.retry_after, self.ended_by, self.field)


def is_hopeless(error: SymbolonError) -> bool:
    """Whether the same call fails again until somebody mends what is wrong."""
    return error.code in _HOPELESS


class _Failed(Protocol):
    def code(self) -> grpc.StatusCode: ...
    def details(self) -> str | None: ...
    def trailing_metadata(self) -> Any: ...


def to_symbolon_error(doing: str, error: BaseException) -> SymbolonError:
    """Translate what grpc raised. ``doing`` is what failed, as in "the token can't be checked"."""
    if isinstance(error, SymbolonError):
        return error
    if isinstance(error, (grpc.FutureCancelledError, grpc.FutureTimeoutError)):
        cancelled = isinstance(error, grpc.FutureCancelledError)
        code = grpc.StatusCode.CANCELLED if cancelled else grpc.StatusCode.DEADLINE_EXCEEDED
        return SymbolonError(code, f"{doing}: {code.name}")
    if not isinstance(error, grpc.RpcError) or not hasattr(error, "code"):
        # Its text may be of anything, so only its kind is told.
        return SymbolonError(grpc.StatusCode.INTERNAL, f"{doing}: {type(error).__name__}")
    failed: _Failed = error
    code = failed.code() or grpc.StatusCode.UNKNOWN
    details = _details_of(failed.trailing_metadata() or ())
    reason = details.reason
    told = failed.details() or "no details"
    mend = mend_of(code, reason, told)
    return SymbolonError(code, f"{doing}: {code.name}: {f'{mend} ({told})' if mend else told}", *details)


class _Details(NamedTuple):
    """As `SymbolonError` has them."""

    reason: str = ""
    retry_after: float | None = None
    ended_by: str = ""
    field: str = ""


def _details_of(metadata: Any) -> _Details:
    try:
        # Not of dict(metadata): that of `grpc.aio` was no mapping for long.
        return _read_details({key: value for key, value in metadata}.get("grpc-status-details-bin", b""))  # noqa: C416
    except Exception:
        # Of something between here and the server. The status says enough.
        return _Details()


def _read_details(data: bytes) -> _Details:
    found = _Details()
    info = error_details_pb2.ErrorInfo()
    retry = error_details_pb2.RetryInfo()
    for detail in status_pb2.Status.FromString(data).details:
        if detail.Unpack(info) and info.domain == DOMAIN:
            told = info.metadata
            ended_by, field = (told[key] if key in told else "" for key in ("endedBy", "field"))  # noqa: SIM401
            found = found._replace(reason=info.reason, ended_by=ended_by, field=field)
        elif detail.Unpack(retry):
            found = found._replace(retry_after=retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)
    return found


def wrong(message: str) -> SymbolonError:
    """An argument of this package's caller that is wrong. The message names it and the mend."""
    return SymbolonError(grpc.StatusCode.INVALID_ARGUMENT, message)
