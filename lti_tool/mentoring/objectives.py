"""What a programme can be for, and what then measures whether it worked.

Source: product 1.1 R1 (eight editable objectives) and 7.7 (measures).
"""

from dataclasses import dataclass

from lti_tool.mentoring.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing a programme can aim at; `measured_by` is what students and staff will see of it."""

    key: str
    label: str
    measured_by: str

    @property
    def field(self) -> str:
        """The field of a form that holds an instructor's own words for it."""
        return f"objective-{self.key}"


_ALL = (
    Objective(
        key="belonging",
        label=N_("Students feel that they belong here"),
        measured_by=N_("Measured by three questions about belonging, at the start and at the end."),
    ),
    Objective(
        key="study_habits",
        label=N_("Students study in better ways"),
        measured_by=N_("Measured by what pairs say they worked on in check-ins, and by the goals they reach."),
    ),
    Objective(
        key="course_performance",
        label=N_("Students do better in this course"),
        measured_by=N_("Measured by how sure students feel about the course’s topics; results stay in the LMS."),
    ),
    Objective(
        key="transition",
        label=N_("Newcomers find their way"),
        measured_by=N_("Measured by how soon pairs meet, and by three questions about finding one’s way."),
    ),
    Objective(
        key="career",
        label=N_("Students know what they want to do next"),
        measured_by=N_("Measured by one question about plans, at the start and at the end."),
    ),
    Objective(
        key="language",
        label=N_("Students grow surer in a language"),
        measured_by=N_(
            "Measured by how sure students feel in the language they practise, at the start and at the end."
        ),
    ),
    Objective(
        key="confidence",
        label=N_("Students trust in themselves and ask for help"),
        measured_by=N_("Measured by three questions about confidence and three about asking for help."),
    ),
    Objective(
        key="leadership",
        label=N_("Mentors learn to lead and to listen"),
        measured_by=N_("Measured by what mentors say they can do, before their training and at the end."),
    ),
)

OBJECTIVES = {objective.key: objective for objective in _ALL}


def wording(key: str, own_words: str) -> str:
    """Return how an objective is shown: in the instructor's own words, else in the usual ones."""
    return own_words or (OBJECTIVES[key].label if key in OBJECTIVES else key)
