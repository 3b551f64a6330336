"""Starts a server with a service, and the device twice: it is made by the first start, and goes on by the second."""

import os
import subprocess
import sys

from google.protobuf.field_mask_pb2 import FieldMask

import symbolon
from demo_server import room
from symbolon.v1 import client_service_pb2 as clients

with room() as made:
    demo = made.serve()
    service, admin = demo["service"], demo["admin"]
    with symbolon.Client(demo["grpc"], admin["client_id"], admin["client_secret"]) as client:
        # The app of all devices, which is public: it may ask for the scope that the shop wants.
        scopes = clients.UpdateClientRequest(
            client_id=demo["tenant_id"], scopes=["read"], update_mask=FieldMask(paths=["scopes"])
        )
        client.clients.UpdateClient(scopes)
    of_service = {"CLIENT_ID": service["client_id"], "CLIENT_SECRET": service["client_secret"]}
    shop = made.start([sys.executable, "shop.py"], "ready", {**of_service, "SYMBOLON_ADDRESS": demo["grpc"]})
    settings = {
        "SYMBOLON_ADDRESS": demo["grpc"],
        "CLIENT_ID": demo["tenant_id"],
        "DEVICE_FILE": str(made.path / "login.json"),
        "DEVICE_PASSWORD": os.urandom(16).hex(),
        "SHOP": shop,
    }
    for _ in range(2):
        print("device.py", flush=True)
        subprocess.run([sys.executable, "device.py"], env={**os.environ, **settings}, check=True)
