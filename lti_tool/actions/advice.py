"""Which setting of an LMS to look at when a way to it does not work.

Source: the LMSs' documentation as named in `lti/presets`; a setting that no family is known for gets the general words.
"""

from enum import StrEnum

from lti_tool.lti.errors import ServiceFault, fault_in
from lti_tool.lti.quirks import Family
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox


class Way(StrEnum):
    """One way to an LMS that can be tried."""

    KEYS = "keys"
    ROSTER_TOKEN = "roster_token"  # noqa: S105  # the name of a try, no secret
    COLUMN_TOKEN = "column_token"  # noqa: S105  # the name of a try, no secret
    COLUMN_READ_TOKEN = "column_read_token"  # noqa: S105  # the name of a try, no secret
    SCORE_TOKEN = "score_token"  # noqa: S105  # the name of a try, no secret
    RESULT_TOKEN = "result_token"  # noqa: S105  # the name of a try, no secret
    GROUPS_TOKEN = "groups_token"  # noqa: S105  # the name of a try, no secret
    NOTICES_TOKEN = "notices_token"  # noqa: S105  # the name of a try, no secret
    ROSTER = "roster"
    COLUMNS = "columns"


class _Setting(StrEnum):
    """What a way depends on in an LMS."""

    KEYS = "keys"
    PEOPLE = "people"
    GRADES = "grades"
    GROUPS = "groups"
    NOTICES = "notices"


NO_ANSWER = N_("The learning platform did not answer.")
FAULT = N_("The tool met a fault that it did not expect. It has been written to the log.")
# The kinds of work in the outbox that ask an LMS for something.
_WAY_OF_WORK = {
    "roster": Way.ROSTER,
    "column": Way.COLUMNS,
    "scores": Way.SCORE_TOKEN,
    "notices": Way.NOTICES_TOKEN,
}
OUT_OF_REACH = N_(
    "On the tool’s server, name the LMS’s host in ALLOW_PRIVATE_NETWORKS, and start the tool again. Nothing has to be "
    "changed in the LMS."
)
IN_BETWEEN = N_(
    "On the tool’s server, open the address of the service: the services of an LMS must not stand behind a sign-in "
    "page, a firewall that asks for a browser, or a page about maintenance that answers as if all were well."
)
SOME_LEFT = N_("Some scores are left for later, and tried again by themselves.")
_DEPENDS_ON = {
    Way.KEYS: _Setting.KEYS,
    Way.ROSTER_TOKEN: _Setting.PEOPLE,
    Way.COLUMN_TOKEN: _Setting.GRADES,
    Way.COLUMN_READ_TOKEN: _Setting.GRADES,
    Way.SCORE_TOKEN: _Setting.GRADES,
    Way.RESULT_TOKEN: _Setting.GRADES,
    Way.GROUPS_TOKEN: _Setting.GROUPS,
    Way.NOTICES_TOKEN: _Setting.NOTICES,
    Way.ROSTER: _Setting.PEOPLE,
    Way.COLUMNS: _Setting.GRADES,
}
_ELSEWHERE = {  # faults that no setting of this tool in the LMS is the cause of
    ServiceFault.PRIVATE_ADDRESS: OUT_OF_REACH,
    ServiceFault.WEB_PAGE: IN_BETWEEN,
}
_GENERAL = {
    _Setting.KEYS: N_("Compare the public key set address here with the one that your LMS shows for this tool."),
    _Setting.PEOPLE: N_(
        "In the settings of this tool in your LMS, switch on Names and Roles (the list of a course’s people)."
    ),
    _Setting.GRADES: N_(
        "In the settings of this tool in your LMS, switch on Assignment and Grade Services with their own columns."
    ),
    _Setting.GROUPS: N_(
        "In the settings of this tool in your LMS, allow it to read the groups of a course (Course Groups service)."
    ),
    _Setting.NOTICES: N_(
        "In the settings of this tool in your LMS, allow it to be told what happens (Platform Notification Service)."
    ),
}
_BY_FAMILY = {
    (Family.CANVAS, _Setting.PEOPLE): N_(
        "Admin → Developer Keys → the key → Edit: allow “Can retrieve user data associated with the context the tool "
        "is installed in”, and let the key be “On”."
    ),
    (Family.CANVAS, _Setting.GRADES): N_(
        "Admin → Developer Keys → the key → Edit: allow everything about assignments, submissions and scores, and let "
        "the key be “On”."
    ),
    (Family.MOODLE, _Setting.PEOPLE): N_(
        "Site administration → Plugins → External tool → Manage tools → the tool → Services: IMS LTI Names and Role "
        "Provisioning: “Use this service to retrieve members’ information as per privacy settings”."
    ),
    (Family.MOODLE, _Setting.GRADES): N_(
        "Site administration → Plugins → External tool → Manage tools → the tool → Services: IMS LTI Assignment and "
        "Grade Services: “Use this service for grade sync and column management”."
    ),
    (Family.BLACKBOARD, _Setting.PEOPLE): N_(
        "Administrator Panel → LTI Tool Providers → the tool → Edit: “Allow Membership Service Access: Yes”."
    ),
    (Family.BLACKBOARD, _Setting.GRADES): N_(
        "Administrator Panel → LTI Tool Providers → the tool → Edit: “Allow Grade Service Access: Yes”."
    ),
    (Family.BRIGHTSPACE, _Setting.PEOPLE): N_(
        "Admin Tools → Manage Extensibility → LTI Advantage → the tool: tick Names and Role Provisioning, and tick it "
        "in its deployment too; the deployment also wants “Classlist including users not known to this deployment”."
    ),
    (Family.BRIGHTSPACE, _Setting.GRADES): N_(
        "Admin Tools → Manage Extensibility → LTI Advantage → the tool: tick Assignment and Grade Services, and tick "
        "them in its deployment too."
    ),
    (Family.SAKAI, _Setting.PEOPLE): N_(
        "Administration Workspace → External Tools → the tool: allow it to use the roster, and place it in a site."
    ),
    (Family.SAKAI, _Setting.GRADES): N_(
        "Administration Workspace → External Tools → the tool: allow it to use grades, and place it in a site."
    ),
    (Family.OPEN_EDX, _Setting.PEOPLE): N_(
        "Studio → the LTI component → Edit: “Enable LTI NRPS: True”. For names, an administrator must let the course "
        "share them with LTI tools."
    ),
    (Family.OPEN_EDX, _Setting.GRADES): N_(
        "Studio → the LTI component → Edit: “LTI Assignment and Grades Service: Allow tools to manage and submit "
        "grades (programmatic)”."
    ),
}


def explained(error: str, *, work: str, family: Family) -> tuple[str, str]:
    """What a failure of this work means, as the outbox keeps it: a code, perhaps with a status.

    Shape: what happened, and what to change in that LMS, empty where nothing there would help; messages to translate.
    """
    fault = fault_in(error)
    if fault is None:
        said = {"no answer": NO_ANSWER, outbox.SOME_LEFT: SOME_LEFT}
        return said.get(error.partition(" (")[0], FAULT), ""
    return fault.explanation, todo(fault, _WAY_OF_WORK.get(work), family)


def todo(fault: ServiceFault | None, way: Way | None, family: Family) -> str:
    """What to change so that this way works, empty where nothing is known that would help."""
    if fault in _ELSEWHERE:
        return _ELSEWHERE[fault]
    return advice(way, family) if way else ""


def advice(way: Way, family: Family) -> str:
    """The setting of this LMS that the way depends on, in a message to translate."""
    setting = _DEPENDS_ON[way]
    return _BY_FAMILY.get((family, setting), _GENERAL[setting])
