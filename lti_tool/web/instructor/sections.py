"""One section of the settings: what a form holds, what is wrong with it, and what somebody else saved meanwhile."""

from dataclasses import dataclass, field, replace

from flask import abort, render_template, request
from flask_babel import gettext as _

from lti_tool.mentoring.changes import LABELS as SETTING_LABELS
from lti_tool.mentoring.changes import Change, changes, in_words
from lti_tool.mentoring.columns import PART_WORDS, parts_of
from lti_tool.mentoring.objectives import OBJECTIVES, statements_of
from lti_tool.mentoring.presets import preset_values, with_preset
from lti_tool.mentoring.programme import Preset, ProgrammeSettings, settings_from_json
from lti_tool.mentoring.scheme_presets import GRADED, PRESET_WORDS, scheme_for
from lti_tool.mentoring.schemes import COLUMN_HINTS, COLUMN_WORDS, RELEASE_HINTS, RELEASE_WORDS, Columns
from lti_tool.mentoring.schemes import LABELS as ITEM_LABELS
from lti_tool.mentoring.settings_form import ON_A_PAGE_OF_ITS_OWN, SECTIONS, Section, form_of, parse_settings
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import db
from lti_tool.store.gradebook import column_of
from lti_tool.store.impact import section_ids
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme, find_version, settings_of
from lti_tool.web.forms import form_lists
from lti_tool.web.text import sentence, time_zones
from lti_tool.web.visitor import visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A section's form as it was sent: the settings it leads to, or what is in the way."""

    form: dict[str, list[str]]
    version: int  # of the settings that the form was filled from
    settings: ProgrammeSettings | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)
    conflicts: tuple[Change, ...] = ()  # settings that two people changed: the saved value, and the one that was sent


def section_named(name: str) -> Section:
    """The section of this address."""
    return Section(name) if name in set(Section) else abort(404)


def sent_section(section: Section) -> Sent:
    """What the request's form holds for this section."""
    programme = visitor().programme
    kept, form = settings_of(programme), form_lists()
    version = request.form.get("version", programme.settings_version, type=int)
    base = _settings_at(programme, version, kept)
    known = section_ids(programme.course_id)
    mine, problems = parse_settings(form, base, names=SECTIONS[section], section_ids=known)
    if mine is None:
        return Sent(form=form, version=version, problems=problems)
    if mine.preset != kept.preset and section is Section.PRESET:
        return Sent(form=form, version=programme.settings_version, settings=with_preset(kept, mine.preset))
    merged, conflicts = _merged(base, kept, mine, SECTIONS[section])
    checked, problems = parse_settings(form_of(merged), merged, names=SECTIONS[section], section_ids=known)
    return Sent(
        form=form_of(merged),
        version=programme.settings_version,
        settings=checked,
        problems=problems,
        conflicts=conflicts,
    )


def _settings_at(programme: Programme, version: int, kept: ProgrammeSettings) -> ProgrammeSettings:
    """The settings that somebody's form was filled from."""
    row = find_version(programme.id, version) if version != programme.settings_version else None
    return settings_from_json(row.settings, kept) if row else kept


def _merged(
    base: ProgrammeSettings, kept: ProgrammeSettings, mine: ProgrammeSettings, names: tuple[str, ...]
) -> tuple[ProgrammeSettings, tuple[Change, ...]]:
    """Both people's changes; where both changed the same setting to different values, mine and a conflict."""
    touched = {name for name in names if getattr(mine, name) != getattr(base, name)}
    merged = replace(kept, **{name: getattr(mine, name) for name in touched})
    fought = {name for name in touched if getattr(kept, name) != getattr(base, name)}
    return merged, tuple(one for one in changes(kept, merged) if one.name in fought)


def section_page(section: Section, sent: Sent | None, *, is_set_up: bool) -> str:
    """The section's form, as it is saved or as it was sent."""
    programme = visitor().programme
    kept = settings_of(programme)
    form = sent.form if sent else form_of(kept)
    return render_template(
        "instructor/settings/section.html",
        section=section,
        sections=list(Section),
        is_set_up=is_set_up,
        lists={name: form.get(name, []) for name in (*form, *SECTIONS[section])},
        values={name: values[0] if values else "" for name, values in form.items()},
        version=sent.version if sent else programme.settings_version,
        problems={name: sentence(why) for name, why in sent.problems.items()} if sent else {},
        conflicts=sent.conflicts if sent else (),
        conflict_by=_last_saved_by(programme) if sent and sent.conflicts else None,
        labels={**SETTING_LABELS, **{one.field: one.label for one in OBJECTIVES.values()}},
        objectives=list(OBJECTIVES.values()),
        presets=[(preset, preset_values(preset)) for preset in Preset],
        section_ids=section_ids(programme.course_id) if section is Section.ROLES else [],
        time_zones=time_zones() if section is Section.CALENDAR else (),
        column=column_of(programme.id),
        schemes=[(one, _(words.label), _(words.explained)) for one, words in PRESET_WORDS.items() if one in GRADED],
        releases=[(one, _(words), _(RELEASE_HINTS[one])) for one, words in RELEASE_WORDS.items()],
        column_choices=[(one, _(words), _(COLUMN_HINTS[one])) for one, words in COLUMN_WORDS.items()],
        parts=_parts(kept) if section is Section.GRADING else (),
    )


def _parts(settings: ProgrammeSettings) -> list[tuple[str, int, list[str]]]:
    """What three columns would have in them: name, maximum and items."""
    return [
        (_(PART_WORDS[part]), scheme.maximum, [item.label or _(ITEM_LABELS[item.kind]) for item in scheme.items])
        for part, scheme in parts_of(scheme_for(settings), Columns.THREE).items()
    ]


def summary(settings: ProgrammeSettings) -> list[tuple[Section, list[tuple[str, Sentence]]]]:
    """Every setting in words, section by section."""
    shown = dict(SECTIONS) | {Section.GRADING: (*SECTIONS[Section.GRADING], *ON_A_PAGE_OF_ITS_OWN)}
    found = [
        (section, [(SETTING_LABELS[name], in_words(name, getattr(settings, name))) for name in names])
        for section, names in shown.items()
    ]
    asked = Sentence("%(things)s", {"things": statements_of(settings.objectives)})
    found[0][1].append((N_("What measures it, in the closing survey"), asked))
    return found


def _last_saved_by(programme: Programme) -> Person | None:
    row = find_version(programme.id, programme.settings_version)
    return db.session.get(Person, row.changed_by) if row and row.changed_by else None
