"""A microservice over gRPC: who has a live token may call it, with the scope that a method needs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

import symbolon
from services import options, orders_stubs
from symbolon.interceptors import ServerInterceptor

messages, stubs = orders_stubs()


class Orders(stubs.OrdersServicer):  # type: ignore[misc, name-defined]
    """Knows who asks."""

    def List(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Answer all orders."""
        return messages.ListResponse(orders=["bread", "cheese"], client_id=symbolon.current_caller().client_id)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Cancel an order."""
        return messages.CancelResponse()


verifier = symbolon.Verifier(*options())
scopes = {"/orders.v1.Orders/List": ["read"], "/orders.v1.Orders/Cancel": ["write"]}
guard = ServerInterceptor(verifier, scopes=scopes, realm="orders")
server = grpc.server(ThreadPoolExecutor(8), interceptors=[guard])
stubs.add_OrdersServicer_to_server(Orders(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"ready 127.0.0.1:{port}", flush=True)
server.wait_for_termination()
