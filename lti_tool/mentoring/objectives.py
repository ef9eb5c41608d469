"""What a programme can be for, and what then measures whether it worked.

Choosing an objective puts its statement into the closing survey, where everybody it is about says how far it is so; the
results of the survey show it.
Source: product 1.1 R1 (eight editable objectives) and 7.7 (measures).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing a programme can aim at; `statement` is what measures it, of mentors alone where it is about them."""

    key: str
    label: str
    statement: str
    is_of_mentors: bool = False

    @property
    def field(self) -> str:
        """The field of a form that holds an instructor's own words for it."""
        return f"objective-{self.key}"


_ALL = (
    Objective(
        key="belonging",
        label=N_("Students feel that they belong here"),
        statement=N_("I feel that I belong here."),
    ),
    Objective(
        key="study_habits",
        label=N_("Students study in better ways"),
        statement=N_("I study in better ways than before."),
    ),
    Objective(
        key="course_performance",
        label=N_("Students do better in this course"),
        statement=N_("I feel surer of the topics of this course than before."),
    ),
    Objective(
        key="transition",
        label=N_("Newcomers find their way"),
        statement=N_("I know where to turn here with a question."),
    ),
    Objective(
        key="career",
        label=N_("Students know what they want to do next"),
        statement=N_("I know better than before what I want to do next."),
    ),
    Objective(
        key="language",
        label=N_("Students grow surer in a language"),
        statement=N_("I feel surer in the language that I practised."),
    ),
    Objective(
        key="confidence",
        label=N_("Students trust in themselves and ask for help"),
        statement=N_("I ask for help when I need it."),
    ),
    Objective(
        key="leadership",
        label=N_("Mentors learn to lead and to listen"),
        statement=N_("I have become better at listening and at leading."),
        is_of_mentors=True,
    ),
)

OBJECTIVES = {objective.key: objective for objective in _ALL}


def wording(key: str, own_words: str) -> str:
    """Return how an objective is shown: in the instructor's own words, else in the usual ones."""
    return own_words or (OBJECTIVES[key].label if key in OBJECTIVES else key)


def statements_of(objectives: Iterable[tuple[str, str]]) -> tuple[Sentence, ...]:
    """Return what a programme's objectives put into the closing survey, each in quotation marks, in their order.

    Shape: `objectives` are (key, own words), as the settings hold them.
    """
    chosen = (OBJECTIVES[key] for key, _words in objectives if key in OBJECTIVES)
    return tuple(Sentence(N_("“%(statement)s”"), {"statement": Sentence(one.statement)}) for one in chosen)
