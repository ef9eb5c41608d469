"""What differs between two versions of a programme, in words: setting by setting, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.mentoring.objectives import wording
from lti_tool.mentoring.presets import preset_values
from lti_tool.mentoring.programme import SETTING_NAMES, Cadence, Preset, ProgrammeSettings, Seniority
from lti_tool.mentoring.scheme_presets import PRESET_WORDS
from lti_tool.mentoring.schemes import COLUMN_WORDS, RELEASE_WORDS, Columns, Release, Scheme, SchemePreset
from lti_tool.mentoring.words import N_, Sentence

LABELS: Mapping[str, str] = {
    "title": N_("Name of the programme"),
    "objectives": N_("What it should achieve"),
    "preset": N_("Kind of programme"),
    "mentor_word": N_("Word for somebody who helps"),
    "mentee_word": N_("Word for somebody who wants help"),
    "mentors_word": N_("Word for several who help"),
    "mentees_word": N_("Word for several who want help"),
    "mentor_duties": N_("What is expected of somebody who helps"),
    "mentee_duties": N_("What is expected of somebody who wants help"),
    "mentor_capacity_limit": N_("Most people one person may help"),
    "mentor_section_ids": N_("Sections whose people may be mentors"),
    "mentee_section_ids": N_("Sections whose people may be mentees"),
    "same_section_only": N_("Pairs only within a section"),
    "seniority": N_("Mentors further on than mentees"),
    "asks_application": N_("Mentors apply first"),
    "asks_training": N_("Mentors pass the training before they are matched"),
    "time_zone": N_("Time zone of the course"),
    "starts_on": N_("First day"),
    "sign_up_closes_on": N_("Last day of sign-up"),
    "matching_on": N_("Day of the matching"),
    "ends_on": N_("Last day"),
    "moves_by_date": N_("Phases begin by the calendar"),
    "cadence": N_("How often pairs check in"),
    "check_in_count": N_("Check-ins"),
    "meeting_count": N_("Meetings"),
    "least_meeting_minutes": N_("Minutes from which a meeting counts"),
    "is_graded": N_("Points in the gradebook"),
    "participation": N_("What earns points"),
    "own_scheme": N_("Changed by hand in what earns points"),
    "points": N_("Points for everything together"),
    "release": N_("When points go to the gradebook"),
    "columns": N_("Columns in the gradebook"),
    "column_label": N_("Name of the gradebook column"),
}
_CHOICES: Mapping[str, str] = {
    "weekly": N_("Every week"),
    "fortnightly": N_("Every two weeks"),
    "monthly": N_("Every four weeks"),
    "own_pace": N_("At one’s own pace: all check-ins are open from the start"),
    "ignore": N_("Not looked at"),
    "prefer": N_("Preferred"),
    "require": N_("Required"),
    **{preset.value: words.label for preset, words in PRESET_WORDS.items()},
    **RELEASE_WORDS,
    **COLUMN_WORDS,
}
_NOTHING: Mapping[str, str] = {
    "mentor_section_ids": N_("Everybody"),
    "mentee_section_ids": N_("Everybody"),
    "column_label": N_("As the programme"),
    "mentors_word": N_("As the word for one"),
    "mentees_word": N_("As the word for one"),
    "mentor_duties": N_("The usual words"),
    "mentee_duties": N_("The usual words"),
    "objectives": N_("Nothing chosen"),
    "own_scheme": N_("Nothing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that differs; label and values are sentences to translate."""

    name: str
    label: Sentence
    before: Sentence
    after: Sentence


def changes(before: ProgrammeSettings, after: ProgrammeSettings) -> tuple[Change, ...]:
    """Return what differs, in the order of the settings."""
    return tuple(
        Change(
            name=name,
            label=Sentence(LABELS[name]),
            before=in_words(name, getattr(before, name)),
            after=in_words(name, getattr(after, name)),
        )
        for name in LABELS
        if getattr(before, name) != getattr(after, name)
    )


def in_words(name: str, value: object) -> Sentence:
    """Return the value of a setting as a person reads it."""
    if isinstance(value, bool):
        return Sentence(N_("Yes") if value else N_("No"))
    if value is None or value in ("", ()):
        return Sentence(_NOTHING.get(name, N_("By hand")))
    if isinstance(value, Scheme):
        return Sentence(N_("%(count)s items of your own"), {"count": len(value.items)})
    if isinstance(value, tuple):
        things = tuple(wording(*one) for one in value) if name == "objectives" else value
        return Sentence("%(things)s", {"things": things})
    return _one(value)


def _one(value: object) -> Sentence:
    if isinstance(value, Preset):
        return Sentence(preset_values(value).label)
    if isinstance(value, Cadence | Seniority | SchemePreset | Release | Columns):
        return Sentence(_CHOICES[value])
    return Sentence("%(value)s", {"value": value})


def question_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """Return how two questionnaires, as JSON, differ: what was added, removed and reworded or reweighed.

    Shape: the questions by their wording.
    """
    old, new = _by_key(before), _by_key(after)
    added = tuple(new[key]["wording"] for key in new if key not in old)
    gone = tuple(old[key]["wording"] for key in old if key not in new)
    changed = tuple(new[key]["wording"] for key in new if key in old and old[key] != new[key])
    said = []
    if added:
        said.append(Sentence(N_("Questions added: %(things)s"), {"things": added}))
    if gone:
        said.append(Sentence(N_("Questions removed: %(things)s"), {"things": gone}))
    if changed:
        said.append(Sentence(N_("Questions changed: %(things)s"), {"things": changed}))
    if not said and list(old) != list(new):
        said.append(Sentence(N_("The questions are in another order.")))
    return tuple(said)


def _by_key(questionnaire: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    questions: Sequence[Mapping[str, Any]] = questionnaire.get("questions", ())
    return {str(question["key"]): question for question in questions}


if set(LABELS) != set(SETTING_NAMES):
    raise TypeError("a setting has no label")
