"""Whatever an LMS writes, the edge answers with a value that can be kept or with an error of its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.lti.claims import read_claims
from lti_tool.lti.errors import LaunchRefused, PlatformRefused
from lti_tool.lti.links import next_link
from lti_tool.lti.quirks import Family, family_quirks
from lti_tool.lti.roster import _read_member
from lti_tool.lti.texts import identifier_of, text_of

from .outside import recorded

ANY_TEXT = st.text(alphabet=st.characters())
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
STUDENT = recorded("moodle_launches")["student"]


@given(name=st.sampled_from(sorted(STUDENT)), value=ANY_JSON)
@settings(max_examples=300, deadline=None)
def test_a_claim_of_any_shape_is_read_or_refused(name: str, value: object) -> None:
    try:
        claims = read_claims(STUDENT | {name: value})
    except LaunchRefused:
        return

    texts = (claims.name, claims.email, claims.subject, claims.resource_link_id, *claims.custom.values())
    for text in filter(None, texts):
        assert "\0" not in text
        text.encode()


@given(entry=ANY_JSON | st.fixed_dictionaries({"user_id": ANY_JSON, "name": ANY_JSON, "roles": ANY_JSON}))
@settings(max_examples=200, deadline=None)
def test_a_roster_entry_of_any_shape_is_read_or_refused(entry: object) -> None:
    try:
        member = _read_member(entry)
    except PlatformRefused:
        return

    f"{member.user_id} {member.name}".encode()


@given(header=ANY_TEXT)
def test_a_link_header_of_any_shape_is_read_without_fault(header: str) -> None:
    try:
        found = next_link(header, "https://lms.example.invalid/m")
    except ValueError:
        pytest.fail("a header from outside must not stop the reader")

    assert found is None or isinstance(found, str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Dana\n", "Dana"),
        ("Da\0na", "Dana"),
        ("Da\tna", "Da na"),
        ("\ud800", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_a_text_is_made_safe_to_keep(value: object, text: str | None) -> None:
    assert text_of(value) == text


def test_joiners_that_scripts_and_emoji_need_stay_in_a_name() -> None:
    assert text_of("می\u200cخواهم 👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        ("a", "a"),
        (" a ", " a "),
        (7, "7"),
        (True, None),
        ("", None),
        ("x" * 256, None),
        ("a\0", None),
        ("\udfff", None),
    ],
)
def test_an_identifier_is_kept_unchanged_or_not_at_all(value: object, identifier: str | None) -> None:
    assert identifier_of(value) == identifier


@pytest.mark.parametrize("family", Family)
def test_every_quirk_names_its_version_and_its_source(family: Family) -> None:
    quirks = family_quirks(family)

    assert quirks.seen_in
    assert quirks.source
