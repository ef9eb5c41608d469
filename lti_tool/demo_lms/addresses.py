"""Where things are: the addresses that tools are told, and the scopes that this platform knows."""

from lti_tool.demo_lms.habits import Dialect
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import LineItem, Tool
from lti_tool.demo_lms.state import Campus
from lti_tool.demo_lms.vocabulary import GROUP_READONLY, NOTICE_HANDLERS, SCOPES

AUTHORIZATION_PATH = "/auth"
TOKEN_PATH = "/token"  # noqa: S105  an address, not a secret
KEYS_PATH = "/.well-known/jwks.json"
REGISTRATION_PATH = "/register"


def scopes(dialect: Dialect) -> tuple[str, ...]:
    """Answer the scopes that tools may be granted."""
    return (
        *SCOPES,
        *([GROUP_READONLY] if dialect.has_groups else []),
        *([NOTICE_HANDLERS] if dialect.has_notices else []),
    )


def audience(lms: Campus) -> str:
    """Answer the audience that token requests must name; `*` for any."""
    return lms.dialect.tokens.audience or lms.url + TOKEN_PATH


def memberships_url(lms: Campus, course: Course) -> str:
    """Answer where the course's roster is."""
    return f"{lms.url}/nrps/{course.context_id}/memberships"


def items_url(lms: Campus, course: Course, tool: Tool) -> str:
    """Answer where the tool's columns in the course are."""
    return f"{lms.url}/ags/{course.context_id}/lineitems{_query(lms, tool)}"


def item_url(lms: Campus, item: LineItem) -> str:
    """Answer a column's address; where it carries a query, `/scores` must go before it."""
    context_id = lms.college.courses[item.course].context_id
    return f"{lms.url}/ags/{context_id}/lineitems/{item.id}{_query(lms, lms.tools[item.client_id])}"


def under(url: str, path: str) -> str:
    """Answer an address with more at the end of its path, before its query."""
    before, mark, query = url.partition("?")
    return f"{before}{path}{mark}{query}"


def _query(lms: Campus, tool: Tool) -> str:
    return f"?type_id={tool.number}" if lms.dialect.grades.has_type_id else ""
