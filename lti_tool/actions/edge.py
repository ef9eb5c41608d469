"""What an action needs to speak with an LMS, put together once per process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lti_tool.actions.mail import MailServer
from lti_tool.actions.signing import KeyRing
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.keys import KeySets, SigningKeys
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.reach import Reach
from lti_tool.store.platforms import StoredDirectory, StoredLogins, StoredTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The keys, memories and clock behind every exchange with an LMS."""

    origin: str  # this tool's own, such as https://mentoring.example.edu
    key_ring: KeyRing
    key_sets: KeySets
    clock: Callable[[], datetime]
    may_be_local: bool
    private_hosts: frozenset[str] = frozenset()  # LMSs that may be in a private network; `*`: all of them
    encryption: tuple[str, ...] = field(default=(), repr=False)  # Fernet keys for secrets in rows, the newest first
    mail: MailServer | None = None  # None: no mail is sent
    channel_hosts: frozenset[str] = frozenset()  # chat channels that announcements may be posted to; none: nowhere
    directory: StoredDirectory = field(default_factory=StoredDirectory)
    logins: StoredLogins = field(default_factory=StoredLogins)
    tokens: StoredTokens = field(default_factory=StoredTokens)
    on_answer: Callable[[], None] = lambda: None  # told when an LMS's service has answered

    @property
    def reach(self) -> Reach:
        """What the tool may connect to."""
        return Reach(may_be_local=self.may_be_local, private_hosts=self.private_hosts)

    @property
    def signing_keys(self) -> SigningKeys:
        """The tool's own keys, as they are now."""
        return self.key_ring.keys(self.clock())

    def connector(self, registration_id: int) -> Connector:
        """A connection to the LMS's services.

        Raises: PlatformRefused when the LMS is paused or gone.
        """
        platform = self.directory.by_id(RegistrationId(registration_id))
        if platform is None or platform.is_paused:
            raise PlatformRefused(ServiceFault.CLIENT_REFUSED)
        return self.connector_to(platform)

    def connector_to(self, platform: Platform) -> Connector:
        """A connection to this LMS's services, paused or not."""
        return Connector(
            platform,
            signing_keys=self.signing_keys,
            tokens=self.tokens,
            clock=self.clock,
            reach=self.reach,
            on_answer=self.on_answer,
        )
