"""The dialects that the demo LMS speaks: its own, and those of six LMSs, each a table of differences.

Source: vendors' code and documentation as named in each table; Moodle from answers recorded with Moodle 4.5.6.
"""

from collections.abc import Mapping

from lti_tool.demo_lms import variables
from lti_tool.demo_lms.habits import (
    ASSISTANT,
    INSTRUCTOR,
    LEARNER,
    Dialect,
    GradeHabits,
    LaunchHabits,
    LinkingHabits,
    LoginHabits,
    RegistrationHabits,
    RosterHabits,
    Spelling,
    Staleness,
    Start,
    TokenHabits,
    institution,
)
from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.vendor_dialects import BLACKBOARD, BRIGHTSPACE, CANVAS
from lti_tool.demo_lms.vocabulary import LTI, MEMBERSHIP, SYSTEM

OWN = Dialect(
    key="own",
    family_code="demo-lms",
    version="1",
    source="LTI Advantage; strict where Moodle 4.5 is",
    launch=LaunchHabits(variables=variables.COMMON | variables.OWN),
    roster=RosterHabits(page_size=10, most_per_page=10, spelling=Spelling.MIXED),
    grades=GradeHabits(page_size=10, has_type_id=True),
    registration=RegistrationHabits(is_managed=True),
    linking=LinkingHabits(edits_links=True),
)

MOODLE = Dialect(
    key="moodle",
    family_code="moodle",
    version="2024100706",
    source="Moodle 4.5.6 as observed over HTTP",
    launch=LaunchHabits(
        lifetime_seconds=60,
        has_azp=False,
        roles={
            Role.TEACHER: (INSTRUCTOR,),
            Role.ASSISTANT: (INSTRUCTOR,),
            Role.STUDENT: (LEARNER,),
            Role.ADMINISTRATOR: (INSTRUCTOR, institution("Administrator"), f"{SYSTEM}#Administrator"),
        },
        shows_institution_role=False,
        numeric_ids=True,
        sizes_are_texts=True,
        own_custom=False,
        leaks_memberships_url=True,
        extra_claims={f"{LTI}ext": {"user_username": "$User.username", "lms": "moodle-2"}},
        variables=variables.COMMON | variables.MOODLE,
    ),
    tokens=TokenHabits(
        media_type="text/html",
        leeway_seconds=0,
        bad_token_names_scheme=False,
        weak_token_status=401,
        errors_are_broken_json=True,
    ),
    roster=RosterHabits(
        spelling=Spelling.SHORT,
        # A non-editing teacher may not manage activities, so that the roster takes them for a learner.
        roles={Role.TEACHER: (INSTRUCTOR,), Role.ASSISTANT: (LEARNER,), Role.STUDENT: (LEARNER,)},
        dropped_on_next=frozenset({"role"}),
        unknown_role_is_everybody=True,
        escapes_names=True,
        lists_inactive=False,
        own_fields={"lis_person_sourcedid": "", "ext_user_username": "$User.username"},
    ),
    grades=GradeHabits(
        has_type_id=True,
        links_break_with_limit=True,
        results_break_with_limit=True,
        failures_are_bare=True,
        claims_line_item_oddly=True,
        staleness=Staleness.SAME_SECOND,
        not_gradable_text="Incorrect score received",
        zone_is_needed=False,
        stamps_own_time_without_score=True,
        caps_at_maximum=True,
        teacher_wins_on_own_column=True,
        zero_result_is_omitted=True,
    ),
    registration=RegistrationHabits(
        opens_in_frame=False,
        over_reports_scopes=True,
        cuts_custom_values=True,
        errors_are_text=True,
        has_update_token=True,
        start=Start.PENDING,
    ),
    linking=LinkingHabits(sends_data=False, says_accept_lineitem=False, accept_types=("ltiResourceLink",)),
)

SAKAI = Dialect(
    key="sakai",
    family_code="sakai",
    version="23.3",
    source="sakai lti/lti-blis LTI13Servlet.java",
    login=LoginHabits(storage_target="_parent"),
    launch=LaunchHabits(
        lifetime_seconds=3600,
        roles={
            Role.TEACHER: (INSTRUCTOR,),
            Role.ASSISTANT: (LEARNER,),
            Role.STUDENT: (LEARNER,),
            Role.ADMINISTRATOR: (INSTRUCTOR, institution("Administrator")),
        },
        shows_institution_role=False,
        own_custom=False,
        extra_claims={"https://www.sakailms.org/spec/lti/claim/sakai_ext": {"sakai_role": "$Membership.role"}},
        variables=variables.COMMON,
    ),
    tokens=TokenHabits(
        audience="*", one_bad_scope_fails_all=True, leeway_seconds=60, bad_token_status=403, weak_token_status=400
    ),
    roster=RosterHabits(
        accept_is_exact=False,
        media_type="application/json",
        ignored=frozenset({"role", "rlid"}),
        nobody_is_an_empty_body=True,
        lists_inactive=False,
        own_fields={
            "lis_person_sourcedid": "$User.username",
            "lti11_legacy_user_id": "$User.id",
            "sakai_ext": {"sakai_role": "$Membership.role", "sakai_groups": []},
        },
        groups="always",
    ),
    grades=GradeHabits(
        types_are_exact=False,
        ignored_filters=frozenset({"resource_link_id"}),
        created_status=200,
        all_errors=400,
        results_list_everybody=True,
    ),
    registration=RegistrationHabits(bad_token_status=403),
    has_groups=True,
)

OPEN_EDX = Dialect(
    key="openedx",
    family_code="openedx",
    version="sumac",
    source="openedx/xblock-lti-consumer (2026-08)",
    login=LoginHabits(method="get"),
    launch=LaunchHabits(
        lifetime_seconds=3600,
        roles={
            Role.TEACHER: (f"{MEMBERSHIP}#Administrator", INSTRUCTOR),
            # A Community TA is a learner of the course, too.
            Role.ASSISTANT: (LEARNER, ASSISTANT),
            Role.STUDENT: (LEARNER,),
            Role.ADMINISTRATOR: (f"{SYSTEM}#Administrator", institution("Administrator"), INSTRUCTOR),
        },
        everybodys_roles=(f"{SYSTEM}#None", institution("None")),
        shows_institution_role=False,
        own_custom=False,
        variables=variables.COMMON - variables.WITH_ZONE,
    ),
    tokens=TokenHabits(audience="*"),
    roster=RosterHabits(
        accept_is_exact=False,
        ignored=frozenset({"role", "rlid"}),
        lists_inactive=False,
        refused_above=1000,
        fields=("name", "email"),
    ),
    grades=GradeHabits(
        types_are_exact=False,
        ignored_filters=frozenset({"user_id"}),
        needs_link_or_resource=True,
        whole_maxima=True,
        staleness=Staleness.EQUAL,
        stale_status=400,
        stale_text="Score already exists for the provided timestamp.",
        score_status=201,
        keeps_score_when_not_final=True,
        caps_at_maximum=True,
    ),
    registration=RegistrationHabits(is_dynamic=False, fixed_deployment="1"),
)

DIALECTS: Mapping[str, Dialect] = {
    dialect.key: dialect for dialect in (OWN, CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE, SAKAI, OPEN_EDX)
}
