"""A service that calls the others with a token of its own."""

import json
import os
import urllib.error
import urllib.request

import grpc

import symbolon
from services import options, orders_stubs
from symbolon.v1 import token_service_pb2 as pb

messages, stubs = orders_stubs()
address, client_id, client_secret = options()


def call(orders: object, method: str, authorization: str | None = None) -> str:
    """What a method answers, as a line of text."""
    metadata = [] if authorization is None else [("authorization", authorization)]
    request = messages.ListRequest() if method == "List" else messages.CancelRequest()
    try:
        answer = getattr(orders, method)(request, metadata=metadata, timeout=5)
    except grpc.RpcError as error:
        return f"{error.code().name}, {dict(error.trailing_metadata()).get('www-authenticate')}"
    return f"{' and '.join(answer.orders)}, for {answer.client_id}"


def fetch(method: str, authorization: str | None = None) -> str:
    """What the shop answers, as a line of text."""
    headers = {} if authorization is None else {"Authorization": authorization}
    request = urllib.request.Request(f"http://{os.environ['SHOP']}/orders", headers=headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as response:
            answer = json.load(response)
            return f"{response.status}, {' and '.join(answer['orders'])}, for {answer['client_id']}"
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code}, {error.headers['www-authenticate']}"


with (
    symbolon.Client(address, client_id, client_secret) as client,
    grpc.insecure_channel(os.environ["ORDERS"]) as channel,
):
    secret = pb.ClientSecret(client_id=client_id, client_secret=client_secret)
    token = client.tokens.Issue(pb.IssueRequest(client_secret=secret, scopes=["read"])).tokens.access_token
    bearer = f"Bearer {token}"
    orders = stubs.OrdersStub(channel)
    print(f"gRPC with the token: {call(orders, 'List', bearer)}")
    print(f"gRPC without a token: {call(orders, 'List')}")
    print(f"gRPC for a scope that the token lacks: {call(orders, 'Cancel', bearer)}")
    print(f"HTTP with the token: {fetch('GET', bearer)}")
    print(f"HTTP without a token: {fetch('GET')}")
    print(f"HTTP for a scope that the token lacks: {fetch('DELETE', bearer)}")

    # With `wait`, the answer comes when no service takes the token for live any more.
    client.tokens.Revoke(pb.RevokeRequest(token=token, wait=pb.REVOCATION_WAIT_VERIFIERS))
    print(f"revoked: gRPC {call(orders, 'List', bearer).split(',')[0]}, HTTP {fetch('GET', bearer).split(',')[0]}")
