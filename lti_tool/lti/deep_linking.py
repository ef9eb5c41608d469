"""Deep Linking: a teacher chooses what the course gets, and the LMS makes a link (and a gradebook column) of it.

Source: Deep Linking 2.0, sections 3 and 4; LTI security framework 1.0, section 5.2; canvas-lms doc/api/content_item.md;
Moodle 4.5 as observed. `data` goes back exactly as it came or not at all (Brightspace compares it); an address carries
no query (Moodle compares it as redirect address) and is never left out (Blackboard shows an invalid link); identity
travels in custom texts and in the column's resource id.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt

from lti_tool.lti.addresses import is_web_address
from lti_tool.lti.claim_parts import DEEP_LINKING, LTI, DeepLinkingSettings
from lti_tool.lti.errors import LtiError
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.launch import Launch

__all__ = [
    "ContentItem",
    "DeepLinkingForm",
    "DeepLinkingSettings",
    "LineItemOffer",
    "NotAccepted",
    "deep_linking_response",
]

# Some LMSs refuse a message made in what they think is the future, Canvas one older than five minutes.
_BACKDATED = timedelta(seconds=5)
_LIFE = timedelta(minutes=5)
# Open edX keeps no longer address and title, Moodle no longer label.
_LONGEST_URL = 500
_LONGEST_TITLE = 255
_REVIEWABLE = ("InProgress", "Submitted", "Completed")


class NotAccepted(LtiError):
    """The LMS does not take this choice: more links than it asked for, or no links of this tool at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItemOffer:
    """The gradebook column that a link brings; `resource_id` finds it again, even before the first launch.

    Units: score_maximum in the column's own points, above zero.
    """

    score_maximum: float
    label: str
    resource_id: str
    tag: str
    is_reviewable: bool = False

    def __post_init__(self) -> None:
        """A column without points would be stored wrongly."""
        if not math.isfinite(self.score_maximum) or self.score_maximum <= 0:
            raise ValueError("the maximum must be above zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentItem:
    """One link that opens this tool, with the texts that come along at each of its launches."""

    url: str
    title: str
    text: str | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    line_item: LineItemOffer | None = None

    def __post_init__(self) -> None:
        """An address with a query, or a very long one, does not survive in every LMS."""
        if not is_web_address(self.url) or len(self.url) > _LONGEST_URL:
            raise ValueError("the address must be a web address of at most 500 characters")
        if urlsplit(self.url).query or urlsplit(self.url).fragment:
            raise ValueError("the address must have no query and no fragment")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinkingForm:
    """What the browser posts back to the LMS: one field `JWT` to `action_url`, which belongs escaped into a page."""

    action_url: str
    jwt: str


def deep_linking_response(
    launch: Launch,
    items: Sequence[ContentItem],
    *,
    signing_keys: SigningKeys,
    now: datetime,
    message: str | None = None,
    error: str | None = None,
) -> DeepLinkingForm:
    """The signed answer to the launch's question; without items it says that nothing was chosen.

    `message` and `error` are sentences that the LMS may show.
    Raises: NotAccepted; ValueError for a launch that asked for nothing.
    """
    settings = launch.claims.deep_linking
    if settings is None:
        raise ValueError("this launch asks for no choice")
    _require_accepted(settings, len(items))
    texts = {"msg": message, "errormsg": error}
    claims = {
        **_envelope(launch, now),
        DEEP_LINKING + "content_items": [_content_item(item, settings) for item in items],
        **({DEEP_LINKING + "data": settings.data} if settings.has_data else {}),
        **{DEEP_LINKING + name: text for name, text in texts.items() if text},
    }
    key = signing_keys.signer(now)
    token = jwt.encode(claims, key.private_key, algorithm="RS256", headers={"kid": key.kid})
    return DeepLinkingForm(action_url=settings.return_url, jwt=token)


def _require_accepted(settings: DeepLinkingSettings, count: int) -> None:
    """The LMS takes this many links."""
    if count and not settings.accepts_links:
        raise NotAccepted(NotAccepted.__doc__)
    if count > 1 and not settings.accepts_multiple:
        raise NotAccepted(NotAccepted.__doc__)


def _envelope(launch: Launch, now: datetime) -> dict[str, object]:
    """Who says this to whom, and for how long: here the tool is the issuer and the LMS the audience."""
    issued_at = now - _BACKDATED
    return {
        "iss": launch.platform.client_id,
        "aud": [launch.platform.issuer],
        "azp": launch.platform.issuer,
        "iat": int(issued_at.timestamp()),
        "exp": int((issued_at + _LIFE).timestamp()),
        "nonce": secrets.token_urlsafe(24),
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": launch.claims.deployment_id,
    }


def _content_item(item: ContentItem, settings: DeepLinkingSettings) -> dict[str, object]:
    """One link as the LMS reads it; the column is left out only where the LMS says that it takes none."""
    body: dict[str, object] = {"type": "ltiResourceLink", "url": item.url, "title": item.title[:_LONGEST_TITLE]}
    if item.text:
        body["text"] = item.text
    if item.custom:
        body["custom"] = {name: str(value) for name, value in item.custom.items()}
    if item.line_item is not None and settings.accepts_line_item is not False:
        body["lineItem"] = _line_item(item.line_item)
    return body


def _line_item(offer: LineItemOffer) -> dict[str, object]:
    """The column as AGS writes it; Open edX wants a whole number as maximum."""
    maximum = offer.score_maximum
    body: dict[str, object] = {
        "label": offer.label[:_LONGEST_TITLE],
        "scoreMaximum": int(maximum) if float(maximum).is_integer() else maximum,
        "resourceId": offer.resource_id,
        "tag": offer.tag,
    }
    return body | ({"submissionReview": {"reviewableStatus": list(_REVIEWABLE)}} if offer.is_reviewable else {})
