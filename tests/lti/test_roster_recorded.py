"""Recorded roster traffic of Moodle 4.5 is read whole."""

from collections.abc import Iterable
from typing import Any

import pytest

from lti_tool.lti.claims import Standing
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.roster import RosterMember, read_roster

from .conftest import ConnectorOf
from .outside import Outside, Reply, recorded

ACCEPT = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEM = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def ids(members: Iterable[RosterMember]) -> list[str]:
    """The user ids, in order."""
    return [member.user_id for member in members]


def refused(connector: Connector, url: str) -> ServiceFault:
    """The fault that reading ends with."""
    with pytest.raises(PlatformRefused) as refusal:
        read_roster(connector, url)
    return refusal.value.fault


def moodle(name: str) -> dict[str, Any]:
    """One recorded exchange."""
    exchange: dict[str, Any] = recorded("moodle_roster")[name]
    return exchange


def test_the_recorded_roster_of_moodle_is_read_whole(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.replay(moodle("full roster, spec Accept"))

    members = read_roster(connector_of("moodle"), url)

    assert len(members) == 31
    assert sum(member.standing is Standing.INSTRUCTOR for member in members) == 1
    assert members[0].name == "Ada Student01"


def test_the_recorded_pages_of_moodle_give_the_same_roster(connector_of: ConnectorOf, lms: Outside) -> None:
    whole = lms.replay(moodle("full roster, spec Accept"))
    for number in (2, 3, 4, 1):
        first = lms.replay(moodle(f"paging limit=10 page {number}"))

    paged = read_roster(connector_of("moodle"), first)

    assert sorted(ids(paged)) == sorted(ids(read_roster(connector_of("moodle"), whole)))


def test_the_recorded_escaped_name_of_moodle_is_read_as_people_write_it(
    connector_of: ConnectorOf, lms: Outside
) -> None:
    url = lms.replay(moodle("PEER102 (edge cases) roster"))

    names = [member.name or "" for member in read_roster(connector_of("moodle"), url)]

    assert any(name.startswith("Zoë & Søren O'Brien") for name in names)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("rlid=999", ServiceFault.NOT_FOUND),
        ("bad token", ServiceFault.TOKEN_REFUSED),
        ("Accept application/json", ServiceFault.NOT_ACCEPTED),
    ],
)
def test_recorded_refusals_of_moodles_roster_are_understood(
    connector_of: ConnectorOf, lms: Outside, name: str, fault: ServiceFault
) -> None:
    url = lms.replay(moodle(name))

    assert refused(connector_of("moodle"), url) is fault


def test_open_edx_above_its_limit_says_so(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.on("GET", "/m", Reply(status=403, json={"error": "above_response_limit"}))

    assert refused(connector_of("openedx"), url) is ServiceFault.ROSTER_ABOVE_LIMIT
