"""Headers and tokens that every language reads alike: test/sdk/fixtures."""

from __future__ import annotations

import json
from typing import Any

import grpc
import pytest

from conftest import ROOT
from symbolon._bearer import Refusal, admit, check_realm, nothing_known, token_of
from symbolon._engine import _TOKEN
from symbolon._errors import SymbolonError

FIXTURES = ROOT / "test/sdk/fixtures"
HEADERS = json.loads((FIXTURES / "bearer.json").read_text())
TOKENS = json.loads((FIXTURES / "tokens.json").read_text())


@pytest.mark.parametrize("case", HEADERS, ids=lambda case: case["name"])
@pytest.mark.parametrize("as_bytes", [False, True])
def test_headers(case: dict[str, Any], as_bytes: bool) -> None:
    values = [value.encode("latin-1", "replace") if as_bytes else value for value in case["headers"]]
    token = token_of(values)
    if "token" in case:
        assert token == case["token"]
    else:
        assert isinstance(token, Refusal)
        assert (token.error or "missing") == case["refusal"]
        assert token.http_status == (401 if case["refusal"] == "missing" else 400)


@pytest.mark.parametrize("case", TOKENS, ids=lambda case: case["name"])
def test_texts_that_nobody_need_be_asked_about(case: dict[str, Any]) -> None:
    if case["sent"] != "either":
        assert (_TOKEN.fullmatch(case["token"]) is not None) == (case["sent"] == "always")


def test_challenges() -> None:
    missing = token_of([])
    not_live = admit(None, ())
    assert isinstance(missing, Refusal)
    assert isinstance(not_live, Refusal)
    assert missing.challenge(None) == "Bearer"
    assert missing.challenge("a shop") == 'Bearer realm="a shop"'
    assert not_live.challenge("a") == 'Bearer realm="a", error="invalid_token"'
    refusal = Refusal(grpc.StatusCode.PERMISSION_DENIED, 403, "", "insufficient_scope", ("a", "b"))
    assert refusal.challenge(None) == 'Bearer error="insufficient_scope", scope="a b"'


def test_nothing_known_is_no_challenge() -> None:
    refusal = nothing_known(SymbolonError(grpc.StatusCode.UNAVAILABLE, "", retry_after=1.2))
    assert refusal.headers(None) == {"Retry-After": "2", "Cache-Control": "no-store"}
    assert nothing_known(SymbolonError(grpc.StatusCode.UNAUTHENTICATED, "")).http_status == 503


@pytest.mark.parametrize("realm", ['a"b', "a\\b", "a\r\nb", "ü"])
def test_a_realm_that_leaves_its_quotes(realm: str) -> None:
    with pytest.raises(SymbolonError, match="realm"):
        check_realm(realm)


def test_no_refusal_is_stored() -> None:
    for refusal in [token_of([]), token_of(["a", "b"]), token_of(["Bearer"]), admit(None, ())]:
        assert isinstance(refusal, Refusal)
        assert refusal.headers(None)["Cache-Control"] == "no-store"
