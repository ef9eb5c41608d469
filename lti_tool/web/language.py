"""The language and the time zone of a page."""

from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale

from lti_tool.mentoring.zones import zone_named


class Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The tool's texts; a page that says hundreds of sentences looks for its language once."""

    def get_translations(self) -> Any:
        """The texts in the language of now, which a letter changes for its reader."""
        if not g:
            return super().get_translations()  # nobody's language
        here = vars(g._get_current_object())  # noqa: SLF001  # Werkzeug's way past its proxy, which costs more than the rest
        kept, babel = here.get("texts"), here.get("_flask_babel")
        if kept is None or babel is None or kept[0] is not getattr(babel, "babel_locale", None):
            kept = here["texts"] = (get_locale(), super().get_translations())
        return kept[1]


TEXTS = Texts()


def attach(app: Flask) -> None:
    """Give pages and letters their language."""
    babel = Babel(app, locale_selector=locale, timezone_selector=time_zone)
    babel.domain_instance = TEXTS
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext=lambda text: TEXTS.get_translations().ugettext(text),
        ngettext=lambda one, many, number: TEXTS.get_translations().ungettext(one, many, number),
        newstyle=True,
    )


def translated(text: str, **values: Any) -> str:
    """A text in the language of now."""
    found = str(TEXTS.get_translations().ugettext(text))
    return found % values if values else found


def _offered() -> list[str]:
    """The languages that there are texts in; the folder is read once."""
    known: dict[str, Any] = current_app.extensions
    if "languages" not in known:
        known["languages"] = [str(one) for one in known["babel"].instance.list_translations()]
    found: list[str] = known["languages"]
    return found


def locale() -> str | None:
    """The language of the page: the LMS's for this person, else the browser's, as far as there are texts in it."""
    offered = _offered()
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
