"""Connections that stand only where the tool's reach goes: public machines, and what the installation names.

The check stands at the connection itself, after the name has been resolved, so that a name that resolves differently
the second time gains nothing. Where an outgoing proxy is set for the program, the proxy decides instead.
Source: OWASP, server-side request forgery prevention; urllib3 2 `HTTPConnection._new_conn`.
"""

import socket
from functools import cache

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Retry

from lti_tool.lti.errors import LtiError
from lti_tool.lti.reach import Reach


class AddressRefused(LtiError):
    """The address leads to a machine that is out of reach."""


class GuardedAdapter(HTTPAdapter):
    """Lets `requests` connect to what is within reach only."""

    def __init__(self, reach: Reach, *, retries: Retry) -> None:
        """Nothing is connected before the first request."""
        self._reach = reach
        super().__init__(pool_maxsize=16, max_retries=retries)

    def init_poolmanager(self, *args: object, **more: object) -> None:
        """urllib3's pools, with the checked connections."""
        super().init_poolmanager(*args, **more)  # type: ignore[arg-type] # passed through unchanged
        plain, encrypted = _pools(self._reach)
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": encrypted}


def _checked(connection: socket.socket, host: str, reach: Reach) -> socket.socket:
    """The connection, if its other end is within reach; nothing has been sent yet."""
    if reach.allows(host, connection.getpeername()[0]):
        return connection
    connection.close()
    raise AddressRefused(host)


@cache
def _pools(reach: Reach) -> tuple[type[HTTPConnectionPool], type[HTTPSConnectionPool]]:
    """Pools of plain and of encrypted connections that are checked; classes, since that is what urllib3 takes."""

    class Plain(HTTPConnection):
        """A plain connection, checked."""

        def _new_conn(self) -> socket.socket:
            """The connection, checked before anything is sent over it."""
            return _checked(super()._new_conn(), self.host, reach)

    class Encrypted(Plain, HTTPSConnection):
        """An encrypted connection, checked."""

    class PlainPool(HTTPConnectionPool):
        """Plain connections."""

        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        """Encrypted connections."""

        ConnectionCls = Encrypted

    return PlainPool, EncryptedPool
