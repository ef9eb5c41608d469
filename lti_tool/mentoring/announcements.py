"""What staff tell everybody, or one side, of a programme; and the same words as a chat channel takes them.

Source: Slack's documentation of incoming webhooks (three characters to escape); Microsoft's of webhooks for Teams made
by workflows (an adaptive card in a message).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from lti_tool.mentoring.plain import one_line, paragraphs, wrong
from lti_tool.mentoring.words import N_, Sentence

LONGEST_SUBJECT = 120
LONGEST_TEXT = 4000
LONGEST_ADDRESS = 2000


class Audience(StrEnum):
    """Whom an announcement is for."""

    EVERYBODY = "everybody"
    MENTORS = "mentors"
    MENTEES = "mentees"


class Channel(StrEnum):
    """The kinds of chat whose webhooks are known."""

    SLACK = "slack"  # Mattermost and Rocket.Chat take the same
    TEAMS = "teams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What people will read."""

    subject: str
    text: str
    audience: Audience
    goes_to_channel: bool


def parse_announcement(form: Mapping[str, str]) -> tuple[Announcement | None, dict[str, Sentence]]:
    """Return the announcement a form holds, or None and what is wrong, by field name.

    Shape: the fields are `subject`, one line, `text`, `audience`, and `channel`, which is `yes` or missing.
    """
    subject, text = one_line(form.get("subject", "")), paragraphs(form.get("text", ""))
    checks = {"subject": wrong(subject, longest=LONGEST_SUBJECT), "text": wrong(text, longest=LONGEST_TEXT)}
    problems = {name: problem for name, problem in checks.items() if problem}
    named = form.get("audience", "")
    if named not in set(Audience):
        problems["audience"] = Sentence(N_("Please choose whom this is for."))
    if form.get("channel") == "yes" and named != Audience.EVERYBODY:
        problems["channel"] = Sentence(
            N_("A channel is read by everybody, so only what is for everybody can be posted there.")
        )
    if problems:
        return None, problems
    made = Announcement(
        subject=subject, text=text, audience=Audience(named), goes_to_channel=form.get("channel") == "yes"
    )
    return made, {}


def audiences_of(roles: Collection[str]) -> frozenset[Audience]:
    """Return whose announcements somebody reads who takes part in these roles; nobody in none reads any."""
    if not roles:
        return frozenset()
    found = {Audience.EVERYBODY}
    if set(roles) - {"mentee"}:
        found.add(Audience.MENTORS)
    if set(roles) - {"mentor"}:
        found.add(Audience.MENTEES)
    return frozenset(found)


def why_not_post_to(address: str, allowed_hosts: Collection[str], *, may_be_local: bool = False) -> Sentence | None:
    """Return why nothing can be posted to this address, or None: https, and a host that the installation names.

    Shape: an allowed host is a name, or `*.` and a name for every host below it.
    """
    try:
        parts = urlsplit(address)
        host, is_whole = (parts.hostname or "").rstrip("."), len(address) <= LONGEST_ADDRESS and address.isprintable()
    except ValueError:
        return _NO_ADDRESS
    is_safe = parts.scheme == "https" or (may_be_local and parts.scheme == "http")
    if not (host and is_whole and is_safe and "@" not in parts.netloc) or set(address) & set(' \\"<>'):
        return _NO_ADDRESS
    if any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in allowed_hosts):
        return None
    return Sentence(
        N_("Nothing can be posted to %(host)s: whoever runs this tool has not allowed it. Allowed are: %(hosts)s."),
        {"host": host, "hosts": ", ".join(sorted(allowed_hosts))},
    )


_NO_ADDRESS = Sentence(N_("Please paste the whole address of the webhook. It begins with https://."))


def channel_message(channel: Channel, *, subject: str, text: str, course: str) -> dict[str, Any]:
    """Return the announcement as the channel's webhook takes it; nothing in it is markup or a call to people."""
    if channel is Channel.SLACK:
        title = _for_slack(one_line(subject)).replace("*", "∗")
        said = f"*{title}* · {_for_slack(one_line(course))}\n\n{_for_slack(text)}"
        return {"text": said, "unfurl_links": False, "unfurl_media": False, "parse": "none"}
    blocks = [
        {
            "type": "TextBlock",
            "text": _for_teams(one_line(subject)),
            "weight": "Bolder",
            "size": "Medium",
            "wrap": True,
        },
        {"type": "TextBlock", "text": _for_teams(one_line(course)), "isSubtle": True, "spacing": "None", "wrap": True},
        {"type": "TextBlock", "text": _for_teams(text), "wrap": True},
    ]
    card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    content_type = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": content_type, "content": card}]}


def _for_slack(text: str) -> str:
    """The text as Slack shows it: `<!channel>` and links with other words in them are only letters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _for_teams(text: str) -> str:
    """The text as Teams shows it: signs of Markdown are only signs, and a line stays a line."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-!>|~" else sign for sign in text)
    return escaped.replace("\n", "\n\n")
