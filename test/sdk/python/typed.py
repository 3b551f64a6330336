"""A service of many kinds, as its author checks it with `mypy --strict`. Nobody runs it."""

import asyncio
import logging
import webbrowser
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import grpc
import grpc.aio
import httpx
from fastapi import Depends, FastAPI, Security
from fastapi.requests import HTTPConnection

import symbolon
from symbolon.asgi import BearerMiddleware, PermissionMiddleware
from symbolon.attach import LoginInterceptor, LoginPlugin, aio_interceptors
from symbolon.fastapi import Guard, require_permission
from symbolon.httpx import LoginAuth
from symbolon.interceptors import AioServerInterceptor, ServerInterceptor, aio_require_permission
from symbolon.interceptors import require_permission as grpc_require_permission
from symbolon.v1 import token_service_pb2 as pb


def told(error: symbolon.SymbolonError, seconds: float) -> None:
    logging.getLogger().warning("%s %s %s %s %s", error.code, error.reason, error.retryable, error.retry_after, seconds)


def subject(verifier: symbolon.Verifier, token: str) -> str | None:
    caller = verifier.check(token)
    return caller.subject_id if caller else None


async def both(verifier: symbolon.AsyncVerifier, token: str) -> symbolon.CallerKind | None:
    caller = await verifier.check(token)
    return None if caller is None else caller.kind


def calls(client: symbolon.Client) -> bool:
    response: pb.IntrospectResponse = client.tokens.Introspect(pb.IntrospectRequest(token="a"), timeout=2)
    return response.active


async def aio_calls(client: symbolon.AsyncClient) -> str:
    response = await client.tokens.Issue(pb.IssueRequest())
    return response.tokens.access_token


def watch(client: symbolon.Client, requests: Iterator[pb.WatchRevocationsRequest]) -> list[int]:
    return [response.revision for response in client.tokens.WatchRevocations(requests)]


with symbolon.Verifier("localhost:1", "a", "b", on_watch_end=told, timeout=1) as verifier:
    server = grpc.server(ThreadPoolExecutor(1), interceptors=[ServerInterceptor(verifier, scopes={"/a/b": ["c"]})])
    known: tuple[str | None, bool, int] = (subject(verifier, "token"), verifier.is_open, verifier.size)

aio_verifier = symbolon.AsyncVerifier("localhost:1", "a", "b")
aio_server = grpc.aio.server(interceptors=[AioServerInterceptor(aio_verifier)])
guard = Guard(aio_verifier)
app = FastAPI()
app.add_middleware(BearerMiddleware, verifier=aio_verifier, public=["/healthz"])


def device_of(request: HTTPConnection) -> symbolon.Device:
    return symbolon.Device(request.path_params["device_id"])


async def owner_of(scope: MutableMapping[str, Any]) -> symbolon.User:
    return symbolon.User(str(scope["owner"]))


app.add_middleware(PermissionMiddleware, verifier=aio_verifier, permission="READ_PROFILE", target=owner_of)
reads = require_permission(aio_verifier, "READ_DEVICE", device_of, audience="https://api.example")


@app.get("/devices/{device_id}")
async def device(caller: Annotated[symbolon.Caller, Depends(reads)]) -> str:
    return caller.audience


def may(verifier: symbolon.Verifier, token: str) -> symbolon.AccessReason:
    access: symbolon.Access = verifier.check_permission(token, "SEND_ACTION", symbolon.Own())
    return access.reason


def handle(request: bytes, context: grpc.ServicerContext) -> bytes:
    return grpc_require_permission(context, verifier, "READ_DEVICE", symbolon.Device("th.1")).subject_id.encode()


async def aio_handle(request: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
    return (await aio_require_permission(context, aio_verifier, "READ_PROFILE")).subject_id.encode()


@app.get("/")
async def hello(caller: Annotated[symbolon.Caller, Depends(guard)]) -> tuple[str, ...]:
    return caller.scopes


@app.get("/orders")
async def orders(caller: Annotated[symbolon.Caller, Security(guard, scopes=["read"])]) -> str:
    return symbolon.current_caller().token_id


class Keychain(symbolon.Store):
    def load(self) -> str | None:
        return None

    def save(self, record: str) -> None:
        """Keep it."""

    def clear(self) -> None:
        """Forget it."""


def happened(event: symbolon.LoginEvent) -> None:
    reason: symbolon.SignOutReason | None = event.reason
    logging.getLogger().info("%s %s %s", event.event, reason, event.error)


def stays_signed_in(login: symbolon.Login, path: str) -> str | None:
    factor: symbolon.SecondFactor | None = login.sign_in_user("ann", "a-password", scopes=["read"])
    if factor is not None:
        factor.complete("123456")
    login.on_event(happened)
    channel = grpc.intercept_channel(grpc.insecure_channel("localhost:1"), LoginInterceptor(login))
    credentials = grpc.metadata_call_credentials(LoginPlugin(login))
    with httpx.Client(auth=LoginAuth(login)) as http:
        http.get(path)
    known: tuple[object, object, bool, str] = (channel, credentials, login.signed_in, login.account.get().display_name)
    return None if login.current_user is None else f"{login.current_user.subject_id} {known}"


def show(prompt: symbolon.DevicePrompt) -> None:
    logging.getLogger().info("%s %s", prompt.verification_uri, prompt.user_code)


def by_a_browser(login: symbolon.Login, callback_url: str) -> None:
    login.sign_in_with_code(webbrowser.open, issuer="https://login.example/t/a", scopes=["read"])
    begun: symbolon.BegunCode = login.begin_code(issuer="https://login.example", redirect_uri="https://a/b")
    login.complete_code(begun, callback_url)
    login.sign_in_with_device_code(show)


async def aio_app(client: symbolon.AsyncClient) -> bool:
    async with client.login(store=symbolon.FileStore("login.json")) as login:
        await login.resume_stored()
        async with grpc.aio.insecure_channel("localhost:1", interceptors=aio_interceptors(login)):
            return await login.refused(await login.token()) or await login.sign_out()


with symbolon.Client("localhost:1", "app") as client, client.login(store=Keychain()) as login:
    shown = stays_signed_in(login, "/")

asyncio.run(both(aio_verifier, "token"))
