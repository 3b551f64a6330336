"""Symbolon for services: check a token in ten lines.

`Verifier` and `AsyncVerifier` tell whether tokens are live, from memory. `Client` and `AsyncClient` have
every call of the contract. `symbolon.interceptors`, `symbolon.asgi` and `symbolon.fastapi` guard services.
"""

from __future__ import annotations

from ._caller import Caller, CallerKind, current_caller
from ._client import AsyncClient, Client
from ._errors import SymbolonError
from ._verifier import AsyncVerifier, Verifier
from ._watch import WatchEndListener

__all__ = [
    "AsyncClient",
    "AsyncVerifier",
    "Caller",
    "CallerKind",
    "Client",
    "SymbolonError",
    "Verifier",
    "WatchEndListener",
    "current_caller",
]

__version__ = "0.1.0"
