"""Sections and groups: with the roster where an LMS tells them there, by the Course Groups service where it has one."""

import pytest

from lti_tool.lti.claim_parts import GroupsEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.groups import SCOPE, CourseGroup, GroupSet, read_group_sets, read_groups
from lti_tool.lti.roster import read_roster

from .conftest import ConnectorOf
from .outside import Outside, Reply
from .test_roster import ids, learner, page
from .visiting import LTI

GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"


def message(**custom: object) -> list[dict[str, object]]:
    """What Canvas says about a member of a link."""
    return [{LTI + "message_type": "LtiResourceLinkRequest", LTI + "custom": custom}]


def endpoint(lms: Outside, *, sets: bool = True) -> GroupsEndpoint:
    """The groups service of this LMS."""
    return GroupsEndpoint(
        groups_url=lms.url("/groups"), sets_url=lms.url("/sets") if sets else None, scopes=frozenset({SCOPE})
    )


def test_canvas_tells_the_sections_with_the_course_as_link(connector_of: ConnectorOf, lms: Outside) -> None:
    told = message(section_ids="42, 43", group_ids="g-1")
    url = lms.on("GET", "/m", page([learner("1", message=told), learner("2")]))

    members = read_roster(connector_of("canvas"), url, context_id="course/1")

    assert [asked.query for asked in lms.asked_for("/m")] == ["rlid=course%2F1"]
    assert members[0].section_ids == {"42", "43"}
    assert members[0].group_ids == {"g-1"}
    assert (members[1].section_ids, members[1].group_ids) == (frozenset(), frozenset())


