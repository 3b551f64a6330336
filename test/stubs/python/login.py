"""Logs in by the generated client: `login.py ADDRESS TENANT PASSWORD LOGIN_NAME...` prints a JSON line about each login name."""

import base64
import json
import sys

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from symbolon.v1 import token_service_pb2, token_service_pb2_grpc


def log_in(service, metadata, username, password):
    credential = token_service_pb2.UserPassword(username=username, password=password)
    try:
        answer = service.Issue(token_service_pb2.IssueRequest(user_password=credential), metadata=metadata, timeout=30)
    except grpc.RpcError as error:
        info = error_details_pb2.ErrorInfo()
        rpc_status.from_call(error).details[0].Unpack(info)
        return {"error": error.code().name, "reason": info.reason, "domain": info.domain}
    if answer.WhichOneof("result") == "mfa_challenge":
        return {"result": "mfa_challenge", "mfa_token": len(answer.mfa_challenge.mfa_token)}
    return {"result": "tokens", "kind": token_service_pb2.TokenKind.Name(answer.tokens.kind)}


def main(address, tenant, password, *usernames):
    caller = base64.b64encode(f"{tenant}:".encode()).decode()
    metadata = [("authorization", f"Basic {caller}")]
    with grpc.insecure_channel(address) as channel:
        service = token_service_pb2_grpc.TokenServiceStub(channel)
        for username in usernames:
            print(json.dumps(log_in(service, metadata, username, password)))


main(*sys.argv[1:])
