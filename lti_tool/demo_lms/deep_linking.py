"""Deep Linking 2.0, the platform's side: a teacher chooses content in a tool, and its answer becomes links here.

The answer is checked strictly: signature, issuer, audience, nonce, times, deployment, data echoed as it was sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.grade_values import Malformed, item_fields
from lti_tool.demo_lms.oidc import login_form
from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.records import Link, Message, Selection, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tool_keys import NotProven, signed_claims
from lti_tool.demo_lms.visitor import enter, problem, refuse
from lti_tool.demo_lms.vocabulary import LINKING, LTI

blueprint = Blueprint("deep_linking", __name__)

LEEWAY_SECONDS = 60
_RUNNERS = frozenset({Role.TEACHER, Role.ADMINISTRATOR})


@blueprint.get("/courses/<key>/content/<client_id>")
def choose(key: str, client_id: str) -> ResponseReturnValue:
    """Show the tool's content selection in a frame of the course, for a new link or for one that is there."""
    course, _ = enter(key, _RUNNERS)
    tool = _tool(client_id)
    start = url_for("deep_linking.launch", key=key, client_id=client_id, link=request.args.get("link"))
    return render_template("tool.html", course=course, title=f"Add from {tool.name}", start=start)


@blueprint.get("/courses/<key>/content/<client_id>/launch")
def launch(key: str, client_id: str) -> ResponseReturnValue:
    """Begin the content selection in this frame or window."""
    _, seat = enter(key, _RUNNERS)
    tool = _tool(client_id)
    edited = campus().links.get(request.args.get("link", ""))
    may_be_edited = campus().dialect.linking.edits_links
    if edited and not (may_be_edited and (edited.course, edited.client_id) == (key, client_id)):
        refuse(404, "There is no such link.")
    return login_form(
        seat.person,
        client_id=client_id,
        course=key,
        link=edited,
        message=Message.DEEP_LINKING,
        document_target="iframe",
        title=tool.name,
    )


@blueprint.post("/content/<name>")
def take(name: str) -> ResponseReturnValue:
    """Take the tool's answer: whoever brings it, the signature and the address say whose it is."""
    lms = campus()
    selection = lms.selections.get(name)
    if selection is None or selection.expires_at <= lms.now():
        return problem(404, "This choosing of content is over. Begin again in the course.")
    try:
        tool, claims = signed_claims(lms, request.form.get("JWT", ""), named_by="iss")
        _check_answer(lms, tool=tool, selection=selection, claims=claims)
        items = claims.get(f"{LINKING}content_items")
        wanted = _read_items(lms, tool, items, is_edited=selection.link is not None)
    except (NotProven, Malformed) as fault:
        return problem(400, f"The tool's answer was refused: {fault}")
    if lms.take_selection(name) is None:
        return problem(404, "This choosing of content is over. Begin again in the course.")
    if selection.link and wanted:
        links = [_change(lms, selection.link, wanted[0])]
    else:
        links = [_add(lms, selection=selection, item=item) for item in wanted]
    words = {kind: str(claims.get(f"{LINKING}{kind}", "")) for kind in ("msg", "errormsg")}
    return render_template("content.html", course=lms.college.courses[selection.course], links=links, words=words)


def _tool(client_id: str) -> Tool:
    tool = campus().tools.get(client_id)
    if tool is None or not tool.takes(Message.DEEP_LINKING):
        refuse(404, "This tool offers no content to choose from.")
    return tool


def _check_answer(lms: Campus, *, tool: Tool, selection: Selection, claims: Mapping[str, Any]) -> None:
    """Source: Deep Linking 2.0 section 4.5; canvas-lms deep linking controller (nonce, audience, age)."""
    audience, now = claims.get("aud"), lms.now().timestamp()
    if tool.client_id != selection.client_id:
        raise NotProven("It comes from another tool.")
    if lms.issuer not in (audience if isinstance(audience, list) else [audience]):
        raise NotProven("aud must be this platform's issuer.")
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int) or not issued - LEEWAY_SECONDS <= now < expires:
        raise NotProven("It has expired, or comes from the future.")
    if claims.get(f"{LTI}message_type") != "LtiDeepLinkingResponse" or claims.get(f"{LTI}version") != "1.3.0":
        raise NotProven("It is no LtiDeepLinkingResponse of version 1.3.0.")
    if claims.get(f"{LTI}deployment_id") != tool.deployments[lms.college.courses[selection.course].tenant]:
        raise NotProven("deployment_id is another one.")
    sent = {"data": selection.data} if selection.data is not None else {}
    if {name.removeprefix(LINKING): claims[name] for name in claims if name == f"{LINKING}data"} != sent:
        raise NotProven("Deep linking data claim does not match")
    _use_nonce(lms, tool, claims.get("nonce"))


def _use_nonce(lms: Campus, tool: Tool, nonce: object) -> None:
    with lms.lock:
        if not isinstance(nonce, str) or not nonce or (tool.client_id, nonce) in lms.seen_answers:
            raise NotProven("nonce is missing or was used already.")
        lms.seen_answers.add((tool.client_id, nonce))


def _read_items(lms: Campus, tool: Tool, items: object, *, is_edited: bool) -> list[Mapping[str, Any]]:
    """Answer the chosen links, all of them usable here.

    Raises: Malformed with the first reason.
    """
    habits = lms.dialect.linking
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Malformed("content_items must be a list of objects.")
    if len(items) > 1 and (is_edited or not habits.accepts_several):
        raise Malformed("only one content item is accepted here.")
    for item in items:
        url = item.get("url")
        if item.get("type") != "ltiResourceLink":
            raise Malformed("only items of the type ltiResourceLink are accepted here.")
        if (url is None and habits.must_have_url) or (url is not None and not _is_tools_own(tool, url)):
            raise Malformed("url must be an address of the tool.")
        custom = item.get("custom", {})
        if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
            raise Malformed("custom must have texts only.")
        if item.get("lineItem") is not None:
            item_fields(_labelled(item))
    return items


def _is_tools_own(tool: Tool, url: object) -> bool:
    return isinstance(url, str) and urlsplit(url).netloc == urlsplit(tool.target_link_uri).netloc


def _labelled(item: Mapping[str, Any]) -> Mapping[str, object]:
    """Answer the item's column, which needs no label of its own.

    Raises: Malformed when it is no object.
    """
    if not isinstance(item["lineItem"], dict):
        raise Malformed("lineItem must be an object.")
    return {"label": item.get("title") or "Activity", **item["lineItem"]}


def _change(lms: Campus, link: Link, item: Mapping[str, Any]) -> Link:
    """Answer the link with its new content; its column, if it has one, stays."""
    title, url = str(item.get("title") or link.title)[:255], str(item.get("url") or "")
    with lms.lock:
        lms.links[link.id] = replace(link, title=title, url=url, custom=item.get("custom", {}))
        return lms.links[link.id]


def _add(lms: Campus, *, selection: Selection, item: Mapping[str, Any]) -> Link:
    link = lms.add_link(
        course=selection.course,
        client_id=selection.client_id,
        title=str(item.get("title") or lms.tools[selection.client_id].name)[:255],
        url=str(item.get("url") or ""),
        custom=item.get("custom", {}),
    )
    if item.get("lineItem") is not None:
        fields = item_fields(_labelled(item))
        lms.add_item(
            course=selection.course,
            client_id=selection.client_id,
            label=fields.label,
            score_maximum=fields.score_maximum,
            resource_link_id=link.id,
            details=fields.details,
            is_made_by_tool=False,
        )
    return link
