"""Symbolon for services and apps: check a token, or stay signed in, in ten lines.

`Verifier` and `AsyncVerifier` tell whether tokens are live, from memory. `Client` and `AsyncClient` have
every call of the contract. `Login` and `AsyncLogin` keep an app signed in; `symbolon.attach` and `symbolon.httpx` send
their tokens. `symbolon.interceptors`, `symbolon.asgi` and `symbolon.fastapi` guard services.
"""

from __future__ import annotations

from ._access import Access, AccessReason, Device, Own, Permission, Target, User
from ._caller import Caller, CallerKind, current_caller
from ._client import AsyncClient, Client
from ._errors import SymbolonError
from ._login.account import Account
from ._login.async_account import AsyncAccount
from ._login.async_login import AsyncLogin, AsyncSecondFactor
from ._login.code import BegunCode
from ._login.events import LoginEvent, LoginListener, SignOutReason
from ._login.file_store import FileStore
from ._login.grants import DevicePrompt
from ._login.login import Login, SecondFactor
from ._login.own_calls import Enrollment
from ._login.record import CurrentUser
from ._login.store import MemoryStore, Store
from ._verifier import AsyncVerifier, Verifier
from ._watch import WatchEndListener

__all__ = [
    "Access",
    "AccessReason",
    "Account",
    "AsyncAccount",
    "AsyncClient",
    "AsyncLogin",
    "AsyncSecondFactor",
    "AsyncVerifier",
    "BegunCode",
    "Caller",
    "CallerKind",
    "Client",
    "CurrentUser",
    "Device",
    "DevicePrompt",
    "Enrollment",
    "FileStore",
    "Login",
    "LoginEvent",
    "LoginListener",
    "MemoryStore",
    "Own",
    "Permission",
    "SecondFactor",
    "SignOutReason",
    "Store",
    "SymbolonError",
    "Target",
    "User",
    "Verifier",
    "WatchEndListener",
    "current_caller",
]

__version__ = "0.2.0"
