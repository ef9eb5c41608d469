"""What LMSs do differently, named: one record per subject; the defaults are the demo LMS's own dialect.

The fields are read by the modules of the same subject; `dialects` fills them in for each LMS.
Source: LTI Advantage where a default is the specification's; Moodle 4.5.6 as observed where it is strict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.vocabulary import INSTITUTION, MEMBERSHIP, TEST_USER

Roles = Mapping[Role, tuple[str, ...]]
INSTRUCTOR, LEARNER = f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Learner"
ASSISTANT = f"{MEMBERSHIP}/Instructor#TeachingAssistant"
STANDARD_ROLES: dict[Role, tuple[str, ...]] = {
    Role.TEACHER: (INSTRUCTOR,),
    Role.ASSISTANT: (ASSISTANT, INSTRUCTOR),
    Role.STUDENT: (LEARNER,),
    Role.OBSERVER: (f"{MEMBERSHIP}#Mentor",),
    Role.TEST_STUDENT: (LEARNER, TEST_USER),
    Role.ADMINISTRATOR: (),
}


class Spelling(StrEnum):
    """How a roster writes roles."""

    MIXED = "half short, half full"
    SHORT = "short"
    FULL = "full"


class Staleness(StrEnum):
    """Which timestamps of a score come too late, compared with the stored one's."""

    OLDER_OR_EQUAL = "older or equal"
    OLDER = "older"
    EQUAL = "equal"
    SAME_SECOND = "older or equal, in whole seconds"


class Start(StrEnum):
    """What a newly registered tool must wait for."""

    READY = "active"
    PENDING = "pending"
    DISABLED = "disabled"
    UNINSTALLED = "not installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginHabits:
    """How a launch begins: login initiation and where the tool may keep its state."""

    method: str = "post"
    deployment_field: str = "lti_deployment_id"
    extras: Mapping[str, str] = field(default_factory=dict)
    hint_is_opaque: bool = False
    storage_target: str = ""
    storage_target_at_launch: bool = False
    storage_prefixes: tuple[str, ...] = ("lti.",)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchHabits:
    """What an id_token says. Units: lifetime in seconds. A role that is not listed takes no part."""

    lifetime_seconds: int = 300
    has_azp: bool = True
    has_not_before: bool = False
    roles: Roles = field(default_factory=lambda: STANDARD_ROLES)
    everybodys_roles: tuple[str, ...] = ()
    shows_institution_role: bool = True
    numeric_ids: bool = False
    subject_form: str = "{id}"
    link_is_course: bool = False
    sizes_are_texts: bool = False
    own_custom: bool = True
    leaks_memberships_url: bool = False
    extra_claims: Mapping[str, object] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()
    privacy_message: str = "LtiDataPrivacyLaunchRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHabits:
    """What the token endpoint wants; `audience` empty means its own address, `*` that nobody looks."""

    audience: str = ""
    authorization_server: str = ""
    media_type: str = "application/json"
    one_bad_scope_fails_all: bool = False
    looks_at_jti: bool = True
    leeway_seconds: int = 30
    oldest_seconds: int | None = None
    bad_token_status: int = 401
    bad_token_names_scheme: bool = True
    weak_token_status: int = 403
    errors_are_broken_json: bool = False
    keys_kept_hours: int | None = None  # of a tool, whatever kid it names meanwhile; None: until a kid is new


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterHabits:
    """How names and roles are listed; without a page size everybody comes at once."""

    page_size: int | None = None
    most_per_page: int | None = None
    accept_is_exact: bool = True
    media_type: str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    spelling: Spelling = Spelling.FULL
    roles: Roles = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    dropped_on_next: frozenset[str] = frozenset()
    last_page_links_back: bool = False
    unknown_role_is_everybody: bool = False
    escapes_names: bool = False
    nobody_is_an_empty_body: bool = False
    lists_inactive: bool = True
    refused_above: int | None = None
    fields: tuple[str, ...] = ("name", "given_name", "family_name", "email")
    own_fields: Mapping[str, object] = field(default_factory=dict)
    groups: str = "never"
    course_is_a_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeHabits:
    """How line items, scores and results behave."""

    page_size: int | None = None
    has_type_id: bool = False
    types_are_exact: bool = True
    links_break_with_limit: bool = False
    results_break_with_limit: bool = False
    ignored_filters: frozenset[str] = frozenset()
    needs_link_or_resource: bool = False
    whole_maxima: bool = False
    created_status: int = 201
    ungraded_link_status: int | None = None
    missing_maximum_status: int = 400
    foreign_item_status: int = 404
    coupled_delete_status: int = 204
    all_errors: int | None = None
    failures_are_bare: bool = False
    claims_line_item_oddly: bool = False
    staleness: Staleness = Staleness.OLDER_OR_EQUAL
    stale_status: int = 409
    stale_text: str = "A score with this or a newer timestamp is stored."
    not_gradable_status: int = 400
    not_gradable_text: str = "userId is no student of this course."
    zone_is_needed: bool = True
    score_status: int = 200
    answers_with_result_url: bool = False
    final_progress: frozenset[str] = frozenset({"FullyGraded"})
    keeps_score_when_not_final: bool = False
    stamps_own_time_without_score: bool = False
    caps_at_maximum: bool = False
    comments_append: bool = False
    extension: str = ""
    one_item_per_link_counts: bool = False
    teacher_wins_on_own_column: bool = False
    zero_result_is_omitted: bool = False
    results_list_everybody: bool = False
    user_results_lose_comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationHabits:
    """How a tool comes in. `is_dynamic` off means that the administrator copies addresses by hand."""

    is_dynamic: bool = True
    opens_in_frame: bool = True
    gives_token: bool = True
    token_guards_configuration: bool = False
    names_account: bool = False  # whose account it is, in the configuration
    status: int = 200
    gives_deployment: bool = True
    over_reports_scopes: bool = False
    withheld_scopes: frozenset[str] = frozenset()  # which an administrator has taken away
    cuts_custom_values: bool = False
    errors_are_text: bool = False
    bad_token_status: int = 401
    unknown_scopes_are_refused: bool = False
    has_update_token: bool = False
    start: Start = Start.READY
    shares_application: bool = False
    fixed_deployment: str = ""
    fixed_issuer: str = ""
    has_two_tenants: bool = False
    is_anonymous_unless_told: bool = False
    is_managed: bool = False  # the tool gets an address and a token for changing its registration


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingHabits:
    """How content chosen in the tool becomes links."""

    accepts_several: bool = True
    sends_data: bool = True
    says_accept_lineitem: bool = True
    accept_types: tuple[str, ...] = ("link", "ltiResourceLink")
    must_have_url: bool = False
    edits_links: bool = False  # and then sends the link's custom texts along


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """A leaky bucket per client. Units: cost a request, leak a second, up-front cost while a request runs."""

    size: float
    leak: float
    cost: float
    up_front: float
    status: int = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One LMS's differences."""

    key: str
    family_code: str
    version: str
    source: str
    login: LoginHabits = LoginHabits()
    launch: LaunchHabits = LaunchHabits()
    tokens: TokenHabits = TokenHabits()
    roster: RosterHabits = RosterHabits()
    grades: GradeHabits = GradeHabits()
    registration: RegistrationHabits = RegistrationHabits()
    linking: LinkingHabits = LinkingHabits()
    throttle: Throttle | None = None
    has_groups: bool = False
    has_group_sets: bool = False
    has_notices: bool = False


def institution(name: str) -> str:
    """Answer the role in the institution of this short name."""
    return f"{INSTITUTION}#{name}"
