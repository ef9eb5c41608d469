"""Custom parameters the tool asks for: which variable of which LMS stands behind each, and how its value is read.

An LMS that does not know a variable sends it back as it is (`$Variable`); Canvas cuts long lists with a word. Such
values are missing, never wrong. Nothing read here authorises anything: an instructor can write custom parameters.
Source: canvas-lms doc/api/tools_variable_substitutions.md; Moodle 4.5 mod/lti/locallib.php; LTI 1.3 core, annex B.
"""

import re
from collections.abc import Mapping

from lti_tool.lti.quirks import Family
from lti_tool.lti.texts import identifier_of

SECTION_IDS = "section_ids"
GROUP_IDS = "group_ids"
CONTEXT_HISTORY = "context_history"
LINK_HISTORY = "link_history"
TIME_ZONE = "time_zone"
ACTING_PERSON = "acting_person"  # who is behind a launch in somebody else's name

_STANDARD: Mapping[str, str] = {
    CONTEXT_HISTORY: "$Context.id.history",
    LINK_HISTORY: "$ResourceLink.id.history",
    TIME_ZONE: "$Person.address.timezone",
}
_BY_FAMILY: Mapping[Family, Mapping[str, str]] = {
    Family.CANVAS: {
        SECTION_IDS: "$Canvas.course.sectionIds",
        GROUP_IDS: "$Canvas.group.contextIds",
        CONTEXT_HISTORY: "$Context.id.history",
        TIME_ZONE: "$Person.address.timezone",
        ACTING_PERSON: "$Canvas.masqueradingUser.userId",
    },
    Family.MOODLE: {
        GROUP_IDS: "$Moodle.Person.userGroupIds",
        CONTEXT_HISTORY: "$Context.id.history",
        TIME_ZONE: "$Person.address.timezone",
    },
    # Open edX expands no variables that the tool can use.
    Family.OPEN_EDX: {},
}
# What Canvas writes in place of the rest of a list that is too long or takes too long.
_CUT_SHORT = frozenset({"truncated", "timed out"})
_UNEXPANDED = re.compile(r"\$[A-Za-z][\w.()-]*")
_MOST_IDS = 1_000


def custom_parameters(family: Family) -> dict[str, str]:
    """The custom parameters worth asking this family for."""
    return dict(_BY_FAMILY.get(family, _STANDARD))


def is_unexpanded(value: str) -> bool:
    """Whether this is a variable that the LMS did not know."""
    return _UNEXPANDED.fullmatch(value) is not None


def ids_of(custom: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The identifiers of a list such as `42, 43`, in their order, each once; nothing where the LMS gave none."""
    value = custom.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ()
    parts = (part.strip() for part in value.split(",", _MOST_IDS)[:_MOST_IDS])
    return tuple(dict.fromkeys(part for part in parts if _is_id(part)))


def told_ids(custom: Mapping[str, object], name: str) -> tuple[str, ...] | None:
    """The same, but None where the LMS says nothing: an empty text says that there are none."""
    value = custom.get(name)
    found = ids_of(custom, name)
    return found if found or value == "" else None


def _is_id(part: str) -> bool:
    """Whether one part of a list names something."""
    return part.lower() not in _CUT_SHORT and not is_unexpanded(part) and identifier_of(part) is not None
