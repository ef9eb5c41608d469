"""A session for addresses that a stranger named: it connects to the public internet only.

The check stands at the connection itself, after the name has been resolved, so that a name that resolves differently
the second time gains nothing.
Source: OWASP, server-side request forgery prevention; urllib3 2 `HTTPConnection._new_conn`.
"""

import socket
from typing import ClassVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from lti_tool.lti.addresses import is_local_name, is_public_ip
from lti_tool.lti.errors import LtiError
from lti_tool.lti.transport import USER_AGENT


class AddressRefused(LtiError):
    """The address leads to a machine that is not on the public internet."""


def guarded_session(*, may_be_local: bool) -> requests.Session:
    """A session that refuses private, link-local and metadata addresses; this machine only where `may_be_local`."""
    session = requests.Session()
    # A proxy from the environment would resolve names out of our sight.
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    adapter = _LocalAdapter() if may_be_local else _PublicAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _checked(connection: socket.socket, host: str, *, may_be_local: bool) -> socket.socket:
    """The connection, if its other end is allowed; nothing has been sent yet."""
    peer = connection.getpeername()[0]
    if is_public_ip(peer) or (may_be_local and is_local_name(host)):
        return connection
    connection.close()
    raise AddressRefused(host)


class _PublicHTTP(HTTPConnection):
    """A plain connection, checked."""

    may_be_local: ClassVar[bool] = False

    def _new_conn(self) -> socket.socket:
        """The connection, checked before anything is sent over it."""
        return _checked(super()._new_conn(), self.host, may_be_local=self.may_be_local)


class _PublicHTTPS(_PublicHTTP, HTTPSConnection):
    """An encrypted connection, checked."""


class _LocalHTTP(_PublicHTTP):
    """A plain connection, checked, or one to this machine."""

    may_be_local = True


class _LocalHTTPS(_PublicHTTPS):
    """An encrypted connection, checked, or one to this machine."""

    may_be_local = True


class _PublicHTTPPool(HTTPConnectionPool):
    """Plain connections to the public internet."""

    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    """Encrypted connections to the public internet."""

    ConnectionCls = _PublicHTTPS


class _LocalHTTPPool(HTTPConnectionPool):
    """Plain connections, to this machine too."""

    ConnectionCls = _LocalHTTP


class _LocalHTTPSPool(HTTPSConnectionPool):
    """Encrypted connections, to this machine too."""

    ConnectionCls = _LocalHTTPS


class _PublicAdapter(HTTPAdapter):
    """Connects to the public internet."""

    http: ClassVar[type[HTTPConnectionPool]] = _PublicHTTPPool
    https: ClassVar[type[HTTPSConnectionPool]] = _PublicHTTPSPool

    def init_poolmanager(self, *args: object, **more: object) -> None:
        """urllib3's pools, with the checked connections."""
        super().init_poolmanager(*args, **more)  # type: ignore[arg-type] # passed through unchanged
        self.poolmanager.pool_classes_by_scheme = {"http": self.http, "https": self.https}


class _LocalAdapter(_PublicAdapter):
    """Connects to the public internet and to this machine."""

    http = _LocalHTTPPool
    https = _LocalHTTPSPool
