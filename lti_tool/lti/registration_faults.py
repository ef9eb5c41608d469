"""Why a registration did not come about, in the administrator's words; nothing is changed then."""

from enum import StrEnum
from typing import Self

from lti_tool.lti.errors import N_, LtiError


class RegistrationFault(StrEnum):
    """Why a registration failed: the administrator's sentence, and what they can do."""

    sentence: str
    advice: str

    def __new__(cls, code: str, sentence: str, advice: str) -> Self:
        """One member that is its code and carries its sentences."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        member.advice = advice
        return member

    ADDRESS_REFUSED = (
        "address-refused",
        N_("The address of your learning platform must be a public one that begins with https://."),
        N_(
            "Start again once it is. Does your learning platform stand inside a private network? Then ask the person "
            "who runs this tool to name its host in ALLOW_PRIVATE_NETWORKS."
        ),
    )
    UNREACHABLE = (
        "unreachable",
        N_("Your learning platform did not answer."),
        N_(
            "Wait a minute, and start again from your learning platform. If it happens again, ask the person who runs"
            " this tool whether its server can reach your learning platform (firewall, proxy)."
        ),
    )
    UNREADABLE = (
        "unreadable",
        N_("Your learning platform's answer is not a registration this tool understands."),
        N_(
            "Sign in to your learning platform, and start again from there. If a single sign-on stands in front of "
            "it, the addresses of LTI must be left open. Otherwise the tool can be registered by hand."
        ),
    )
    ISSUER_REFUSED = (
        "issuer-refused",
        N_("The configuration claims to be another learning platform than its address."),
        N_(
            "Open your learning platform at the address that stands in its own settings, and start again. If you did "
            "not expect this, stop here, and do not paste the address again."
        ),
    )
    REDIRECTED = (
        "redirected",
        N_("Your learning platform's address leads on to another one, which this tool does not follow."),
        N_(
            "Open your learning platform at the address that it uses for itself, and start again from there. "
            "Otherwise the tool can be registered by hand."
        ),
    )
    REFUSED = (
        "refused",
        N_("Your learning platform refused the registration. Start it once more from there."),
        N_(
            "What your learning platform hands out for a registration works once, and for an hour. If it lists an "
            "unfinished Peer Mentoring, remove that entry first."
        ),
    )
    INVITATION_REFUSED = (
        "invitation-refused",
        N_("This invitation is used, over, or incomplete."),
        N_(
            "Ask the person who runs this tool for a new registration address, and paste it whole into your LMS. It "
            "works once, for seven days."
        ),
    )
    NOT_FROM_AN_LMS = (
        "not-from-an-lms",
        N_("This address is to be pasted into your LMS as a registration address."),
        N_("Copy it, and paste it where your LMS adds a tool by one address. Opening it here has not used it up."),
    )
    REGISTERED_ALREADY = (
        "registered-already",
        N_("This LMS is registered already under the same client id. Nothing was changed."),
        N_(
            "The connection that exists stays as it is. If it does not work, the person who runs this tool can change"
            " or remove it."
        ),
    )


class RegistrationFailed(LtiError):
    """No registration came about; `said` is the LMS's own short code, if it gave one."""

    def __init__(self, fault: RegistrationFault, *, status: int | None = None, said: str | None = None) -> None:
        """A failure of this kind."""
        super().__init__(fault.value)
        self.fault = fault
        self.status = status
        self.said = said

    @property
    def sentence(self) -> str:
        """The sentence for the administrator, to be translated where it is shown."""
        return self.fault.sentence