def test_sections_are_read_from_all_pages(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("GET", "/m?rlid=c", page([learner("1", message=message(section_ids="1"))], lms.url("/m?rlid=c&page=2")))
    lms.on("GET", "/m?rlid=c&page=2", page([learner("2", message=message(section_ids="2"))]))

    members = read_roster(connector_of("canvas"), lms.url("/m"), context_id="c")

    assert [member.section_ids for member in members] == [{"1"}, {"2"}]


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize(
    "text",
    [
        "Tool does not have access to rlid or rlid does not exist",
        "Requested ResourceLink bound to unexpected external tool",
        "Requested ResourceLink was not found",
        "Requested assignment not configured for external tool launches",
    ],
)
def test_where_canvas_refuses_the_link_the_plain_roster_is_read(
    connector_of: ConnectorOf, lms: Outside, status: int, text: str
) -> None:
    lms.on("GET", "/m?rlid=c", Reply(status=status, json={"errors": {"message": text}}))
    lms.on("GET", "/m", page([learner("1"), learner("2")]))

    members = read_roster(connector_of("canvas"), lms.url("/m"), context_id="c")

    assert ids(members) == ["1", "2"]


def test_any_other_refusal_is_not_hidden_by_the_plain_roster(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("GET", "/m?rlid=c", Reply(status=403, json={"errors": "no"}))
    lms.on("GET", "/m", page([learner("1")]))

    with pytest.raises(PlatformRefused) as refused:
        read_roster(connector_of("canvas"), lms.url("/m"), context_id="c")

    assert refused.value.fault is ServiceFault.FORBIDDEN


@pytest.mark.parametrize("family", ["moodle", "sakai", "BlackboardLearn", "desire2learn", ""])
def test_other_lmss_are_not_asked_for_sections_that_way(connector_of: ConnectorOf, lms: Outside, family: str) -> None:
    url = lms.on("GET", "/m", page([learner("1")]))

    read_roster(connector_of(family), url, context_id="c")

    (asked,) = lms.asked_for("/m")
    assert "rlid" not in asked.query


def test_an_address_that_names_a_link_keeps_it(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("GET", "/m?rlid=own", page([learner("1")]))

    members = read_roster(connector_of("canvas"), lms.url("/m?rlid=own"), context_id="c")

    assert ids(members) == ["1"]


def test_groups_of_a_member_are_read_wherever_they_stand(connector_of: ConnectorOf, lms: Outside) -> None:
    enrolled = [{"group_id": "g-1"}, {"group_id": 7}, {"group_id": None}, "odd"]
    url = lms.on("GET", "/m", page([learner("1", group_enrollments=enrolled), learner("2", group_enrollments={})]))

    members = read_roster(connector_of("sakai"), url)

    assert members[0].group_ids == {"g-1", "7"}
    assert members[1].group_ids == frozenset()


def test_groups_are_asked_for_on_request(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")]))

    read_roster(connector, url, with_groups=True)

    assert "groups=true" in lms.asked_for("/m")[0].query


def test_a_person_listed_twice_has_all_sections_and_groups(connector: Connector, lms: Outside) -> None:
    one = learner("1", message=message(section_ids="1"), group_enrollments=[{"group_id": "a"}])
    other = learner("1", message=message(section_ids="2"), group_enrollments=[{"group_id": "b"}])
    url = lms.on("GET", "/m", page([one, other]))

    (member,) = read_roster(connector, url)

    assert member.section_ids == {"1", "2"}
    assert member.group_ids == {"a", "b"}


@pytest.mark.parametrize(
    "odd", ["text", 5, [None], [{}], [{LTI + "custom": []}], [{LTI + "custom": {"section_ids": {}}}]]
)
def test_messages_of_another_shape_tell_nothing(connector: Connector, lms: Outside, odd: object) -> None:
    url = lms.on("GET", "/m", page([learner("1", message=odd)]))

    assert read_roster(connector, url)[0].section_ids == frozenset()


def test_groups_and_sets_are_each_asked_for_by_their_own_type(connector: Connector, lms: Outside) -> None:
    lms.on("GET", "/groups", Reply(json={"id": "x", "groups": [{"id": "g", "name": "Red", "set_ids": ["s"]}]}))
    lms.on("GET", "/sets", Reply(json={"sets": [{"id": "s", "name": "Colours", "hidden": True}]}))

    groups, sets = read_groups(connector, endpoint(lms)), read_group_sets(connector, endpoint(lms))

    assert groups == (CourseGroup(id="g", name="Red", tag=None, is_hidden=False, set_ids=frozenset({"s"})),)
    assert sets == (GroupSet(id="s", name="Colours", is_hidden=True),)
    assert lms.asked_for("/groups")[0].headers["Accept"] == GROUPS
    assert lms.asked_for("/sets")[0].headers["Accept"] == SETS
    assert lms.asked_for("/token")[0].form["scope"] == SCOPE


def test_the_groups_of_one_person_are_asked_for(connector: Connector, lms: Outside) -> None:
    lms.on("GET", "/groups", Reply(json={"groups": []}))

    assert read_groups(connector, endpoint(lms), user_id="dana 1") == ()
    assert lms.asked_for("/groups")[0].query == "user_id=dana+1"


def test_the_older_spelling_of_a_groups_set_is_read(connector: Connector, lms: Outside) -> None:
    lms.on("GET", "/groups", Reply(json={"groups": [{"id": 5, "name": "Red", "set_id": "s"}]}))

    (group,) = read_groups(connector, endpoint(lms))

    assert group.id == "5"
    assert group.set_ids == {"s"}


def test_groups_of_all_pages_are_read(connector: Connector, lms: Outside) -> None:
    following = {"Link": f'<{lms.url("/groups?Page=aB")}>; rel="next"'}
    lms.on("GET", "/groups", Reply(json={"groups": [{"id": "1", "name": "A"}]}, headers=following))
    lms.on("GET", "/groups?Page=aB", Reply(json={"groups": [{"id": "2", "name": "B"}]}))

    assert [group.id for group in read_groups(connector, endpoint(lms))] == ["1", "2"]


def test_pages_of_groups_that_lead_back_are_an_error(connector: Connector, lms: Outside) -> None:
    lms.on("GET", "/groups", Reply(json={"groups": []}, headers={"Link": f'<{lms.url("/groups")}>; rel="next"'}))

    with pytest.raises(PlatformRefused) as refused:
        read_groups(connector, endpoint(lms))

    assert refused.value.fault is ServiceFault.PAGES_REPEAT


def test_sakais_constant_tag_says_nothing(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("GET", "/groups", Reply(json={"groups": [{"id": "1", "name": "A", "tag": "whatever"}]}))

    assert read_groups(connector_of("sakai"), endpoint(lms))[0].tag is None
    assert read_groups(connector_of(""), endpoint(lms))[0].tag == "whatever"


def test_an_lms_without_sets_has_none(connector: Connector, lms: Outside) -> None:
    assert read_group_sets(connector, endpoint(lms, sets=False)) == ()
    assert not lms.asked


@pytest.mark.parametrize("answer", [[], {"groups": {}}, {"groups": [{"name": "no id"}]}, {"error": "x"}])
def test_an_answer_that_is_no_list_of_groups_is_an_error(connector: Connector, lms: Outside, answer: object) -> None:
    lms.on("GET", "/groups", Reply(json=answer))

    with pytest.raises(PlatformRefused) as refused:
        read_groups(connector, endpoint(lms))

    assert refused.value.fault is ServiceFault.UNREADABLE
