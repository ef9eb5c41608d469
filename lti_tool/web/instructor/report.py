"""The numbers of the fairness report as they are shown; the only numbers about pairs that any page shows."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from lti_tool.store.matching import Scenario

NONE = "–"


def is_reckoned(scenario: Scenario) -> bool:
    """Whether the worker is still at the report."""
    is_missing = scenario.kind == "edited" and not (scenario.fairness or scenario.problem or scenario.is_published)
    return scenario.state == "waiting" or is_missing


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report with its histograms as rows of a chart."""
    loads = [
        (ngettext("%(num)s mentee", "%(num)s mentees", size), people, str(people))
        for size, people in report.get("loads", ())
    ]
    regrets = [
        (_("from %(low)s to %(high)s", low=low, high=high) if high else _("nothing"), people, str(people))
        for low, high, people in report.get("regrets", ())
    ]
    return {**report, "loads": loads, "regrets": regrets}


def share(ppm: float | None) -> str:
    """Millionths as a number from 0 to 100."""
    return NONE if ppm is None else str(format_decimal(round(ppm / 10_000, 1), "#,##0.#"))


def hundredths(part: float | None) -> str:
    """A part of one as a number of a hundred."""
    return NONE if part is None else str(format_decimal(round(part * 100, 1), "#,##0.#"))
