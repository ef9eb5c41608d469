"""What can go wrong at the edge: a launch is refused, or the LMS cannot be reached, or the LMS says no.

Every reason owns its sentence, as a message to translate, so that pages and logs name the same thing. No text of a
foreign server and no personal data stands in an exception's string.
Source: LTI security framework 1.0, section 5. HTTP statuses: 400 malformed, 401 proof missing or wrong, 403 not
admitted.
"""

from enum import StrEnum
from typing import Self


def N_(message: str) -> str:  # noqa: N802 - the name by which gettext tools find messages to translate later
    """The message itself, marked for translation where it is shown."""
    return message


_GO_BACK = N_("Go back to your course and open the activity again.")
_ASK_ADMIN = N_("Please tell the person who looks after your learning platform, and give them the code below.")
_ADMIN_SETUP = N_("An administrator has to register this tool with your learning platform first.")


class LtiError(Exception):
    """Something between the tool and a learning platform went wrong."""


class Refusal(StrEnum):
    """Why a login or a launch is refused: a code, an HTTP status, the visitor's sentence and what to do."""

    status: int
    sentence: str
    advice: str

    def __new__(cls, code: str, status: int, sentence: str, advice: str) -> Self:
        """One member that is its code and carries the rest."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.status, member.sentence, member.advice = status, sentence, advice
        return member

    # The way in
    INITIATION_INCOMPLETE = (
        "initiation-incomplete",
        400,
        N_("This page can only be opened from a course in your learning platform."),
        _GO_BACK,
    )
    INITIATION_TOO_LARGE = (
        "initiation-too-large",
        400,
        N_("Your learning platform sent more than this tool reads."),
        _ASK_ADMIN,
    )
    UNKNOWN_PLATFORM = ("unknown-platform", 403, N_("This tool does not know your learning platform."), _ADMIN_SETUP)
    PLATFORM_PAUSED = (
        "platform-paused",
        403,
        N_("The connection to your learning platform is paused."),
        N_("Please try again later, or ask the person who looks after this tool."),
    )
    ACTING_FOR_ANOTHER = (
        "acting-for-another",
        403,
        N_("You are acting as a student, and nothing should be written in their name."),
        N_("Stop acting as somebody else in your learning platform, and open the tool as yourself."),
    )
    FOREIGN_TARGET = (
        "foreign-target",
        400,
        N_("The link leads to an address that is not part of this tool."),
        _ASK_ADMIN,
    )
    FORM_INCOMPLETE = ("form-incomplete", 400, N_("Your learning platform's answer is incomplete."), _GO_BACK)
    STATE_UNKNOWN = (
        "state-unknown",
        401,
        N_("This launch has been used already, or it waited too long."),
        _GO_BACK,
    )
    BROWSER_NOT_RECOGNISED = (
        "browser-not-recognised",
        400,
        N_("Your browser does not let this tool remember you inside your learning platform's page."),
        N_("Open the activity in a new window."),
    )

    # The LMS answers with an error instead of a token
    LMS_LOGIN_NEEDED = (
        "lms-login-needed",
        401,
        N_("Your learning platform says that you are not signed in there any more."),
        N_("Sign in to your learning platform and open the activity again."),
    )
    LMS_LAUNCH_EXPIRED = (
        "lms-launch-expired",
        401,
        N_("Your learning platform says that this launch is no longer valid."),
        _GO_BACK,
    )
    LMS_ACCESS_DENIED = (
        "lms-access-denied",
        403,
        N_("Your learning platform does not let you open this tool."),
        _ASK_ADMIN,
    )
    LMS_ERROR = ("lms-error", 400, N_("Your learning platform could not start the tool."), _GO_BACK)

    # The token itself
    TOKEN_TOO_LARGE = ("token-too-large", 400, N_("The sign-in message is larger than this tool reads."), _ASK_ADMIN)
    TOKEN_MALFORMED = ("token-malformed", 400, N_("The sign-in message is not a valid LTI 1.3 message."), _ASK_ADMIN)
    HEADER_REFUSED = (
        "header-refused",
        401,
        N_("The sign-in message asks for something this tool does not do."),
        _ASK_ADMIN,
    )
    ALGORITHM_REFUSED = (
        "algorithm-refused",
        401,
        N_("The sign-in message is not signed the way this tool asks."),
        _ASK_ADMIN,
    )
    KEY_ID_MISSING = (
        "key-id-missing",
        401,
        N_("The sign-in message does not name the key it is signed with."),
        _ASK_ADMIN,
    )
    PRIVATE_NETWORK = (
        "private-network",
        403,
        N_("Your learning platform's keys are in a private network that this tool is not allowed to reach."),
        _ASK_ADMIN,
    )
    UNKNOWN_KEY = ("unknown-key", 401, N_("The sign-in message is signed with an unknown key."), _ASK_ADMIN)
    BAD_SIGNATURE = ("bad-signature", 401, N_("The signature of the sign-in message is wrong."), _ASK_ADMIN)
    IDENTITY_MISSING = (
        "identity-missing",
        400,
        N_("The sign-in message does not say who sent it and for whom."),
        _ASK_ADMIN,
    )
    REGISTRATION_MISMATCH = (
        "registration-mismatch",
        401,
        N_("The sign-in message belongs to another learning platform than the one that started it."),
        _GO_BACK,
    )
    AUDIENCE_REFUSED = ("audience-refused", 401, N_("The sign-in message is meant for another tool."), _ASK_ADMIN)
    TIMES_MISSING = ("times-missing", 401, N_("The sign-in message does not say how long it is valid."), _ASK_ADMIN)
    EXPIRED = ("expired", 401, N_("The sign-in message has expired."), _GO_BACK)
    TOO_OLD = ("too-old", 401, N_("The sign-in message is too old."), _GO_BACK)
    NOT_YET_VALID = (
        "not-yet-valid",
        401,
        N_("The sign-in message is not valid yet: the clocks of the two servers differ."),
        _ASK_ADMIN,
    )
    NONCE_REFUSED = ("nonce-refused", 401, N_("The sign-in message does not belong to this launch."), _GO_BACK)

    # What the token says
    VERSION_MISSING = ("version-missing", 400, N_("The launch does not name its LTI version."), _ASK_ADMIN)
    VERSION_REFUSED = ("version-refused", 400, N_("This tool speaks LTI 1.3 only."), _ASK_ADMIN)
    MESSAGE_TYPE_MISSING = ("message-type-missing", 400, N_("The launch does not say what it is for."), _ASK_ADMIN)
    UNSUPPORTED_MESSAGE = (
        "unsupported-message",
        400,
        N_("This tool cannot be opened from this place of your learning platform."),
        N_("Add the tool to a course as an activity and open it there."),
    )
    DEPLOYMENT_MISSING = ("deployment-missing", 400, N_("The launch does not name its deployment."), _ASK_ADMIN)
    DEPLOYMENT_UNKNOWN = (
        "deployment-unknown",
        403,
        N_("This tool has not been allowed in this part of your learning platform."),
        _ADMIN_SETUP,
    )
    TARGET_MISSING = ("target-missing", 400, N_("The launch does not say which page to open."), _ASK_ADMIN)
    TARGET_MISMATCH = ("target-mismatch", 401, N_("The launch asks for another page than it began with."), _GO_BACK)
    ROLES_MISSING = ("roles-missing", 400, N_("The launch does not say which roles you have."), _ASK_ADMIN)
    SUBJECT_MISSING = ("subject-missing", 400, N_("Your learning platform does not say who you are."), _ASK_ADMIN)
    DEEP_LINKING_INCOMPLETE = (
        "deep-linking-incomplete",
        400,
        N_("Your learning platform does not say where your choice is to be kept."),
        _ASK_ADMIN,
    )
    STAFF_ONLY = ("staff-only", 403, N_("Only teaching staff can add an activity to a course."), _GO_BACK)
    FOR_USER_MISSING = ("for-user-missing", 400, N_("The launch does not say whom it is about."), _ASK_ADMIN)
    FOR_USER_REFUSED = ("for-user-refused", 403, N_("You can look at your own work only."), _GO_BACK)
    ADMINISTRATOR_ONLY = (
        "administrator-only",
        403,
        N_("Only an administrator of your learning platform can open this page."),
        _ASK_ADMIN,
    )
    RESOURCE_LINK_MISSING = ("resource-link-missing", 400, N_("The launch does not name the activity."), _ASK_ADMIN)
    CLAIM_MALFORMED = ("claim-malformed", 400, N_("A part of the launch is not written as LTI 1.3 asks."), _ASK_ADMIN)


class LaunchRefused(LtiError):
    """The launch is refused; `reason` owns the words, `return_url` is the way back where a signed launch named one."""

    def __init__(self, reason: Refusal, *, return_url: str | None = None) -> None:
        """A refusal for this reason."""
        super().__init__(reason.value)
        self.reason = reason
        self.return_url = return_url


class ServiceFault(StrEnum):
    """Why the LMS's services said no, with the sentence an instructor reads."""

    explanation: str

    def __new__(cls, code: str, explanation: str) -> Self:
        """One member that is its code and carries its explanation."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.explanation = explanation
        return member

    BAD_ADDRESS = ("bad-address", N_("The learning platform gave an address that cannot be used."))
    INSECURE_ADDRESS = ("insecure-address", N_("The learning platform gave an address without encryption."))
    PRIVATE_ADDRESS = (
        "private-address",
        N_("The learning platform is in a private network that this tool is not allowed to reach."),
    )
    FOREIGN_ADDRESS = ("foreign-address", N_("The learning platform's answer leads to another server."))
    SCOPE_NOT_GRANTED = (
        "scope-not-granted",
        N_("The learning platform has not given this tool the permission for this service."),
    )
    CLIENT_REFUSED = ("client-refused", N_("The learning platform does not accept this tool's registration or key."))
    CLOCKS_DIFFER = ("clocks-differ", N_("The clocks of this tool and of the learning platform differ too much."))
    TOKEN_REFUSED = ("token-refused", N_("The learning platform refuses the access it gave this tool."))
    FORBIDDEN = ("forbidden", N_("The learning platform does not allow this."))
    NOT_FOUND = ("not-found", N_("The course or the gradebook column is gone from the learning platform."))
    NOT_OURS = ("not-ours", N_("The gradebook column belongs to another tool or an earlier installation."))
    STALE = ("stale", N_("The learning platform already holds a newer score."))
    PERSON_NOT_GRADABLE = ("person-not-gradable", N_("The learning platform cannot give this person a score."))
    SCORE_FAILS = (
        "score-fails",
        N_(
            "The learning platform fails whenever it gets this score. The grade or its column may be locked there: "
            "unlock it, then try again."
        ),
    )
    NOT_ACCEPTED = ("not-accepted", N_("The learning platform did not accept the message."))
    UNREADABLE = ("unreadable", N_("The learning platform's answer cannot be read."))
    WEB_PAGE = ("web-page", N_("The learning platform answered with a web page instead of data."))
    TOO_LARGE = ("too-large", N_("The learning platform's answer is larger than this tool reads."))
    LINK_HAS_NO_ROSTER = (
        "link-has-no-roster",
        N_("The learning platform does not give out the people of this link."),
    )
    ROSTER_ABOVE_LIMIT = (
        "roster-above-limit",
        N_("The course has more people than the learning platform hands out."),
    )
    PAGES_REPEAT = ("pages-repeat", N_("The learning platform's pages lead back to a page already read."))
    LEADS_ON = (
        "leads-on",
        N_("The learning platform's address leads to another one, and on from there, without end."),
    )
    NO_GRADEBOOK = ("no-gradebook", N_("The learning platform offers no gradebook column for this activity."))
    ONE_COLUMN = (
        "one-column",
        N_("The learning platform has one gradebook column for an activity. Choose one column in the settings."),
    )


def fault_in(error: str) -> ServiceFault | None:
    """The fault in what the outbox keeps of a failure: a code, perhaps with a status, or with words before it."""
    code = error.rpartition(": ")[2].partition(" (")[0]
    return next((fault for fault in ServiceFault if fault.value == code), None)


class PlatformUnavailable(LtiError):
    """The learning platform does not answer now, or not with what was asked for; the same call may succeed later."""

    def __init__(
        self,
        fault: ServiceFault | None = None,
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        """`fault` is what came instead of an answer, if anything did; `status` is None when nothing came at all."""
        said = fault.value if fault else "no answer"
        super().__init__(f"{said} (HTTP {status})" if status else said)
        self.fault = fault
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    @property
    def explanation(self) -> str | None:
        """The sentence for people about what came instead of an answer, to be translated where it is shown."""
        return self.fault.explanation if self.fault else None


class ScoresNotTaken(PlatformUnavailable):
    """The learning platform answers, and some scores are left for later: it fails for them, or holds newer ones."""

    def __init__(self, fault: ServiceFault | None = None, *, status: int | None = None) -> None:
        """`fault` is what it is where it stays; None where the platform only has to show what it was sent before."""
        super().__init__(fault, status=status)

    @property
    def explanation(self) -> str:
        """What staff read where it stays."""
        return (self.fault or ServiceFault.SCORE_FAILS).explanation


class PlatformRefused(LtiError):
    """The learning platform said no, and asking again the same way will not help."""

    def __init__(self, fault: ServiceFault, *, status: int | None = None) -> None:
        """A refusal of this kind; the string holds a code and a status, never text of the other server."""
        super().__init__(f"{fault.value} (HTTP {status})" if status else fault.value)
        self.fault = fault
        self.status = status

    @property
    def explanation(self) -> str:
        """The sentence for people, to be translated where it is shown."""
        return self.fault.explanation


class ScoreIsStale(PlatformRefused):
    """The learning platform holds a score with the same or a later timestamp."""

    def __init__(self, *, status: int | None = None) -> None:
        """Raised where the score's timestamp is not newer than the stored one."""
        super().__init__(ServiceFault.STALE, status=status)
