"""What every page of a pair shares: whose it is, who else is in it, and whether anything can be written there now.

Pages: each slice of the pair's place adds its line to `PAGES`, and where its due things lead to `PLACES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import abort, flash, g, redirect, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lti_tool.mentoring.checkins_probes import ProbeKind
from lti_tool.mentoring.pair_life import why_closed
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.reflections import Stage
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import life_of
from lti_tool.store.pairs import PairMember, Partner, members_of, own_pair
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme
from lti_tool.web.text import sentence
from lti_tool.web.visitor import visitor

# The pages of a pair, in the order of its navigation.
PAGES: tuple[tuple[str, str], ...] = (
    ("student.workspace.pair", _l("Overview")),
    ("student.pair_thread.show", _l("Conversation")),
    ("student.meetings.overview", _l("Meetings")),
    ("student.pair_checkins.overview", _l("Check-ins")),
    ("student.pair_agreement.show", _l("Agreement")),
    ("student.pair_goals.overview", _l("Goals")),
    ("student.pair_tasks.overview", _l("Tasks")),
    ("student.pair_guides.show", _l("Guides")),
    ("student.pair_shelf.show", _l("Shelf")),
    ("student.help.show", _l("Something isn’t working")),
)
# Where what is due is done: kind of place to endpoint; a number, where there is one, is passed on.
PLACES: dict[str, str] = {
    "check_in": "student.workspace.check_in",
    "pair": "student.workspace.pair",
    "guide": "student.pair_guides.guide",
    "trouble": "student.help.show",
    "agreement": "student.pair_agreement.show",
    "goals": "student.pair_goals.overview",
    "goal": "student.pair_goals.show",
    "tasks": "student.pair_tasks.overview",
    "meetings": "student.meetings.overview",
    "meeting": "student.meeting.show",
    "thread": "student.pair_thread.show",
    "alone": "student.pair_alone.show",
    "survey": "student.survey.answer",
    "rematch": "student.rematch.show",
    "farewell": "student.life.farewell",
    **{kind.value: f"student.pair_checkins.{kind.value}" for kind in ProbeKind},
    **{f"reflection_{stage.value}": f"student.reflections.{stage.value}" for stage in Stage},
}

OVER = Sentence(N_("This programme has ended. What was written stays readable."))


@dataclass(frozen=True, kw_only=True)
class OwnPair:
    """One of the visitor's pairs, from their side."""

    programme: Programme
    pair: Pair
    enrolment: Enrolment
    member: PairMember
    everybody: Sequence[Partner]

    @cached_property
    def partners(self) -> list[Partner]:
        """Who else is in it, mentors first."""
        return [one for one in self.everybody if one.member.id != self.member.id]

    @property
    def people(self) -> list[Person]:
        """The partners as people."""
        return [one.person for one in self.partners]

    @property
    def why_closed(self) -> Sentence | None:
        """Why nothing can be written here; None while it can."""
        why = why_closed(life_of(self.pair))
        if why is not None:
            return why
        return None if ALLOWED[Phase(self.programme.phase)].check_ins else OVER

    @property
    def is_writable(self) -> bool:
        """Whether something can be written here now."""
        return self.why_closed is None


def here_in(pair_id: int) -> OwnPair:
    """The visitor's own pair in this programme, running or ended; to everybody else there is no such page."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    g.pair_zone = enrolment.time_zone  # a meeting and what is due show the same clock
    return from_inside(own_pair(pair_id, enrolment.id) or abort(404), enrolment, here.programme)


def from_inside(pair: Pair, enrolment: Enrolment, programme: Programme) -> OwnPair:
    """A pair as one of its members sees it."""
    everybody = members_of(pair.id)
    own = next(one.member for one in everybody if one.enrolment.id == enrolment.id)
    return OwnPair(programme=programme, pair=pair, enrolment=enrolment, member=own, everybody=everybody)


def refused(own: OwnPair) -> Response | None:
    """The way back with the reason where nothing can be written; None where it can. For every POST of a pair's page."""
    why = own.why_closed
    if why is None:
        return None
    flash(sentence(why), "warning")
    return redirect(url_for("student.workspace.pair", pair_id=own.pair.id), 303)
