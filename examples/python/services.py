"""What start.py tells a service by its environment."""

import os
from typing import Any

import grpc


def options() -> tuple[str, str, str]:
    """Of the service's own client, which may introspect."""
    return os.environ["SYMBOLON_ADDRESS"], os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]


def orders_stubs() -> tuple[Any, Any]:
    """Generated from orders.proto as the program starts. A service of your own generates them when it is built."""
    return grpc.protos_and_services("orders.proto")  # type: ignore[no-any-return]
