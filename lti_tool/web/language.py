"""The language and the time zone of a page."""

from typing import cast

from flask import current_app, g, request

from lti_tool.mentoring.zones import zone_named


def locale() -> str | None:
    """The language of the page: the LMS's for this person, else the browser's, as far as there are texts in it."""
    offered = [str(one) for one in current_app.extensions["babel"].instance.list_translations()]
    here = g.get("visitor")
    said = here.person.locale if here else g.asking.locale if "asking" in g else g.get("launch_locale")
    wanted = (said or "").replace("-", "_")
    for name in (wanted, wanted.split("_")[0]):
        if name in offered:
            return name
    return request.accept_languages.best_match(offered)


def time_zone() -> str | None:
    """The time zone of the page: on a pair's pages what the person chose when joining, else the person's, else the
    programme's."""
    here = g.get("visitor")
    if here is None:
        return None
    chosen = g.get("pair_zone", "")
    if zone_named(chosen):
        return cast(str, chosen)
    return cast(str, here.person.time_zone if zone_named(here.person.time_zone) else here.programme.time_zone)
