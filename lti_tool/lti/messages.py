"""The four messages an LMS may open the tool with, each with its own rules; every other one is refused politely.

Source: LTI 1.3 core, section 5.3; Deep Linking 2.0, section 4.3; Submission Review 1.0; Data Privacy Launch (a draft
whose message is spelled in two ways). 1EdTech certification: an absent list of roles is an error in a resource link
launch; Deep Linking may leave it out.
"""

from collections.abc import Mapping
from enum import StrEnum

from lti_tool.lti.claim_parts import LTI, DeepLinkingSettings, ForUser
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.roles import LtiRole, Standing, is_administrator, standing


class Message(StrEnum):
    """What a launch is for."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
    DATA_PRIVACY = "LtiDataPrivacyLaunchRequest"

    @property
    def has_link(self) -> bool:
        """Whether the message always comes from one link in a course; a review may name a gradebook column instead."""
        return self is Message.RESOURCE_LINK

    @property
    def may_have_link(self) -> bool:
        """Whether a link that the message names is where it comes from."""
        return self in {Message.RESOURCE_LINK, Message.SUBMISSION_REVIEW}

    @property
    def may_lack_roles(self) -> bool:
        """Whether an absent list of roles is read as an empty one."""
        return self is Message.DEEP_LINKING


_SPELLINGS: Mapping[str, Message] = {message.value: message for message in Message} | {
    "DataPrivacyLaunchRequest": Message.DATA_PRIVACY
}
# Who may choose what stands in a course.
_CHOOSERS = frozenset({Standing.INSTRUCTOR, Standing.TEACHING_ASSISTANT, Standing.DESIGNER, Standing.ADMINISTRATOR})
_REVIEWERS = frozenset({Standing.INSTRUCTOR, Standing.TEACHING_ASSISTANT, Standing.ADMINISTRATOR})


def message_of(payload: Mapping[str, object]) -> Message:
    """The message of a launch.

    Raises: LaunchRefused when it is missing or not one of the four.
    """
    said = payload.get(LTI + "message_type")
    if not said:
        raise LaunchRefused(Refusal.MESSAGE_TYPE_MISSING)
    message = _SPELLINGS.get(said) if isinstance(said, str) else None
    if message is None:
        raise LaunchRefused(Refusal.UNSUPPORTED_MESSAGE)
    return message


def require_rules(
    message: Message,
    *,
    roles: tuple[LtiRole, ...],
    subject: str,
    for_user: ForUser | None,
    deep_linking: DeepLinkingSettings | None,
) -> None:
    """What the message itself asks: who may send it, and about whom.

    Raises: LaunchRefused.
    """
    if message is Message.DEEP_LINKING:
        _require_choosing(roles, deep_linking)
    elif message is Message.SUBMISSION_REVIEW:
        _require_review(roles, subject, for_user)
    elif message is Message.DATA_PRIVACY:
        _require_privacy_office(roles, for_user)


def _require_choosing(roles: tuple[LtiRole, ...], settings: DeepLinkingSettings | None) -> None:
    """Staff choose, and the LMS says where the choice is to go."""
    if settings is None:
        raise LaunchRefused(Refusal.DEEP_LINKING_INCOMPLETE)
    if standing(roles) not in _CHOOSERS:
        raise LaunchRefused(Refusal.STAFF_ONLY)


def _require_review(roles: tuple[LtiRole, ...], subject: str, for_user: ForUser | None) -> None:
    """Staff look at somebody, everybody else at themselves."""
    if for_user is None:
        raise LaunchRefused(Refusal.FOR_USER_MISSING)
    if standing(roles) not in _REVIEWERS and for_user.user_id != subject:
        raise LaunchRefused(Refusal.FOR_USER_REFUSED)


def _require_privacy_office(roles: tuple[LtiRole, ...], for_user: ForUser | None) -> None:
    """An administrator of the institution asks about one person."""
    if for_user is None:
        raise LaunchRefused(Refusal.FOR_USER_MISSING)
    if not is_administrator(roles):
        raise LaunchRefused(Refusal.ADMINISTRATOR_ONLY)
