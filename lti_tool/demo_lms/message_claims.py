"""What a message says beyond a usual launch: deep linking settings, whom a review or a privacy request is about.

Source: Deep Linking 2.0 section 4.4; Submission Review 1.0; the Data Privacy Launch draft.
"""

from datetime import timedelta

from lti_tool.demo_lms.people import Person
from lti_tool.demo_lms.records import Intent, Link, Message, Selection, Tool
from lti_tool.demo_lms.state import Campus
from lti_tool.demo_lms.vocabulary import LINKING, LTI

CHOOSING_LIFETIME = timedelta(hours=1)


def message_claims(campus: Campus, *, intent: Intent, tool: Tool) -> dict[str, object]:
    """Answer the claims that only this kind of message has."""
    about: dict[str, object] = {f"{LTI}for_user": _for_user(tool, intent.about)} if intent.about else {}
    if intent.message is not Message.DEEP_LINKING or intent.course is None:
        return about
    return {f"{LINKING}deep_linking_settings": _settings(campus, tool.client_id, intent.course, intent.link)}


def _settings(campus: Campus, client_id: str, course: str, link: Link | None) -> dict[str, object]:
    habits = campus.dialect.linking
    # Characters that need care: the tool must send them back as they are.
    data = f"{course} & “{client_id}” +é" if habits.sends_data else None
    until = campus.now() + CHOOSING_LIFETIME
    chosen = Selection(course=course, client_id=client_id, data=data, expires_at=until, link=link)
    return {
        "deep_link_return_url": f"{campus.url}/content/{campus.remember_selection(chosen)}?a=1&b=%22",
        "accept_types": list(habits.accept_types),
        "accept_presentation_document_targets": ["iframe", "window", "embed"],
        "accept_multiple": habits.accepts_several and link is None,
        "auto_create": False,
        **({"accept_lineitem": True} if habits.says_accept_lineitem else {}),
        **({"data": data} if data is not None else {}),
    }


def _for_user(tool: Tool, person: Person) -> dict[str, str]:
    known = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
    }
    shown = {name: value for name, value in known.items() if name in tool.claims}
    return {"user_id": person.sub, "person_sourcedid": person.key, **shown}
