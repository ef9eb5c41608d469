"""Where an LMS tells what happened. The signature is the proof; no cookie and no form token could be."""

import structlog
from flask import Blueprint, request

from lti_tool.actions.notices import take_notices
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.notifications import Notice, notices_in, read_notice
from lti_tool.web.visitor import edge, now

log = structlog.get_logger()

blueprint = Blueprint("notices", __name__, url_prefix="/lti")


@blueprint.post("/notices")
def receive() -> tuple[str, int]:
    """Verify each notice, and act on those that are good and new."""
    tokens = notices_in(request.get_data())
    good = [notice for notice in map(_read, tokens) if notice]
    taken = take_notices(good, now=now())
    log.info("notices.taken", sent=len(tokens), good=len(good), new=taken)
    return "", 204 if len(good) == len(tokens) else 400


def _read(token: str) -> Notice | None:
    ours = edge()
    try:
        return read_notice(token, platforms=ours.directory, key_sets=ours.key_sets, now=now())
    except LaunchRefused as refusal:
        log.info("notice.refused", code=str(refusal.reason))
        return None
