"""What LMSs do differently, as data: one record per family, with the version it was seen in and where it is written.

Code elsewhere asks a record, never an LMS's name. A family that is not known gets the behaviour of the specification.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lti_tool.lti.addresses import host_of
from lti_tool.lti.errors import N_
from lti_tool.lti.platform import Platform

CLEAR_A_CELL = N_("Open the gradebook of your LMS, find this person in the column, and delete the value.")


class Family(StrEnum):
    """An LMS product, by the code it calls itself in `tool_platform.product_family_code` (lower case)."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    BLACKBOARD = "blackboardlearn"
    BRIGHTSPACE = "desire2learn"
    SAKAI = "sakai"
    OPEN_EDX = "openedx"
    OTHER = ""

    @property
    def product(self) -> str:
        """The name under which people know it."""
        return _PRODUCTS[self]


_PRODUCTS: Mapping[Family, str] = {
    Family.CANVAS: "Canvas",
    Family.MOODLE: "Moodle",
    Family.BLACKBOARD: "Blackboard Learn",
    Family.BRIGHTSPACE: "Brightspace",
    Family.SAKAI: "Sakai",
    Family.OPEN_EDX: "Open edX",
    Family.OTHER: "LMS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """How one family departs from the specification.

    Units: page sizes are members, or results, a page; None where no `limit` should be sent.
    """

    seen_in: str
    source: str
    roster_page_size: int | None = 1000
    roster_pages_may_repeat: bool = False
    roster_tells_sections: bool = False
    empty_group_tag: str | None = None
    gradebook_is_paged: bool = True
    results_page_size: int | None = None
    score_extension: Mapping[str, object] = field(default_factory=dict)
    overriding_extension: Mapping[str, object] = field(default_factory=dict)  # of a score that replaces a teacher's
    comment_line_break: str = "\n"
    comments_pile_up: bool = False  # each is a new one below the others
    missing_comment_clears: bool = False  # a score without one removes the one before
    omits_zeros: bool = False  # from results
    column_needs_link: bool = False
    one_column_per_link: bool = False
    clearing: str = CLEAR_A_CELL  # how a teacher empties a cell, in words
    deployments_are_tenants: bool = False
    audience_is_authorization_server: bool = True
    bad_token_is_forbidden: bool = False  # 403 and not 401, also for a token that has expired


_SPECIFICATION = Quirks(seen_in="LTI Advantage", source="NRPS 2.0 section 3.2, AGS 2.0 section 3")

_QUIRKS: Mapping[Family, Quirks] = {
    Family.CANVAS: Quirks(
        seen_in="Canvas cloud, 2026-08",
        source="canvas-lms doc/api/registration.md; app/controllers/lti/ims: names_and_roles, scores",
        # 50 is both default and maximum, so that a limit changes nothing.
        roster_page_size=None,
        # Ten results a page unless asked for more: a thousand requests for a large course (Api.paginate takes 100).
        results_page_size=100,
        # With the course's own id as `rlid` each member comes with the tool's custom parameters, sections among them.
        roster_tells_sections=True,
        # A new submission would change the submission time (canvas-lms#1799); a teacher's own grade stays.
        score_extension={
            "https://canvas.instructure.com/lti/submission": {
                "new_submission": False,
                "prioritize_non_tool_grade": True,
            }
        },
        overriding_extension={"https://canvas.instructure.com/lti/submission": {"new_submission": False}},
        comments_pile_up=True,
        clearing=N_(
            "In Canvas: Grades, find the cell of this person in the assignment’s column, delete the value, press Enter."
        ),
        # Its configuration names a bare host there, while the token endpoint wants its own address as audience.
        audience_is_authorization_server=False,
    ),
    Family.MOODLE: Quirks(
        seen_in="Moodle 4.5.6",
        source="observed over HTTP; mod/lti/service/gradebookservices",
        # Line items and results: `limit` breaks the Link header (curly quotes, &amp;) or ends on an error page.
        gradebook_is_paged=False,
        missing_comment_clears=True,
        # Its code leaves out a zero; 4.5.6 was seen to show one with a comment.
        omits_zeros=True,
        clearing=N_(
            "In Moodle: Grades, Grader report, edit mode on, empty the cell of this person and save. In the activity’s "
            "own column: Single view, tick Override, empty the grade."
        ),
    ),
    Family.BLACKBOARD: Quirks(
        seen_in="Blackboard Learn SaaS, 2025-04",
        source="Behind the Blackboard 000078208; hypothesis/lms services/lti_grading",
        roster_page_size=None,
        # The last page links back to an earlier one: an endless loop above 1,000 members.
        roster_pages_may_repeat=True,
        comment_line_break="<br/>",
        clearing=N_(
            "In Blackboard: Gradebook, open the cell of this person in the column, delete the grade. In the original "
            "course view: Grade Details, Clear Attempt or delete the override."
        ),
        # The vendor registers a tool once for everybody: an institution is known by its deployment alone (Anthology's
        # developer documentation, "Register your tool"; elsewhere one institution has several deployments).
        deployments_are_tenants=True,
    ),
    Family.BRIGHTSPACE: Quirks(
        seen_in="Brightspace 20.24",
        source="community.d2l.com 23756; the paging limit is not documented; hypothesis/lms PR 4726",
        roster_page_size=None,
        # A link brings no grade item of its own: the tool makes one and binds it.
        column_needs_link=True,
        clearing=N_("In Brightspace: Grades, Enter Grades, open the column, clear the value of this person, save."),
    ),
    Family.SAKAI: Quirks(
        seen_in="Sakai 23",
        source="sakai lti/lti-blis LTI13Servlet.java (members come from a set: order differs from page to page)",
        roster_page_size=None,
        empty_group_tag="whatever",
        bad_token_is_forbidden=True,
        clearing=N_("In Sakai: Gradebook, click the cell of this person, delete the value, press Enter."),
    ),
    Family.OPEN_EDX: Quirks(
        seen_in="xblock-lti-consumer, 2026-08",
        source="openedx/xblock-lti-consumer plugin/views.py (the limit is refused by count, not by page)",
        roster_page_size=None,
        # A score for a column without its block is taken, but never published (11.4.4, lti_1p3/extensions).
        column_needs_link=True,
        # A block is one graded item.
        one_column_per_link=True,
        clearing=N_(
            "In Open edX: Instructor dashboard, Student Admin, delete the person’s state of this component. That also "
            "empties its grade."
        ),
    ),
}

_FAMILY_BY_HOST = (
    ("canvas.instructure.com", Family.CANVAS),
    ("canvas.beta.instructure.com", Family.CANVAS),
    ("canvas.test.instructure.com", Family.CANVAS),
    ("blackboard.com", Family.BLACKBOARD),
    (".brightspace.com", Family.BRIGHTSPACE),
)


def family_of(product_family_code: str, issuer: str) -> Family:
    """The family by the product's own code, else by a well-known issuer, else OTHER."""
    code = product_family_code.strip().lower()
    if code in _CODES:
        return _CODES[code]
    host = host_of(issuer)
    return next(
        (family for end, family in _FAMILY_BY_HOST if host == end or (end[0] == "." and host.endswith(end))),
        Family.OTHER,
    )


_CODES = {family.value: family for family in Family if family.value} | {
    "blackboard": Family.BLACKBOARD,
    "brightspace": Family.BRIGHTSPACE,
    "d2l": Family.BRIGHTSPACE,
    "edx": Family.OPEN_EDX,
    "open-edx": Family.OPEN_EDX,
}


def quirks_of(platform: Platform) -> Quirks:
    """The record of the platform's family."""
    return family_quirks(family_of(platform.family, platform.issuer))


def tenant_of(platform: Platform, deployment_id: str) -> str:
    """Which institution of a shared registration this is; empty where the whole registration is one institution's.

    Ids of courses, people and notices are unique within a registration and a tenant, and nowhere else.
    """
    return deployment_id if quirks_of(platform).deployments_are_tenants else ""


def family_quirks(family: Family) -> Quirks:
    """The record of a family; the specification's behaviour for one that has none."""
    return _QUIRKS.get(family, _SPECIFICATION)
