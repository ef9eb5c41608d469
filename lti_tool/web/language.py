"""The language and the time zone of a page, and a course's own words in what it says."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale

from lti_tool.mentoring.role_words import USUAL, RoleWords, role_words, said_with
from lti_tool.mentoring.zones import zone_named
from lti_tool.store.programme import Programme


class Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The tool's texts, with the course's own words where it has any; a page that says hundreds of sentences looks for
    them once."""

    def get_translations(self) -> Any:
        """The texts in the language of now, which a letter changes for its reader."""
        if not g:
            return super().get_translations()  # nobody's language
        here = vars(g._get_current_object())  # noqa: SLF001  # Werkzeug's way past its proxy, which costs more than the rest
        kept, babel = here.get("texts"), here.get("_flask_babel")
        now = (getattr(babel, "babel_locale", None), here.get("visitor"))
        if kept is None or babel is None or kept[0] is not now[0] or kept[1] is not now[1]:
            kept = here["texts"] = (get_locale(), now[1], self._said())
        return kept[2]

    def _said(self) -> Any:
        texts, words = super().get_translations(), own_words()
        return _Said(texts, words, usual_words(texts)) if words else texts


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


@dataclass(frozen=True, slots=True)
class _Said:
    """The texts of a language as one course says them."""

    texts: Any
    words: RoleWords
    usual: tuple[str, ...]

    def ugettext(self, text: str) -> str:
        """One sentence."""
        return said_with(self.texts.ugettext(text), self.words, self.usual)

    def ungettext(self, one: str, many: str, number: int) -> str:
        """One sentence for a number."""
        return said_with(self.texts.ungettext(one, many, number), self.words, self.usual)


def own_words() -> RoleWords | None:
    """The words of the programme that is shown, where it has its own."""
    here = g.get("visitor")
    return words_of(here.programme) if here else None


def words_of(programme: Programme) -> RoleWords | None:
    """What a programme calls those who help and are helped, where that is not as usual."""
    return role_words(
        programme.mentor_word, programme.mentee_word, mentors=programme.mentors_word, mentees=programme.mentees_word
    )


def usual_words(texts: Any) -> tuple[str, ...]:
    """What is looked for in the sentences of a language."""
    return tuple(str(texts.ugettext(word)).lower() for word in USUAL)


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
