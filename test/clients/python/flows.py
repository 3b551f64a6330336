"""Runs the flows of authlib.

It reads where and as whom from its first line of stdin, prints a JSON object for each step, and is answered a line.
"""

import json
import os
import sys
from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

# The server is on this machine, and speaks plain HTTP.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"

AT: dict[str, Any] = json.loads(sys.stdin.readline())
TOKEN, AUTHORIZE, INTROSPECT, REVOKE, BEGIN = (
    f"{AT['issuer']}/oauth2/{name}" for name in ("token", "authorize", "introspect", "revoke", "device_authorization")
)


def say(**what: Any) -> str:
    """Answers what it is answered."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def came(flow: str, client: str, **what: Any) -> None:
    """Tells what came of a flow."""
    say(flow=flow, **{"as": client}, **what)


def session(name: str, **options: Any) -> OAuth2Session:
    """As a client of this name."""
    client = AT[name]
    return OAuth2Session(
        client["client_id"],
        client["client_secret"] or None,
        scope="read",
        redirect_uri=client["redirect_uri"] or None,
        code_challenge_method="S256",
        **options,
    )


def code(name: str, **options: Any) -> None:
    """By the page of authorization, and all that follows."""
    with session(name, **options) as client:
        verifier = generate_token(48)
        url, state = client.create_authorization_url(AUTHORIZE, code_verifier=verifier)
        back = say(open=url)
        token = client.fetch_token(TOKEN, authorization_response=back, state=state, code_verifier=verifier)
        came("code", name, token=token["access_token"])
        renewed = client.refresh_token(TOKEN, token["refresh_token"])
        came("refresh", name, token=renewed["access_token"])
        client.revoke_token(REVOKE, renewed["refresh_token"]).raise_for_status()
        came("revocation", name, ended=renewed["access_token"])
        try:
            client.fetch_token(TOKEN, grant_type="authorization_code", code="made-up", code_verifier=verifier)
        except OAuthError as error:
            came("a code that is made up", name, error=error.error)


def client_credentials() -> None:
    """For the client itself, whose token another client introspects."""
    with session("web") as client:
        token = client.fetch_token(TOKEN, grant_type="client_credentials")["access_token"]
        came("client credentials", "web", token=token)
    with session("gate") as gate:
        response = gate.introspect_token(INTROSPECT, token=token)
        came("introspection", "gate", told=response.json(), of=token)


def password() -> None:
    """By a user's password, as a first-party client."""
    user = AT["user"]
    with session("trusted") as client:
        token = client.fetch_token(TOKEN, username=user["username"], password=user["password"])
        came("password", "trusted", token=token["access_token"])


def device() -> None:
    """Without a browser. Authlib has no begin of its own for it: its session sends the form."""
    with session("tv") as client:
        form = {"client_id": AT["tv"]["client_id"], "scope": "read"}
        begun = client.request("POST", BEGIN, data=form, withhold_token=True).json()
        say(type=begun["user_code"], at=begun["verification_uri"])
        token = client.fetch_token(TOKEN, grant_type=DEVICE_CODE, device_code=begun["device_code"])
        came("device", "tv", token=token["access_token"])


code("web")
code("web", **dict.fromkeys(("token_endpoint_auth_method", "revocation_endpoint_auth_method"), "client_secret_post"))
code("native")
client_credentials()
password()
device()
