"""Cached checks a second on one core: `python bench/cached.py ADDRESS CLIENT_ID CLIENT_SECRET TOKEN`. Prints JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import symbolon

SECONDS = 2.0
ROUND = 10_000


def wait_until_open(verifier: Any, check: Any) -> None:
    end = time.monotonic() + 30
    while not (check() and verifier.is_open and verifier.size):
        if time.monotonic() > end:
            raise SystemExit("the verifier does not open")
        time.sleep(0.01)


def threaded(options: list[str], token: str) -> float:
    with symbolon.Verifier(*options) as verifier:
        wait_until_open(verifier, lambda: verifier.check(token))
        check = verifier.check
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < SECONDS:
            for _ in range(ROUND):
                check(token)
            count += ROUND
        return count / (time.perf_counter() - begun)


async def awaited(options: list[str], token: str) -> float:
    async with symbolon.AsyncVerifier(*options) as verifier:
        end = time.monotonic() + 30
        while not (await verifier.check(token) and verifier.is_open and verifier.size):
            if time.monotonic() > end:
                raise SystemExit("the verifier does not open")
            await asyncio.sleep(0.01)
        check = verifier.check
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < SECONDS:
            for _ in range(ROUND):
                await check(token)
            count += ROUND
        return count / (time.perf_counter() - begun)


def introspected(options: list[str], token: str, is_bare: bool) -> float:
    """Microseconds of one Introspect, by the SDK's client or by the stub alone."""
    import base64

    import grpc

    from symbolon.v1 import token_service_pb2 as pb
    from symbolon.v1.token_service_pb2_grpc import TokenServiceStub

    address, client_id, secret = options
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    more: dict[str, Any] = {"metadata": (("authorization", f"Basic {pair}"),), "timeout": 10} if is_bare else {}
    with grpc.insecure_channel(address) as channel, symbolon.Client(*options) as client:
        stub: Any = TokenServiceStub(channel) if is_bare else client.tokens
        request = pb.IntrospectRequest(token=token)
        times = []
        for _ in range(2_000):
            begun = time.perf_counter()
            stub.Introspect(request, **more)
            times.append(time.perf_counter() - begun)
        return sorted(times)[len(times) // 2] * 1e6


def main() -> None:
    *options, token = sys.argv[1:]
    print(
        json.dumps(
            {
                "checks_per_second": round(threaded(options, token)),
                "async_checks_per_second": round(asyncio.run(awaited(options, token))),
                "introspect_us": round(introspected(options, token, is_bare=False), 1),
                "bare_introspect_us": round(introspected(options, token, is_bare=True), 1),
            }
        )
    )


main()
