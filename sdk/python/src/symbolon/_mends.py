"""What somebody has to do about an error, in the words of all languages."""

from __future__ import annotations

import re

import grpc

_OF_CODES = {
    grpc.StatusCode.UNAUTHENTICATED: "Give a client_id and a client_secret that are good",
    grpc.StatusCode.PERMISSION_DENIED: "Give the client the role that the call needs (INTROSPECT to check tokens)",
    grpc.StatusCode.UNIMPLEMENTED: "Bring the server to the version of this package",
}

# By what grpc says, which has no other words for it. Each of its versions has its own.
_OF_CONNECTIONS = (
    (r"WRONG_VERSION_NUMBER", "The server speaks without TLS: on a safe network give plaintext"),
    (
        r"CERTIFICATE_VERIFY_FAILED(?!.*expired)(?!.*not yet valid)",
        "root_certificates lacks the authority of the server's certificate",
    ),
    (
        r"Hostname Verification|not in peer certificate",
        "The server's certificate is not one of the host that address names",
    ),
    (r"hostname lookup error|DNS resolution failed|Domain name not found", "No such host as address names is known"),
    (r"Connection refused", "Nobody listens at address"),
    (
        r"(?i)Socket closed|Connection reset|Broken pipe|\bEOF\b",
        "The other side hung up. Where that comes each time, see that address is the port of gRPC, and that both sides "
        "speak TLS or neither. A server also closes hundreds of connections of one address: make one verifier and keep "
        "it",
    ),
    (
        r"(?i)settings frame|parsing HTTP/2|http1|NO_APPLICATION_PROTOCOL|missing selected ALPN",
        "See that address is the port of gRPC, and that both sides speak TLS or neither",
    ),
)


def mend_of(code: grpc.StatusCode, reason: str, told: str) -> str:
    """Answer the sentence. Empty: only the error itself is known."""
    if code in _OF_CODES:
        return _OF_CODES[code]
    # With a reason it is of a server, so that the connection is good.
    if code is not grpc.StatusCode.UNAVAILABLE or reason:
        return ""
    return next((mend for pattern, mend in _OF_CONNECTIONS if re.search(pattern, told)), "")
