"""What somebody wants to do, with whom or what, and whether it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ._caller import Caller

Permission: TypeAlias = Literal[
    "READ_PROFILE",
    "WRITE_PROFILE",
    "KEEP_PROPERTIES",
    "LIST_DEVICES",
    "ADD_DEVICE",
    "READ_DEVICE",
    "WRITE_DEVICE",
    "SHARE_DEVICE",
    "MANAGE_DEVICE_TOKEN",
    "CONFIRM_REGISTRATION",
    "READ_MESSAGES",
    "EXPORT_MESSAGES",
    "SEND_MESSAGE",
    "SEND_ACTION",
    "CONNECT_DEVICE",
    "SUBSCRIBE",
    "MANAGE_RULES",
    "ACT_AS_APPLICATION",
]
"""What a bearer may want to do: ``Permission`` of the contract, without its prefix."""

AccessReason: TypeAlias = Literal[
    "UNSPECIFIED",
    "ALLOWED",
    "TOKEN_NOT_LIVE",
    "KIND_NOT_ALLOWED",
    "TARGET_MISSING",
    "TARGET_UNKNOWN",
    "TARGET_DISABLED",
    "NOT_THE_USER",
    "NOT_THE_OWNER",
    "NOT_THIS_DEVICE",
    "NO_CONSENT",
    "SCOPE_MISSING",
]
"""Why, or why not. ``UNSPECIFIED`` is something newer than this package."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whether the bearer of a token may do something. All who ask the same share it."""

    allowed: bool
    reason: AccessReason
    caller: Caller | None = None
    """None: the token is not live."""
    user_id: str = ""
    """By whose right: the user, or an owner of the device. Empty: not by a user's."""


@dataclass(frozen=True, slots=True)
class User:
    """A user, as the target of a permission."""

    user_id: str
    device_type: str = ""
    """At LIST_DEVICES and ADD_DEVICE, of which type the devices are. Empty: of any."""

    def __post_init__(self) -> None:
        _require("user_id", self.user_id)
        _require("device_type", self.device_type, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class Device:
    """A device, as the target of a permission."""

    device_id: str

    def __post_init__(self) -> None:
        _require("device_id", self.device_id)


@dataclass(frozen=True, slots=True)
class Own:
    """The user or device that the token stands for, as the target of a permission."""

    device_type: str = ""
    """At LIST_DEVICES and ADD_DEVICE, of which type the devices are. Empty: of any."""

    def __post_init__(self) -> None:
        _require("device_type", self.device_type, may_be_empty=True)


Target: TypeAlias = User | Device | Own
"""With whom or what a bearer wants to do something."""


def _require(name: str, value: object, *, may_be_empty: bool = False) -> None:
    """An id that is missing must not be taken for the token's own: it is an error of who asks."""
    if isinstance(value, str) and (value or may_be_empty):
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return
    raise ValueError(f"{name} must be a text{'' if may_be_empty else ' that is not empty'}")
