"""What the platform keeps: tools, links, columns, grades, begun launches, tokens; values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lti_tool.demo_lms.people import Person


class Standing(StrEnum):
    """Whether a member takes part; somebody removed is in no roster."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    REMOVED = "Removed"


class Message(StrEnum):
    """What a launch is for."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
    DATA_PRIVACY = "LtiDataPrivacyLaunchRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A registered tool; `deployments` has one id for each institution that has it, `standing` what it waits for."""

    number: int
    client_id: str
    deployments: Mapping[str, str]
    name: str
    initiate_login_uri: str
    redirect_uris: tuple[str, ...]
    target_link_uri: str
    jwks_uri: str
    scopes: frozenset[str]
    claims: frozenset[str]
    custom: Mapping[str, str]
    targets: Mapping[str, str] = field(default_factory=dict)
    standing: str = "active"

    def target(self, message: Message) -> str:
        """Answer where launches of this kind go."""
        return self.targets.get(message, self.target_link_uri)

    def takes(self, message: Message) -> bool:
        """Answer whether the tool asked for launches of this kind."""
        return message in self.targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A tool's place in a course (LTI: resource link); `public_id` is the id that tools see."""

    id: str
    course: str
    client_id: str
    title: str
    public_id: str
    url: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """A column of a course's gradebook that belongs to one tool; `resource_link_id` is the link's own id."""

    id: int
    course: str
    client_id: str
    label: str
    score_maximum: float
    resource_link_id: str | None
    details: Mapping[str, object]
    is_made_by_tool: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The newest word on one student in one column, from the tool or from a teacher; `attempt` as Canvas counts."""

    given: float | None
    maximum: float
    comment: str
    progress: str
    dated_at: datetime
    received_at: datetime
    teacher_sub: str | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A launch that a person has begun and the tool has not yet asked for; `about` is somebody else it concerns."""

    person: Person
    client_id: str
    document_target: str
    expires_at: datetime
    message: Message = Message.RESOURCE_LINK
    course: str | None = None
    link: Link | None = None
    about: Person | None = None
    item: LineItem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A teacher's choosing of content in a tool, until the answer comes back."""

    course: str
    client_id: str
    data: str | None
    expires_at: datetime
    link: Link | None = None  # whose content is chosen anew


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a tool may do, and until when."""

    client_id: str
    scopes: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRequest:
    """A service request as the admin page lists it: never a token, never a query."""

    at: datetime
    method: str
    path: str
    status: int
