"""Four kinds of programmes: what each is for, and the values that follow from it.

A preset fills in; everything stays open to change. How much each question counts stands in `weights`.
Source: product 5.2 (four presets), 5.4 (stage as a soft rule), 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lti_tool.mentoring.programme import Cadence, Preset, ProgrammeSettings, Seniority
from lti_tool.mentoring.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetValues:
    """What a preset fills in."""

    label: str
    reasons: str
    cadence: Cadence
    check_in_count: int
    meeting_count: int
    mentor_capacity_limit: int
    seniority: Seniority
    asks_application: bool
    asks_training: bool


_PRESETS: Mapping[Preset, PresetValues] = {
    Preset.STUDY_SKILLS: PresetValues(
        label=N_("Study skills"),
        reasons=N_(
            "For courses in which many could use somebody to plan and study with. What counts most is that one offers "
            "the help the other wants and that both are free at the same time, since pairs that meet are pairs that "
            "work. Anybody may be a mentor: one step ahead is enough. A check-in every two weeks keeps pairs going "
            "without becoming a chore."
        ),
        cadence=Cadence.FORTNIGHTLY,
        check_in_count=6,
        meeting_count=5,
        mentor_capacity_limit=3,
        seniority=Seniority.IGNORE,
        asks_application=False,
        asks_training=False,
    ),
    Preset.HARD_COURSE: PresetValues(
        label=N_("A hard course"),
        reasons=N_(
            "For a course that many find difficult. The course’s own topics count most: somebody who is unsure of one "
            "is matched with somebody who is sure of it. Mentors are further on in the course or have passed it, and "
            "apply first, since explaining well is a skill of its own. Pairs check in every week, so that nobody waits "
            "long with a question."
        ),
        cadence=Cadence.WEEKLY,
        check_in_count=10,
        meeting_count=8,
        mentor_capacity_limit=3,
        seniority=Seniority.REQUIRE,
        asks_application=True,
        asks_training=False,
    ),
    Preset.TRANSITION: PresetValues(
        label=N_("Arriving here"),
        reasons=N_(
            "For newcomers: first year, a new country, back after a break. What two people share counts more than any "
            "topic: field, situation, interests, ways of working. Mentors have been here longer and take the training "
            "first, because newcomers bring more than questions about a course. One mentor can take more newcomers, "
            "and questions about course topics are left out."
        ),
        cadence=Cadence.FORTNIGHTLY,
        check_in_count=6,
        meeting_count=5,
        mentor_capacity_limit=4,
        seniority=Seniority.REQUIRE,
        asks_application=False,
        asks_training=True,
    ),
    Preset.THESIS_PROJECT: PresetValues(
        label=N_("A thesis or a project"),
        reasons=N_(
            "For long pieces of work that everybody does alone. Field and stage count most beside the help that is "
            "wanted, then how two people like to work. Mentors apply, and take few mentees, since reading and thinking "
            "along takes time. Pairs meet seldom and for longer, so there is one check-in every four weeks."
        ),
        cadence=Cadence.MONTHLY,
        check_in_count=3,
        meeting_count=4,
        mentor_capacity_limit=2,
        seniority=Seniority.PREFER,
        asks_application=True,
        asks_training=False,
    ),
}


def preset_values(preset: Preset) -> PresetValues:
    """Return what the preset fills in."""
    return _PRESETS[preset]


def with_preset(settings: ProgrammeSettings, preset: Preset) -> ProgrammeSettings:
    """Return the settings with the preset's values; title, words, dates, sections and points stay."""
    values = preset_values(preset)
    return replace(
        settings,
        preset=preset,
        cadence=values.cadence,
        check_in_count=values.check_in_count,
        meeting_count=values.meeting_count,
        mentor_capacity_limit=values.mentor_capacity_limit,
        seniority=values.seniority,
        asks_application=values.asks_application,
        asks_training=values.asks_training,
    )
