"""The roster is whole or it is an error; LMSs' ways of paging, naming and answering do not change that."""

from collections.abc import Iterable

import pytest

from lti_tool.lti.claims import Standing
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.roster import RosterMember, read_roster

from .conftest import ConnectorOf
from .outside import Asked, Outside, Reply

ACCEPT = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEM = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def learner(user_id: str, **more: object) -> dict[str, object]:
    """One entry of a roster."""
    return {"user_id": user_id, "roles": ["Learner"], **more}


def page(members: Iterable[object], next_url: str | None = None) -> Reply:
    """One page of a roster."""
    headers = {"Link": f'<{next_url}>; rel="next"'} if next_url else {}
    return Reply(json={"id": "x", "members": list(members)}, headers=headers)


def ids(members: Iterable[RosterMember]) -> list[str]:
    """The user ids, in order."""
    return [member.user_id for member in members]


def refused(connector: Connector, url: str) -> ServiceFault:
    """The fault that reading ends with."""
    with pytest.raises(PlatformRefused) as refusal:
        read_roster(connector, url)
    return refusal.value.fault


def test_all_pages_are_read_in_order(connector: Connector, lms: Outside) -> None:
    second, third = lms.url("/m?Cursor=aB"), lms.url("/m?Cursor=Ab")
    url = lms.on("GET", "/m", page([learner("1"), learner("2")], second))
    lms.on("GET", "/m?Cursor=aB", page([learner("3")], third))
    lms.on("GET", "/m?Cursor=Ab", page([learner("4")]))

    members = read_roster(connector, url)

    assert ids(members) == ["1", "2", "3", "4"]
    assert {asked.headers["Accept"] for asked in lms.asked_for("/m")} == {ACCEPT}


def test_progress_is_told_after_each_page(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1"), learner("2")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", page([learner("3")]))
    told: list[int] = []

    read_roster(connector, url, on_page=told.append)

    assert told == [2, 3]


def test_a_page_that_fails_fails_the_whole(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", Reply(status=500))

    with pytest.raises(PlatformUnavailable):
        read_roster(connector, url)


def test_blackboards_last_page_that_links_back_ends_the_reading(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", page([learner("2")], url))

    members = read_roster(connector_of("BlackboardLearn"), url)

    assert ids(members) == ["1", "2"]


def test_a_page_of_only_known_people_ends_the_reading(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1"), learner("2")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", page([learner("3")], lms.url("/m?p=1")))
    lms.on("GET", "/m?p=1", page([learner("1"), learner("2")], lms.url("/m?p=again")))

    members = read_roster(connector, url)

    assert ids(members) == ["1", "2", "3"]
    assert len(lms.asked_for("/m")) == 3


def test_pages_that_lead_back_are_an_error_where_people_may_be_missing(connector: Connector, lms: Outside) -> None:
    first = lms.url("/m?limit=5")
    lms.on("GET", "/m?limit=5", page([learner("1")], first))

    assert refused(connector, first) is ServiceFault.PAGES_REPEAT


def test_pages_without_end_are_an_error(connector: Connector, lms: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti_tool.lti.roster._MOST_PAGES", 5)
    numbers = iter(range(1_000_000))

    def endless(_: Asked) -> Reply:
        number = next(numbers)
        return page([learner(str(number))], lms.url(f"/m?p={number}"))

    assert refused(connector, lms.on("GET", "/m", endless)) is ServiceFault.TOO_LARGE


def test_an_empty_page_in_between_does_not_end_the_reading(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", page([], lms.url("/m?p=3")))
    lms.on("GET", "/m?p=3", page([learner("2")]))

    assert ids(read_roster(connector, url)) == ["1", "2"]


def test_a_next_page_on_another_server_is_an_error(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")], "https://evil.example.invalid/m?p=2"))

    assert refused(connector, url) is ServiceFault.FOREIGN_ADDRESS


@pytest.mark.parametrize(
    ("family", "sent"),
    [
        ("", "limit=1000"),
        ("moodle", "limit=1000"),
        ("canvas", ""),
        ("BlackboardLearn", ""),
        ("sakai", ""),
        ("openedx", ""),
    ],
)
def test_a_page_size_is_asked_for_only_where_it_does_good(
    connector_of: ConnectorOf, lms: Outside, family: str, sent: str
) -> None:
    url = lms.on("GET", "/m", page([]))

    read_roster(connector_of(family), url)

    assert lms.asked_for("/m")[0].query == sent


def test_an_address_with_a_query_keeps_it(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([])) + "?rlid=A%2Fb"

    read_roster(connector, url, limit=50)

    assert lms.asked_for("/m")[0].query == "rlid=A%2Fb&limit=50"


def test_sakais_empty_body_is_a_course_without_members(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", Reply())

    assert read_roster(connector, url) == ()


@pytest.mark.parametrize(
    "body",
    [[], {}, {"members": None}, {"members": [None]}, {"members": [{"roles": []}]}, {"members": [learner("")]}],
)
def test_an_answer_that_is_no_roster_is_an_error(connector: Connector, lms: Outside, body: object) -> None:
    assert refused(connector, lms.on("GET", "/m", Reply(json=body))) is ServiceFault.UNREADABLE


def test_an_empty_second_page_without_body_is_an_error(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1")], lms.url("/m?p=2")))
    lms.on("GET", "/m?p=2", Reply())

    assert refused(connector, url) is ServiceFault.UNREADABLE


def test_a_person_listed_twice_has_all_roles(connector: Connector, lms: Outside) -> None:
    first = learner("1", status="Inactive")
    second = {
        "user_id": "1",
        "roles": [MEM + "/Instructor#TeachingAssistant"],
        "name": "Bob Mentor",
        "status": "Active",
    }
    url = lms.on("GET", "/m", page([first, learner("2"), second]))

    bob, _ = read_roster(connector, url)

    assert bob.standing is Standing.TEACHING_ASSISTANT
    assert (len(bob.roles), bob.status, bob.name) == (2, "active", "Bob Mentor")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Active", "active"),
        ("ACTIVE", "active"),
        ("inactive", "inactive"),
        ("Deleted", "deleted"),
        ("Paused", "inactive"),
    ],
)
def test_the_status_is_read_in_any_case(connector: Connector, lms: Outside, said: str, status: str) -> None:
    url = lms.on("GET", "/m", page([learner("1", status=said)]))

    (member,) = read_roster(connector, url)

    assert member.status == status


def test_without_status_a_member_is_active(connector: Connector, lms: Outside) -> None:
    (member,) = read_roster(connector, lms.on("GET", "/m", page([learner("1")])))

    assert member.status == "active"


def test_a_name_is_unescaped_once(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1", name="Zo&euml; &amp;lt; O&#39;Brien")]))

    (member,) = read_roster(connector, url)

    assert member.name == "Zoë &lt; O'Brien"


def test_absent_names_stay_absent(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([{"user_id": 7, "name": "", "email": None}]))

    (member,) = read_roster(connector, url)

    assert (member.user_id, member.name, member.email, member.roles) == ("7", None, None, ())
    assert member.standing is Standing.NONE


def test_short_and_full_roles_mean_the_same(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/m", page([learner("1"), {"user_id": "2", "roles": [MEM + "#Learner"]}]))

    one, two = read_roster(connector, url)

    assert one.roles == two.roles


def test_canvas_student_view_is_a_test_user(connector: Connector, lms: Outside) -> None:
    roles = [MEM + "#Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"]
    url = lms.on("GET", "/m", page([{"user_id": "1", "roles": roles}]))

    (member,) = read_roster(connector, url)

    assert member.is_test_user
