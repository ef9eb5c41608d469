"""The answer to a choice is what every LMS accepts: signed by the tool, for this LMS, with its own words sent back."""

from dataclasses import replace
from typing import Any

import jwt
import pytest
from jwt import PyJWK

from lti_tool.lti.deep_linking import ContentItem, DeepLinkingForm, LineItemOffer, NotAccepted, deep_linking_response
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.launch import Launch

from .outside import NOW
from .test_messages import CHOICE, DL, SETTINGS
from .visiting import LTI, TARGET, Visitor

ITEM = ContentItem(
    url=TARGET,
    title="Peer mentoring",
    text="Pairs for this course",
    custom={"activity": "a-1"},
    line_item=LineItemOffer(score_maximum=10.0, label="Participation", resource_id="a-1", tag="participation"),
)


def chosen(visitor: Visitor, *, placement: str | None = None, **settings: object) -> Launch:
    """The launch of a choice with these settings."""
    here = {"https://www.instructure.com/placement": placement} if placement else {}
    return visitor.launch({**CHOICE, DL + "deep_linking_settings": SETTINGS | settings, **here})


def said(form: DeepLinkingForm, signing_keys: SigningKeys) -> dict[str, Any]:
    """What the answer says, its signature and audience checked."""
    public = PyJWK(dict(signing_keys.current.public_jwk))
    claims: dict[str, Any] = jwt.decode(
        form.jwt,
        public,
        algorithms=["RS256"],
        audience="https://lms.example.invalid",
        issuer="client-1",
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims


def test_the_answer_is_addressed_timed_and_named(visitor: Visitor, signing_keys: SigningKeys) -> None:
    form = deep_linking_response(chosen(visitor), [ITEM], signing_keys=signing_keys, now=NOW)

    claims = said(form, signing_keys)
    assert form.action_url == "https://lms.example.invalid/return"
    assert (claims["aud"], claims["azp"]) == (["https://lms.example.invalid"], "https://lms.example.invalid")
    assert claims["iat"] <= NOW.timestamp() < claims["exp"] <= claims["iat"] + 300
    assert len(claims["nonce"]) >= 22
    assert claims[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert (claims[LTI + "version"], claims[LTI + "deployment_id"]) == ("1.3.0", "deployment-1")
    assert jwt.get_unverified_header(form.jwt)["kid"] == signing_keys.current.kid


def test_two_answers_never_share_a_nonce(visitor: Visitor, signing_keys: SigningKeys) -> None:
    launch = chosen(visitor)

    forms = [deep_linking_response(launch, [], signing_keys=signing_keys, now=NOW) for _ in range(2)]

    assert len({said(form, signing_keys)["nonce"] for form in forms}) == 2


def test_a_link_carries_texts_and_its_column(visitor: Visitor, signing_keys: SigningKeys) -> None:
    form = deep_linking_response(chosen(visitor), [ITEM], signing_keys=signing_keys, now=NOW)

    assert said(form, signing_keys)[DL + "content_items"] == [
        {
            "type": "ltiResourceLink",
            "url": TARGET,
            "title": "Peer mentoring",
            "text": "Pairs for this course",
            "custom": {"activity": "a-1"},
            "lineItem": {"label": "Participation", "scoreMaximum": 10, "resourceId": "a-1", "tag": "participation"},
        }
    ]


def test_a_column_may_offer_a_review(visitor: Visitor, signing_keys: SigningKeys) -> None:
    assert ITEM.line_item is not None
    item = replace(ITEM, line_item=replace(ITEM.line_item, is_reviewable=True))

    form = deep_linking_response(chosen(visitor), [item], signing_keys=signing_keys, now=NOW)

    column = said(form, signing_keys)[DL + "content_items"][0]["lineItem"]
    assert column["submissionReview"] == {"reviewableStatus": ["InProgress", "Submitted", "Completed"]}


@pytest.mark.parametrize("data", ["csrftoken:c7fbba78-7b75", "", " a b ", None, {"a": [1]}])
def test_data_goes_back_exactly_as_it_came(visitor: Visitor, signing_keys: SigningKeys, data: object) -> None:
    form = deep_linking_response(chosen(visitor, data=data), [], signing_keys=signing_keys, now=NOW)

    assert said(form, signing_keys)[DL + "data"] == data


def test_without_data_none_goes_back(visitor: Visitor, signing_keys: SigningKeys) -> None:
    form = deep_linking_response(chosen(visitor), [ITEM], signing_keys=signing_keys, now=NOW)

    assert DL + "data" not in said(form, signing_keys)


def test_nothing_chosen_is_an_empty_list(visitor: Visitor, signing_keys: SigningKeys) -> None:
    form = deep_linking_response(
        chosen(visitor), [], signing_keys=signing_keys, now=NOW, message="Nothing was chosen.", error="Oh."
    )

    claims = said(form, signing_keys)
    assert claims[DL + "content_items"] == []
    assert (claims[DL + "msg"], claims[DL + "errormsg"]) == ("Nothing was chosen.", "Oh.")


def test_several_links_go_where_several_are_accepted(visitor: Visitor, signing_keys: SigningKeys) -> None:
    launch = chosen(visitor, accept_multiple="true")

    form = deep_linking_response(launch, [ITEM, ITEM], signing_keys=signing_keys, now=NOW)

    assert len(said(form, signing_keys)[DL + "content_items"]) == 2


@pytest.mark.parametrize(
    ("placement", "settings"),
    [
        (None, {}),
        (None, {"accept_multiple": "false"}),
        ("assignment_selection", {"accept_multiple": True}),
        ("link_selection", {"accept_multiple": True}),
    ],
)
def test_two_links_are_not_sent_where_one_is_accepted(
    visitor: Visitor, signing_keys: SigningKeys, placement: str | None, settings: dict[str, object]
) -> None:
    launch = chosen(visitor, placement=placement, **settings)

    with pytest.raises(NotAccepted):
        deep_linking_response(launch, [ITEM, ITEM], signing_keys=signing_keys, now=NOW)


def test_a_link_is_not_sent_where_none_is_accepted(visitor: Visitor, signing_keys: SigningKeys) -> None:
    launch = chosen(visitor, accept_types=["html"])

    with pytest.raises(NotAccepted):
        deep_linking_response(launch, [ITEM], signing_keys=signing_keys, now=NOW)

    assert deep_linking_response(launch, [], signing_keys=signing_keys, now=NOW).jwt


@pytest.mark.parametrize(
    ("placement", "accept", "is_sent"),
    [
        (None, None, True),
        (None, True, True),
        (None, "true", True),
        (None, False, False),
        ("link_selection", True, False),
    ],
)
def test_a_column_is_left_out_only_where_the_lms_takes_none(
    visitor: Visitor, signing_keys: SigningKeys, placement: str | None, accept: object, is_sent: bool
) -> None:
    settings = {} if accept is None else {"accept_lineitem": accept}
    launch = chosen(visitor, placement=placement, **settings)

    form = deep_linking_response(launch, [ITEM], signing_keys=signing_keys, now=NOW)

    assert ("lineItem" in said(form, signing_keys)[DL + "content_items"][0]) is is_sent


def test_a_long_title_is_cut_to_what_every_lms_keeps(visitor: Visitor, signing_keys: SigningKeys) -> None:
    item = replace(ITEM, title="x" * 300)

    form = deep_linking_response(chosen(visitor), [item], signing_keys=signing_keys, now=NOW)

    assert len(said(form, signing_keys)[DL + "content_items"][0]["title"]) == 255


@pytest.mark.parametrize("url", [TARGET + "?a=1", TARGET + "#a", "/relative", "", TARGET + "/" + "x" * 500])
def test_an_address_that_some_lms_mangles_cannot_be_offered(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        ContentItem(url=url, title="x")


@pytest.mark.parametrize("maximum", [0, -1.0, float("nan"), float("inf")])
def test_a_column_without_points_cannot_be_offered(maximum: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        LineItemOffer(score_maximum=maximum, label="x", resource_id="x", tag="x")


def test_a_launch_that_asked_for_nothing_gets_no_answer(visitor: Visitor, signing_keys: SigningKeys) -> None:
    with pytest.raises(ValueError, match="no choice"):
        deep_linking_response(visitor.launch(), [], signing_keys=signing_keys, now=NOW)
