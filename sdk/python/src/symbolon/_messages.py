"""From the messages of the contract to plain values."""

from __future__ import annotations

from datetime import datetime, timezone

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from symbolon.v1 import access_service_pb2 as access_pb
from symbolon.v1 import token_service_pb2 as pb

from ._access import Access, AccessReason
from ._caller import Caller, CallerKind
from ._core.protocol import CLIENT, CONSENT, FAMILY, SUBJECT, AccessAnswer, Answer, Event, Message, Question, Target

_KINDS: dict[int, CallerKind] = {
    pb.TOKEN_KIND_USER: "user",
    pb.TOKEN_KIND_DEVICE: "device",
    pb.TOKEN_KIND_APPLICATION: "application",
    pb.TOKEN_KIND_ADMIN: "admin",
    pb.TOKEN_KIND_ANONYMOUS: "anonymous",
}


def to_message(response: pb.WatchRevocationsResponse) -> Message:
    """As the core takes it."""
    return Message(
        response.previous_revision,
        [Event(event.revision, _to_target(event)) for event in response.events],
        response.revision,
        response.heartbeat,
        response.afresh,
        _seconds(response.longest_bound) if response.HasField("longest_bound") else None,
    )


def _to_target(event: pb.RevocationEvent) -> Target | None:
    """None for all of the tenant, and for a target that is newer than these stubs."""
    which = event.WhichOneof("target")
    if which == "family_id":
        return Target(FAMILY, event.family_id)
    if which == "subject_id":
        return Target(SUBJECT, event.subject_id)
    if which == "client_id":
        return Target(CLIENT, event.client_id)
    if which == "consent":
        return Target(CONSENT, event.consent.subject_id, event.consent.client_id)
    return None


def to_answer(response: pb.IntrospectResponse) -> Answer:
    """As the core takes it. Of a server that does not say what is left of a token, nothing is kept."""
    if not response.active:
        return Answer(response.revision, None, 0.0)
    return Answer(response.revision, _to_caller(response), _seconds(response.time_to_live))


def _to_caller(response: pb.IntrospectResponse) -> Caller:
    return Caller(
        kind=_KINDS.get(response.kind, "unknown"),
        subject_id=response.subject_id,
        client_id=response.client_id,
        tenant_id=response.tenant_id,
        scopes=tuple(response.scopes),
        token_id=response.token_id,
        family_id=response.family_id,
        issue_time=_time(response.issue_time),
        expire_time=_time(response.expire_time),
        audience=response.audience,
    )


_REASONS: dict[int, AccessReason] = {
    number: name.removeprefix("ACCESS_REASON_")  # type: ignore[misc]
    for name, number in access_pb.AccessReason.items()
}
PERMISSIONS: dict[str, int] = {
    name.removeprefix("PERMISSION_"): number for name, number in access_pb.Permission.items() if number
}
"""Of the contract, without their prefix."""


def from_question(question: Question) -> access_pb.CheckRequest:
    """As the server takes it."""
    request = access_pb.CheckRequest(token=question.token, device_type=question.device_type)
    request.permission = PERMISSIONS[question.permission]  # type: ignore[assignment]
    # An empty one would be another question: that of the token's own.
    if question.user_id:
        request.user_id = question.user_id
    if question.device_id:
        request.device_id = question.device_id
    return request


def to_access_answer(response: access_pb.CheckResponse) -> AccessAnswer:
    """As the core takes it. What is allowed has a caller."""
    caller = _to_caller(response.token) if response.token.active else None
    allowed = response.allowed and caller is not None
    reason = _REASONS.get(response.reason, "UNSPECIFIED")
    access = Access(allowed, reason, caller, response.user_id)
    return AccessAnswer(response.token.revision, access, _seconds(response.time_to_live))


def _time(timestamp: Timestamp) -> datetime:
    return timestamp.ToDatetime(timezone.utc)


def _seconds(span: Duration) -> float:
    return span.seconds + span.nanos / 1e9
