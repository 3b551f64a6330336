"""What a service gives a verifier or a client. What is wrong is told when it is made, and not by each call."""

from __future__ import annotations

import base64
import re
import ssl
from urllib.parse import quote

from ._errors import wrong

MAX_TIMEOUT = 60.0

# With a port, for gRPC takes 443 where there is none. A path of a socket has none.
_ADDRESS = re.compile(
    r"(?:dns:(?://[^/\s]*/)?)?(?:[^\s:/?#@,\[\]]+|\[[\w:.%-]+\]):(?P<port>\d{1,5})"
    r"|(?:ipv4|ipv6|vsock|xds):\S+|unix(?:-abstract)?:\S+",
    re.ASCII,
)
# Others that begin with 127 are names, which DNS may lead anywhere.
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_WITHOUT_PORT = re.compile(r"(?:[^\s:/?#@,\[\]]+|\[[\w:.%-]+\]):?")
_LOOPBACK = re.compile(
    rf"(?:(?:dns|ipv4):(?:///)?)?(?:localhost|127(?:\.{_OCTET}){{3}})(?::\d+)?"
    r"|(?:ipv6:)?\[::1\](?::\d+)?|unix(?:-abstract)?:.*",
    re.ASCII,
)


class Options:
    """How to reach a server, and as whom. It shows neither secret nor certificates."""

    def __init__(
        self,
        address: str,
        client_id: str,
        client_secret: str | None,
        root_certificates: str | bytes | None,
        plaintext: bool | None,
        timeout: float,
    ) -> None:
        _require_text("address", address)
        if not _is_address(address):
            raise wrong(f"address must be host:port of the server, such as 127.0.0.1:50051{_mend_of(address)}")
        _require_text("client_id", client_id)
        if plaintext not in (None, True, False) or isinstance(plaintext, int) is not isinstance(plaintext, bool):
            raise wrong("plaintext must be True or False, and not a text")
        if root_certificates is not None and plaintext:
            raise wrong("plaintext must not be True beside root_certificates: with it nobody looks at a certificate")
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout <= MAX_TIMEOUT:
            raise wrong(f"timeout must be seconds, more than 0 and at most {MAX_TIMEOUT:g}")
        self.address = address
        self.client_id = client_id
        self.root_certificates = _pem(root_certificates)
        self.is_loopback = _LOOPBACK.fullmatch(address) is not None
        # By name, and not because it is loopback.
        self.asks_for_plaintext = plaintext is True
        self.is_plaintext = plaintext if plaintext is not None else root_certificates is None and self.is_loopback
        self.timeout = float(timeout)
        self.client_secret = ""
        self.metadata: tuple[tuple[str, str], ...] = ()
        # How many secrets there were: what is sent with one says nothing of the next.
        self.secrets = 0
        self.use_client_secret(client_secret)

    def use_client_secret(self, client_secret: str | None) -> None:
        """For calls from now on. None is of a public client, which only names itself."""
        if client_secret is None:
            client_secret = ""
        else:
            _require_text("client_secret", client_secret)
            if client_secret[-1] in "\r\n":
                raise wrong("client_secret must not end with a line break: trim it where it is read")
        self.client_secret = client_secret
        # Form-encoded as RFC 6749 section 2.3.1 has it: a secret may have a colon in it.
        pair = f"{quote(self.client_id, safe='')}:{quote(client_secret, safe='')}"
        self.metadata = (("authorization", "Basic " + base64.b64encode(pair.encode()).decode()),)
        self.secrets += 1

    def __repr__(self) -> str:
        return f"{self.address!r}, client_id={self.client_id!r}"


def _is_address(address: str) -> bool:
    found = _ADDRESS.fullmatch(address)
    return found is not None and (found["port"] is None or 0 < int(found["port"]) < 65_536)


def require_count(name: str, value: int) -> None:
    """A whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise wrong(f"{name} must be a whole number of 1 or more")


def _mend_of(address: str) -> str:
    if "://" in address:
        return ", and not a URL"
    return ": its port is missing" if _WITHOUT_PORT.fullmatch(address) else ", with an IPv6 address in brackets"


def _require_text(name: str, text: str) -> None:
    if not isinstance(text, str) or not text or not _is_utf8(text):
        raise wrong(f"{name} must be a text that is not empty")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _pem(certificates: str | bytes | None) -> bytes | None:
    if certificates is None:
        return None
    try:
        text = certificates.decode("ascii") if isinstance(certificates, bytes) else certificates
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ValueError, TypeError, ssl.SSLError):
        raise wrong("root_certificates must be certificates in PEM, and not the name of a file") from None
    return text.encode()
