"""Where a meeting takes place: a video link, known by its host, or a place in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

WHERE_LENGTH = 500


class Provider(StrEnum):
    """Whose video room a link opens, as far as its host says so."""

    ZOOM = "zoom"
    TEAMS = "teams"
    MEET = "meet"
    WEBEX = "webex"
    BIG_BLUE_BUTTON = "bigbluebutton"
    JITSI = "jitsi"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLink:
    """An https address, its host as it is to be shown, and whose room it is."""

    url: str
    host: str
    provider: Provider


# A host belongs to whoever owns the end of its name: `college.zoom.us`, never `zoom.us.example`.
_DOMAINS: Mapping[str, Provider] = {
    "zoom.us": Provider.ZOOM,
    "zoom.com": Provider.ZOOM,
    "zoomgov.com": Provider.ZOOM,
    "teams.microsoft.com": Provider.TEAMS,
    "teams.microsoft.us": Provider.TEAMS,
    "teams.cloud.microsoft": Provider.TEAMS,
    "teams.live.com": Provider.TEAMS,
    "meet.google.com": Provider.MEET,
    "webex.com": Provider.WEBEX,
    "meet.jit.si": Provider.JITSI,
    "8x8.vc": Provider.JITSI,
    "bigbluebutton.org": Provider.BIG_BLUE_BUTTON,
}
# Both are free software that colleges run themselves, under a name that begins so by custom.
_FIRST_LABELS: Mapping[str, Provider] = {
    "bbb": Provider.BIG_BLUE_BUTTON,
    "bigbluebutton": Provider.BIG_BLUE_BUTTON,
    "greenlight": Provider.BIG_BLUE_BUTTON,
    "jitsi": Provider.JITSI,
}


def read_where(text: str) -> str | Sentence:
    """Return what somebody wrote into the field "where", ready to keep, or what is wrong with it."""
    text = text.strip()
    wrong = wrong_with_text(text)
    if wrong is not None:
        return wrong
    if len(text) > WHERE_LENGTH:
        return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": WHERE_LENGTH})
    if not _is_meant_as_link(text):
        return " ".join(text.split())
    if not text.lower().startswith("https://"):
        return Sentence(N_("A video link begins with https://. Please copy the whole link from the invitation."))
    if video_link(text) is None:
        return Sentence(N_("This is not an address that a browser can open. Please copy the whole link."))
    return text


def video_link(where: str) -> VideoLink | None:
    """Return the link that this is, or None for a place in words and for an address that hides where it leads.

    Shape: no name or password before the host, no blanks or backslashes, an ordinary host in ASCII.
    """
    if not where.lower().startswith("https://") or any(one.isspace() or one in '\\<>"' for one in where):
        return None
    try:
        parts = urlsplit(where)
        host, _port = (parts.hostname or ""), parts.port
        host = host.encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.username is not None or parts.password is not None or not _is_host(host):
        return None
    return VideoLink(url=where, host=host, provider=_provider(host))


def _is_meant_as_link(text: str) -> bool:
    lowered = text.lower()
    return "://" in lowered or lowered.startswith("www.") or lowered.split("/", maxsplit=1)[0] in _DOMAINS


def _is_host(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        return len(labels) > 1 and all(label and label.strip("-") == label for label in labels)
    return False


def _provider(host: str) -> Provider:
    for domain, provider in _DOMAINS.items():
        if host == domain or host.endswith("." + domain):
            return provider
    return _FIRST_LABELS.get(host.split(".", maxsplit=1)[0], Provider.OTHER)
