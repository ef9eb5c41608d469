"""Which addresses the tool trusts: its own origin, an LMS's origin, and what it may fetch for a stranger.

Source: RFC 6454 (origin); OWASP's advice on server-side request forgery (resolve, refuse private networks, check
redirects).
"""

import ipaddress
from functools import lru_cache
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@lru_cache(maxsize=1024)  # the same few addresses come with every launch
def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address in one canonical form, or None when it is not one."""
    parts = _split(url)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    if ":" not in parts.hostname and _encoded(parts.hostname) is None:
        return None
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None for what browsers and libraries read differently."""
    if not url.isprintable() or any(character in ' \\"<>' for character in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - the property raises ValueError for a port that is no number
    except ValueError:
        return None
    return parts


def canonical_origin(url: str) -> str | None:
    """The origin of a web address as browsers write it (`event.origin`), or None when it is not one."""
    origin = origin_of(url)
    if origin is None:
        return None
    scheme, host, port = origin
    name = f"[{host}]" if ":" in host else _written_out(host)
    if name is None:
        return None
    return f"{scheme}://{name}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{name}:{port}"


def _written_out(host: str) -> str | None:
    """The host in the letters that a header and a name server know; None for one that has no such name."""
    name = host if host.isascii() else _encoded(host)
    return None if name is None or set(name) & set(";,'") else name  # they would end the list of hosts in a policy


def _encoded(host: str) -> str | None:
    """The host as name servers know it; None where a part of it is empty, too long, or no name (RFC 3490)."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def is_same_origin(url: str, other: str) -> bool:
    """Whether both are web addresses of the same scheme, host and port."""
    origin = origin_of(url)
    return origin is not None and origin == origin_of(other)


def is_web_address(url: str) -> bool:
    """Whether this is an absolute http or https address that everybody reads the same way."""
    return origin_of(url) is not None


def is_secure(url: str) -> bool:
    """Whether the address is https."""
    origin = origin_of(url)
    return origin is not None and origin[0] == "https"


def host_of(url: str) -> str:
    """The host of a web address, empty when it is not one."""
    origin = origin_of(url)
    return origin[1] if origin else ""


def is_local_name(host: str) -> bool:
    """Whether the name is this machine's own."""
    return host in _LOCAL_NAMES


def is_public_ip(text: str) -> bool:
    """Whether an IP address belongs to the public internet (not private, link-local, loopback or reserved)."""
    try:
        address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global) and not address.is_multicast


def is_private_ip(host: str) -> bool:
    """Whether the host is written as an IP address that is not of the public internet."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public_ip(host)


def with_query(url: str, parameters: dict[str, str]) -> str:
    """The address with these parameters added behind those it already has, everything else untouched."""
    if not parameters:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query))


def with_path_suffix(url: str, suffix: str) -> str:
    """The address with `suffix` at the end of its path, before the query (Moodle's line items carry `?type_id=`)."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + suffix))
