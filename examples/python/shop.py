"""A service over HTTP: who has a live token may call it, with the scope that a route needs."""

import socket
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Security

import symbolon
from services import options
from symbolon.fastapi import Guard

guard = Guard(symbolon.AsyncVerifier(*options()), realm="shop")
app = FastAPI()


@app.get("/orders")
async def orders(caller: Annotated[symbolon.Caller, Security(guard, scopes=["read"])]) -> dict[str, object]:
    """Answer all orders."""
    return {"orders": ["bread", "cheese"], "client_id": caller.client_id}


@app.delete("/orders", dependencies=[Security(guard, scopes=["write"])])
async def cancel() -> None:
    """Cancel all orders."""


listener = socket.create_server(("127.0.0.1", 0))
print(f"ready 127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listener])
