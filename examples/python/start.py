"""Starts all that the example is made of, and ends it. A service of your own needs nothing of this."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import symbolon
from symbolon.v1 import client_service_pb2

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules/.bin/node"
running: list[subprocess.Popen[str]] = []


def start(command: list[str], ready: str, env: dict[str, str]) -> str:
    """Run a program until a line of it says that it is ready; answers the rest of the line."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
    running.append(child)
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith(ready):
            return line.removeprefix(ready).strip()
    raise SystemExit(f"{command[-1]} ended before it was ready")


def run_example(directory: str) -> int:
    """Answer the exit code of the caller."""
    data = Path(directory) / "data"
    serve = [
        str(NODE),
        str(ROOT / "bin/symbolon.js"),
        "serve",
        "--demo",
        "--data-dir",
        str(data),
        "--log-level",
        "warn",
    ]
    free = ["--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--metrics-address", "off"]
    start(serve + free, "symbolon ready", {})
    demo = json.loads((data / "demo.json").read_text())
    service, admin = demo["service"], demo["admin"]
    of_service = {
        "SYMBOLON_ADDRESS": demo["grpc"],
        "CLIENT_ID": service["client_id"],
        "CLIENT_SECRET": service["client_secret"],
    }
    orders, shop = (start([sys.executable, name], "ready", of_service) for name in ("orders.py", "shop.py"))
    with symbolon.Client(demo["grpc"], admin["client_id"], admin["client_secret"]) as client:
        reader = client.clients.CreateClient(
            client_service_pb2.CreateClientRequest(client_id="demo.reader", confidential=True, scopes=["read"])
        )
    of_caller = {**of_service, "CLIENT_ID": "demo.reader", "CLIENT_SECRET": reader.client_secret}
    caller = [sys.executable, "caller.py"]
    return subprocess.run(
        caller, env={**os.environ, **of_caller, "ORDERS": orders, "SHOP": shop}, check=False
    ).returncode


with tempfile.TemporaryDirectory(prefix="symbolon-example-", ignore_cleanup_errors=True) as room:
    try:
        code = run_example(room)
    finally:
        for each in running:
            each.terminate()
            each.wait()
sys.exit(code)
