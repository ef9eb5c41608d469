"""Which machines the tool connects to: the public internet, and private networks only where the installation says so.

Source: OWASP, server-side request forgery prevention.
"""

import ipaddress
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lti_tool.lti.addresses import host_of, is_local_name, is_private_ip, is_public_ip, is_secure, is_web_address
from lti_tool.lti.errors import PlatformRefused, ServiceFault

ANY_HOST = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may be reached beside the public internet: this machine, and these hosts inside private networks.

    Link-local addresses stay out of reach whatever is set: clouds keep their machines' credentials there.
    """

    may_be_local: bool = False
    private_hosts: AbstractSet[str] = frozenset()

    def allows(self, host: str, peer: str) -> bool:
        """Whether a connection to the host may stay open that has led to the machine with the address `peer`."""
        if is_public_ip(peer) or (self.may_be_local and is_local_name(host)):
            return True
        return self.names(host) and _is_inside(peer)

    def require(self, url: str) -> None:
        """Accepts https that names no private network's number, this machine, or what the installation allows.

        Raises: PlatformRefused.
        """
        if not is_web_address(url):
            raise PlatformRefused(ServiceFault.BAD_ADDRESS)
        host = host_of(url)
        if self.may_be_local and is_local_name(host):
            return
        if not is_secure(url):
            raise PlatformRefused(ServiceFault.INSECURE_ADDRESS)
        if is_private_ip(host) and not self.names(host):
            raise PlatformRefused(ServiceFault.PRIVATE_ADDRESS)

    def names(self, host: str) -> bool:
        """Whether the installation lets this host be inside a private network."""
        return ANY_HOST in self.private_hosts or host.lower().rstrip(".") in self.private_hosts


def _is_inside(peer: str) -> bool:
    """Whether the address is one that an institution gives to its own machines."""
    try:
        address = ipaddress.ip_address(peer.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return not (address.is_link_local or address.is_multicast or address.is_unspecified)
