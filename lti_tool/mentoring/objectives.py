"""What a programme can be for, and what then measures whether it worked.

Choosing an objective switches its measures on: they are kept with the settings, version by version, so that whatever
asks or counts later knows what a programme set out to know, and from when on.
Source: product 1.1 R1 (eight editable objectives) and 7.7 (measures).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.mentoring.words import N_


class Measure(StrEnum):
    """One thing that is asked or counted, because an objective asks for it."""

    BELONGING = "belonging"
    TALKED_ABOUT = "talked_about"
    GOALS_REACHED = "goals_reached"
    TOPICS = "topics"
    FIRST_MEETING = "first_meeting"
    FINDING_ONES_WAY = "finding_ones_way"
    PLANS = "plans"
    LANGUAGE = "language"
    CONFIDENCE = "confidence"
    ASKING_FOR_HELP = "asking_for_help"
    MENTOR_SKILLS = "mentor_skills"

    @property
    def label(self) -> str:
        """What it is, and when."""
        return _LABELS[self]


_LABELS = {
    Measure.BELONGING: N_("three questions about belonging, at the start and at the end"),
    Measure.TALKED_ABOUT: N_("what pairs say in check-ins that they worked on"),
    Measure.GOALS_REACHED: N_("how many goals pairs reach"),
    Measure.TOPICS: N_("how sure students feel about the course’s topics, at the start and at the end"),
    Measure.FIRST_MEETING: N_("how soon pairs meet"),
    Measure.FINDING_ONES_WAY: N_("three questions about finding one’s way, at the start and at the end"),
    Measure.PLANS: N_("one question about plans, at the start and at the end"),
    Measure.LANGUAGE: N_("how sure students feel in the language they practise, at the start and at the end"),
    Measure.CONFIDENCE: N_("three questions about confidence, at the start and at the end"),
    Measure.ASKING_FOR_HELP: N_("three questions about asking for help, at the start and at the end"),
    Measure.MENTOR_SKILLS: N_("what mentors say they can do, before their training and at the end"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing a programme can aim at; `measured_by` says its measures in a sentence."""

    key: str
    label: str
    measured_by: str
    measures: tuple[Measure, ...]

    @property
    def field(self) -> str:
        """The field of a form that holds an instructor's own words for it."""
        return f"objective-{self.key}"


_ALL = (
    Objective(
        key="belonging",
        label=N_("Students feel that they belong here"),
        measured_by=N_("Measured by three questions about belonging, at the start and at the end."),
        measures=(Measure.BELONGING,),
    ),
    Objective(
        key="study_habits",
        label=N_("Students study in better ways"),
        measured_by=N_("Measured by what pairs say they worked on in check-ins, and by the goals they reach."),
        measures=(
            Measure.TALKED_ABOUT,
            Measure.GOALS_REACHED,
        ),
    ),
    Objective(
        key="course_performance",
        label=N_("Students do better in this course"),
        measured_by=N_("Measured by how sure students feel about the course’s topics; results stay in the LMS."),
        measures=(Measure.TOPICS,),
    ),
    Objective(
        key="transition",
        label=N_("Newcomers find their way"),
        measured_by=N_("Measured by how soon pairs meet, and by three questions about finding one’s way."),
        measures=(
            Measure.FIRST_MEETING,
            Measure.FINDING_ONES_WAY,
        ),
    ),
    Objective(
        key="career",
        label=N_("Students know what they want to do next"),
        measured_by=N_("Measured by one question about plans, at the start and at the end."),
        measures=(Measure.PLANS,),
    ),
    Objective(
        key="language",
        label=N_("Students grow surer in a language"),
        measured_by=N_(
            "Measured by how sure students feel in the language they practise, at the start and at the end."
        ),
        measures=(Measure.LANGUAGE,),
    ),
    Objective(
        key="confidence",
        label=N_("Students trust in themselves and ask for help"),
        measured_by=N_("Measured by three questions about confidence and three about asking for help."),
        measures=(
            Measure.CONFIDENCE,
            Measure.ASKING_FOR_HELP,
        ),
    ),
    Objective(
        key="leadership",
        label=N_("Mentors learn to lead and to listen"),
        measured_by=N_("Measured by what mentors say they can do, before their training and at the end."),
        measures=(Measure.MENTOR_SKILLS,),
    ),
)

OBJECTIVES = {objective.key: objective for objective in _ALL}


def wording(key: str, own_words: str) -> str:
    """Return how an objective is shown: in the instructor's own words, else in the usual ones."""
    return own_words or (OBJECTIVES[key].label if key in OBJECTIVES else key)


def measures_of(objectives: Iterable[tuple[str, str]]) -> tuple[Measure, ...]:
    """Return what a programme's objectives switch on, each once, in the order of the objectives.

    Shape: `objectives` are (key, own words), as the settings hold them.
    """
    chosen = [OBJECTIVES[key].measures for key, _words in objectives if key in OBJECTIVES]
    return tuple(dict.fromkeys(one for measures in chosen for one in measures))
