"""How a form becomes a scheme, each wrong field with a sentence beside it.

Field names: `maximum`, `least_minutes`, `complete_from`, `basis`, `is_graded`; and for each kind of item, before a dot,
`mentor`, `mentee`, `reserve` (points), `label`, `count`, `best_of`, `due_on`, `target_hours`, `grace_days`,
`percent_a_day` and `floor_percent`. An item without points is left out. A lateness that is left empty costs nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from lti_tool.mentoring.programme import CLOSING_DAYS
from lti_tool.mentoring.schemes import (
    LATE_POSSIBLE,
    NOTHING,
    REPEATED,
    Basis,
    Item,
    Kind,
    Lateness,
    Rule,
    Scheme,
    SchemePreset,
)
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

LABEL_LENGTH = 100
COUNT_LIMIT = 52
POINTS_LIMIT = 1000
MINUTES_LIMIT = 240
HOURS_LIMIT = 500
GRACE_LIMIT = 28
_SIDES = ("mentor", "mentee", "reserve")
_LATE = ("grace_days", "percent_a_day", "floor_percent")

Form = Mapping[str, Sequence[str]]
Problems = dict[str, Sentence]


def scheme_form_of(scheme: Scheme) -> dict[str, list[str]]:
    """Return the fields of a form that holds this scheme."""
    form = {
        "maximum": [str(scheme.maximum)],
        "least_minutes": [str(scheme.least_minutes)],
        "complete_from": [] if scheme.complete_from is None else [str(scheme.complete_from)],
        "basis": [scheme.basis.value],
        "is_graded": ["yes"] if scheme.is_graded else [],
    }
    for item in scheme.items:
        form |= {f"{item.kind}.{name}": [text] for name, text in _fields_of(item).items() if text}
    return form


def _fields_of(item: Item) -> dict[str, str]:
    fields = {side: _plain(getattr(item, side)) for side in _SIDES} | {"label": item.label}
    fields["count"] = str(item.count) if item.kind in REPEATED else ""
    fields["best_of"] = "" if item.best_of is None else str(item.best_of)
    fields["due_on"] = item.due_on.isoformat() if item.due_on else ""
    fields["target_hours"] = str(item.target_minutes // 60) if item.target_minutes else ""
    return fields | ({name: str(getattr(item.late, name)) for name in _LATE} if item.late else {})


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}" if points else ""


def parse_scheme(
    form: Form, preset: SchemePreset, *, between: tuple[date, date] | None = None
) -> tuple[Scheme | None, Problems]:
    """Return the scheme that a form holds, or None and what is wrong, by field name; `items` is the scheme as a whole.

    Shape: a date is written YYYY-MM-DD, points with at most two decimals; `between` are the first and the last day on
        which anything can be due.
    """
    problems: Problems = {}
    items = tuple(item for kind in Kind if (item := _item(form, kind, preset, problems)) is not None)
    problems |= _outside(items, between) if between else {}
    basis = _given(form, "basis") or Basis.DUE.value
    if basis not in set(Basis):
        problems["basis"] = Sentence(N_("Please choose an answer."))
    scheme = Scheme(
        preset=preset,
        items=items,
        maximum=_number(form, "maximum", 1, POINTS_LIMIT, problems) or 1,
        basis=Basis.START if basis == Basis.START else Basis.DUE,
        is_graded=bool(_given(form, "is_graded")),
        least_minutes=_number(form, "least_minutes", 1, MINUTES_LIMIT, problems) or 1,
        complete_from=_percent(form, "complete_from", problems, least=1) if _given(form, "complete_from") else None,
    )
    problems |= {name: why for name, why in _as_a_whole(scheme, problems).items() if name not in problems}
    return (None if problems else scheme), problems


def _outside(items: Iterable[Item], between: tuple[date, date]) -> Problems:
    """What is due on a day on which nobody could do it, or on which it would never count."""
    first, last = between
    closing_on = last - timedelta(days=CLOSING_DAYS - 1)  # the closing survey opens then
    found: Problems = {}
    for one in items:
        opens_on = closing_on if one.kind is Kind.SURVEY else first
        if one.due_on and not opens_on <= one.due_on <= last:
            values = {"first": opens_on, "last": last}
            found[f"{one.kind}.due_on"] = Sentence(N_("Please choose a day from %(first)s to %(last)s."), values)
    return found


def _as_a_whole(scheme: Scheme, problems: Problems) -> Problems:
    """What is wrong with a scheme whose fields are right each by itself: a side that can earn nothing."""
    if any("." in name for name in problems):
        return {}
    mentors, mentees = (any(getattr(item, side) for item in scheme.items) for side in _SIDES[:2])
    if not mentors and not mentees:
        return {"items": Sentence(N_("Nothing earns points here. Please give at least one item some points."))}
    if not mentors:
        return {"items": Sentence(N_("Mentors can earn nothing here. Please give them at least one item with points."))}
    if not mentees:
        return {"items": Sentence(N_("Mentees can earn nothing here. Please give them at least one item with points."))}
    return {}


def _item(form: Form, kind: Kind, preset: SchemePreset, problems: Problems) -> Item | None:
    points = {side: _points(form, f"{kind}.{side}", problems) for side in _SIDES}
    label = _label(form, f"{kind}.label", problems)
    if not any(points.values()):
        return None
    count = _number(form, f"{kind}.count", 1, COUNT_LIMIT, problems) if kind in REPEATED else 1
    best_of = None
    if kind in REPEATED and _given(form, f"{kind}.best_of"):
        best_of = _number(form, f"{kind}.best_of", 1, count or COUNT_LIMIT, problems)
    is_amount = Item(kind=kind).rule is Rule.AMOUNT
    hours = _number(form, f"{kind}.target_hours", 1, HOURS_LIMIT, problems) if is_amount else 0
    return Item(
        kind=kind,
        **points,
        label=label,
        count=count or 1,
        best_of=best_of,
        late=_late(form, kind, problems),
        due_on=_day(form, f"{kind}.due_on", problems),
        target_minutes=60 * (hours or 0),
        shares_rest=preset is SchemePreset.CHECK_INS and kind is Kind.CHECK_IN,
    )


def _late(form: Form, kind: Kind, problems: Problems) -> Lateness | None:
    names = [f"{kind}.{name}" for name in _LATE]
    if kind not in LATE_POSSIBLE or not any(_given(form, name) for name in names):
        return None
    return Lateness(
        grace_days=_number(form, names[0], 0, GRACE_LIMIT, problems) or 0,
        percent_a_day=_percent(form, names[1], problems) or 0,
        floor_percent=_percent(form, names[2], problems) or 0,
    )


def _given(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _points(form: Form, name: str, problems: Problems) -> Decimal:
    text = _given(form, name).replace(",", ".")
    if not text:
        return NOTHING
    try:
        points = Decimal(text) if text.isascii() and len(text) <= 12 else Decimal("NaN")
    except InvalidOperation:
        points = Decimal("NaN")
    if points.is_finite() and points < 0:
        problems[name] = Sentence(N_("Points are never negative. Please enter 0 or more."))
    elif not points.is_finite() or points > POINTS_LIMIT or has_too_many_decimals(points):
        problems[name] = Sentence(
            N_("Please enter a number from 0 to %(maximum)s, with at most two decimals."), {"maximum": POINTS_LIMIT}
        )
    else:
        return points
    return NOTHING


def has_too_many_decimals(points: Decimal) -> bool:
    """Whether a number is written with more than two decimals: in “1,000” the comma may stand for thousands."""
    exponent = points.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -2


def _label(form: Form, name: str, problems: Problems) -> str:
    text = _given(form, name)
    if len(text) > LABEL_LENGTH:
        problems[name] = Sentence(
            N_("This is %(length)s characters long. Please shorten it to %(maximum)s."),
            {"length": len(text), "maximum": LABEL_LENGTH},
        )
    elif problem := wrong_with_text(text):
        problems[name] = problem
    return text


def _number(form: Form, name: str, least: int, most: int, problems: Problems) -> int | None:
    text = _given(form, name)
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
        return int(text)
    problems[name] = Sentence(
        N_("Please enter a whole number from %(minimum)s to %(maximum)s."), {"minimum": least, "maximum": most}
    )
    return None


def _percent(form: Form, name: str, problems: Problems, *, least: int = 0) -> int | None:
    text = _given(form, name)
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= 100:
        return int(text)
    problems[name] = Sentence(N_("A percentage is a whole number from %(minimum)s to 100."), {"minimum": least})
    return None


def _day(form: Form, name: str, problems: Problems) -> date | None:
    text = _given(form, name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if 2000 <= day.year < 2100:
        return day
    problems[name] = Sentence(N_("Please enter a date as year, month and day, such as 2026-09-01."))
    return None
