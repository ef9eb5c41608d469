"""The dialects of vendors who run their LMS for many institutions on the same servers: Canvas, Blackboard, Brightspace.

Source: vendors' code and documentation as named in each table.
"""

from lti_tool.demo_lms import variables
from lti_tool.demo_lms.habits import (
    STANDARD_ROLES,
    Dialect,
    GradeHabits,
    LaunchHabits,
    LinkingHabits,
    LoginHabits,
    RegistrationHabits,
    RosterHabits,
    Staleness,
    Start,
    Throttle,
    TokenHabits,
    institution,
)
from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.vocabulary import CANVAS_SUBMISSION, LTI, SYSTEM

CANVAS = Dialect(
    key="canvas",
    family_code="canvas",
    version="cloud",
    source="canvas-lms: app/controllers/lti, lib/lti, doc/api (2026-08)",
    login=LoginHabits(
        deployment_field="deployment_id",
        extras={"canvas_region": "eu-west-1", "canvas_environment": "prod"},
        hint_is_opaque=True,
        storage_target="post_message_forwarding",
        storage_target_at_launch=True,
    ),
    launch=LaunchHabits(
        lifetime_seconds=3600,
        roles={**STANDARD_ROLES, Role.ADMINISTRATOR: (institution("Administrator"),)},
        everybodys_roles=(f"{SYSTEM}#User",),
        link_is_course=True,
        sizes_are_texts=True,
        own_custom=False,
        extra_claims={
            "https://www.instructure.com/placement": "course_navigation",
            f"{LTI}lti11_legacy_user_id": "$User.id",
        },
        variables=variables.COMMON | variables.CANVAS,
    ),
    tokens=TokenHabits(authorization_server="host", looks_at_jti=False, oldest_seconds=300),
    roster=RosterHabits(
        page_size=50, most_per_page=50, accept_is_exact=False, lists_inactive=False, course_is_a_link=True
    ),
    grades=GradeHabits(
        page_size=10,
        types_are_exact=False,
        ungraded_link_status=412,
        missing_maximum_status=422,
        foreign_item_status=412,
        coupled_delete_status=401,
        staleness=Staleness.OLDER,
        stale_status=400,
        stale_text="Timestamp is before last updated timestamp.",
        not_gradable_status=422,
        not_gradable_text="User not found in course or is not a student",
        answers_with_result_url=True,
        final_progress=frozenset({"FullyGraded", "PendingManual"}),
        comments_append=True,
        extension=CANVAS_SUBMISSION,
        one_item_per_link_counts=True,
    ),
    registration=RegistrationHabits(
        token_guards_configuration=True,
        gives_deployment=False,
        names_account=True,
        unknown_scopes_are_refused=True,
        start=Start.UNINSTALLED,
        is_anonymous_unless_told=True,
        has_two_tenants=True,
    ),
    linking=LinkingHabits(accepts_several=False, accept_types=("ltiResourceLink",)),
    throttle=Throttle(size=700, leak=10, cost=1, up_front=50),
    has_notices=True,
)

BLACKBOARD = Dialect(
    key="blackboard",
    family_code="BlackboardLearn",
    version="4000.5.0",
    source="docs.anthology.com; Behind the Blackboard 000078208; hypothesis/lms",
    login=LoginHabits(method="get", storage_target="lti_storage_frame"),
    launch=LaunchHabits(
        lifetime_seconds=3600,
        roles={**STANDARD_ROLES, Role.ADMINISTRATOR: (institution("Administrator"), f"{SYSTEM}#Administrator")},
        own_custom=False,
        variables=variables.COMMON | variables.HISTORY,
    ),
    roster=RosterHabits(
        page_size=1000, most_per_page=1000, accept_is_exact=False, last_page_links_back=True, groups="asked"
    ),
    grades=GradeHabits(
        types_are_exact=False,
        not_gradable_text="User could not be found:",
        user_results_lose_comment=True,
        score_status=201,
    ),
    registration=RegistrationHabits(
        is_dynamic=False, shares_application=True, fixed_issuer="https://blackboard.com", has_two_tenants=True
    ),
    linking=LinkingHabits(must_have_url=True),
    has_groups=True,
    has_group_sets=True,
)

BRIGHTSPACE = Dialect(
    key="brightspace",
    family_code="desire2learn",
    version="20.26.8",
    source="community.d2l.com 23756, 27427; hypothesis/lms; WeBWorK 2993",
    login=LoginHabits(
        storage_target="_parent", storage_target_at_launch=True, storage_prefixes=("lti.", "org.imsglobal.lti.")
    ),
    launch=LaunchHabits(
        lifetime_seconds=1800,
        has_not_before=True,
        roles={**STANDARD_ROLES, Role.ADMINISTRATOR: (institution("Administrator"),)},
        subject_form="8a9b6c2e-0d1f-4e3a-9b7c-5d2f1e0a4c6b_{number}",
        own_custom=False,
        extra_claims={"http://www.brightspace.com": {"org_defined_id": "$User.username", "username": "$User.username"}},
        variables=variables.COMMON | variables.HISTORY | variables.BRIGHTSPACE,
    ),
    tokens=TokenHabits(
        audience="https://api.brightspace.com/auth/token",
        authorization_server="https://api.brightspace.com/auth/token",
    ),
    roster=RosterHabits(page_size=100, most_per_page=200, accept_is_exact=False, groups="asked"),
    grades=GradeHabits(
        types_are_exact=False,
        not_gradable_status=403,
        not_gradable_text="User in requested score is not enrolled in the org unit",
        caps_at_maximum=True,
    ),
    registration=RegistrationHabits(opens_in_frame=False, gives_token=False, status=201, start=Start.DISABLED),
    has_groups=True,
    has_group_sets=True,
)
