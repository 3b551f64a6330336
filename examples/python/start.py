"""Starts the services and their caller. A service of your own needs nothing of this."""

import os
import subprocess
import sys

import symbolon
from demo_server import Room, room
from symbolon.v1 import client_service_pb2


def run_example(room: Room) -> int:
    """Answer the exit code of the caller."""
    demo = room.serve()
    service, admin = demo["service"], demo["admin"]
    of_service = {
        "SYMBOLON_ADDRESS": demo["grpc"],
        "CLIENT_ID": service["client_id"],
        "CLIENT_SECRET": service["client_secret"],
    }
    orders, shop = (room.start([sys.executable, name], "ready", of_service) for name in ("orders.py", "shop.py"))
    with symbolon.Client(demo["grpc"], admin["client_id"], admin["client_secret"]) as client:
        reader = client.clients.CreateClient(
            client_service_pb2.CreateClientRequest(client_id="demo.reader", confidential=True, scopes=["read"])
        )
    of_caller = {**of_service, "CLIENT_ID": "demo.reader", "CLIENT_SECRET": reader.client_secret}
    caller = [sys.executable, "caller.py"]
    return subprocess.run(
        caller, env={**os.environ, **of_caller, "ORDERS": orders, "SHOP": shop}, check=False
    ).returncode


with room() as made:
    code = run_example(made)
sys.exit(code)
