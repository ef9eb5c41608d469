"""Who may show a page in a frame, and which way back is believed: the LMS of the visit, and nobody else.

Source: CSP level 3, frame-ancestors (every page around must be on the list). Canvas is shown under hosts of its own
beside the one that launches (canvas-lms doc/api/lti_dev_key_config.md). Open edX's learning pages live on another host
than the LMS, which names it nowhere.
"""

from collections.abc import Iterable

from flask import g

from lti_tool.lti.addresses import canonical_origin, is_web_address, with_query
from lti_tool.lti.platform import Platform
from lti_tool.store.db import db
from lti_tool.store.people import Course
from lti_tool.store.platforms import Registration, find_registration

Lms = Registration | Platform  # what an LMS told of itself when it was registered

ANY_LMS = "https:"
MORE_FRAMERS = {"canvas": ("https://*.instructure.com",), "openedx": (ANY_LMS,)}


def origins_of(registration: Lms, course: Course | None = None) -> set[str]:
    """The LMS's own addresses, as far as it told them."""
    urls = [registration.issuer, registration.auth_login_url, registration.jwks_url]
    if course:
        urls += [course.memberships_url or "", course.line_items_url or ""]
    return _origins(urls)


def way_back(return_url: str | None, registration: Lms, course: Course | None = None) -> str | None:
    """The address back into the LMS, if it is that LMS's."""
    if return_url is None or not _origins([return_url]) <= origins_of(registration, course):
        return None
    return return_url


def telling(return_url: str | None, words: str, *, code: str, is_error: bool = False) -> str | None:
    """The way back with what the LMS is to show there, and what its log is to keep; nothing about any person.

    Source: LTI 1.3 core, section 5.4.4 (`lti_errormsg`, `lti_errorlog`, `lti_msg`, `lti_log`).
    """
    if return_url is None or not is_web_address(return_url):
        return None
    shown, logged = ("lti_errormsg", "lti_errorlog") if is_error else ("lti_msg", "lti_log")
    return with_query(return_url, {shown: words, logged: code})


def of_issuer(issuer: str, client_id: str | None) -> None:
    """The page of this request belongs to this LMS, if it is known."""
    found = find_registration(issuer, client_id) if client_id else None
    if found:
        of_lms(found)


def of_lms(lms: Lms, *, course: Course | None = None, return_url: str | None = None) -> None:
    """The page of this request belongs to this LMS, seen from this course."""
    found = origins_of(lms, course) | _origins([return_url or ""])
    g.framers = sorted(found) + list(MORE_FRAMERS.get(lms.family, ()))


def of_url(url: str) -> None:
    """The page of this request may be shown by this address's LMS; it is not known yet by which of its hosts."""
    g.framers = [ANY_LMS, *_origins([url])]


def framers(*, may_be_local: bool) -> str:
    """Who may show the page of this request in a frame; before an LMS is known, any page that is as safe as one."""
    known = g.get("framers")
    here = g.get("visitor")
    if here and not known:
        lms = db.session.get_one(Registration, here.course.registration_id)
        of_lms(lms, course=here.course, return_url=here.return_url)
        known = g.get("framers")
    local = ["http://localhost:*", "http://127.0.0.1:*"] if may_be_local else []
    return " ".join([*(known or [ANY_LMS]), *local])


def _origins(urls: Iterable[str]) -> set[str]:
    return {origin for origin in map(canonical_origin, urls) if origin}
