"""The language and the time zone of a page."""

from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, get_locale, get_translations

from lti_tool.mentoring.zones import zone_named


def attach(app: Flask) -> None:
    """Give pages and letters their language; templates look for its texts once for a page, not for each sentence."""
    Babel(app, locale_selector=locale, timezone_selector=time_zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext=lambda text: _texts().ugettext(text),
        ngettext=lambda one, many, number: _texts().ungettext(one, many, number),
        newstyle=True,
    )


def translated(text: str, **values: Any) -> str:
    """A text in the language of now; pages that say hundreds of sentences look for the language only once."""
    found = str(_texts().ugettext(text))
    return found % values if values else found


def _texts() -> Any:
    """The texts in the language of now, which a letter changes for its reader."""
    kept = g.get("texts")
    babel = g.get("_flask_babel")
    if kept is None or babel is None or kept[0] is not getattr(babel, "babel_locale", None):
        kept = g.texts = (get_locale(), get_translations())
    return kept[1]


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
