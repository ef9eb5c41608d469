"""Which people of a class a list shows: what its address says, or what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.mentoring.excuse_forms import points_in
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.class_points import ORDERS, SHOWS, Wanted
from lti_tool.store.funnel import ROLES
from lti_tool.web.text import sentence

LONGEST_NAME = 100
_TURNED = Sentence(N_("These are fewer points than the list begins with."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for, as typed for the form, and for the links to its other pages."""

    wanted: Wanted
    problems: dict[str, str]
    typed: dict[str, str]  # without what is empty


def asked(args: Mapping[str, str], maximum: Decimal, sections: Collection[str]) -> Asked:
    """Return what the address asks for; what it cannot mean is left out."""
    problems: dict[str, Sentence] = {}
    names = ("q", "role", "section", "show", "from", "to", "order")
    typed = {name: args.get(name, "").strip()[:LONGEST_NAME] for name in names}
    limits = {name: points_in(typed[name], maximum, problems, name) if typed[name] else None for name in ("from", "to")}
    if limits["from"] is not None and limits["to"] is not None and limits["to"] < limits["from"]:
        problems["to"] = _TURNED
    return Asked(
        wanted=Wanted(
            words=typed["q"],
            role=typed["role"] if typed["role"] in ROLES else "",
            section=typed["section"] if typed["section"] in sections else "",
            show=typed["show"] if typed["show"] in SHOWS else "",
            from_points=limits["from"],
            to_points=limits["to"],
            order=typed["order"] if typed["order"] in ORDERS else ORDERS[0],
        ),
        problems={name: sentence(problem) for name, problem in problems.items()},
        typed={name: value for name, value in typed.items() if value},
    )
