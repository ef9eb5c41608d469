"""How the board speaks: of two people by name, of scenarios, rules and decisions in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.words import N_
from lti_tool.store.matching import Pair, Scenario
from lti_tool.store.people import Person
from lti_tool.web.text import person_name, sentence

NAME_AT_MOST = 80  # of a scenario

# What the two read as "you", the staff read by name.
BY_NAME = {
    "One of you would like help with this, and the other offers it: %(things)s": N_(
        "%(mentee)s would like help with this, and %(mentor)s offers it: %(things)s"
    ),
    "One of you feels sure of what the other finds hard: %(things)s": N_(
        "%(mentor)s feels sure of what %(mentee)s finds hard: %(things)s"
    ),
    "Hours each week when you are both free: %(hours)s": N_("Hours each week when both are free: %(hours)s"),
    "Ways to meet that suit both of you: %(things)s": N_("Ways to meet that suit both: %(things)s"),
    "How often you would both like to meet: %(things)s": N_("How often both would like to meet: %(things)s"),
    "What you are both working towards: %(things)s": N_("What both are working towards: %(things)s"),
    "How you both like to work: %(things)s": N_("How both like to work: %(things)s"),
    "You study in the same field: %(things)s": N_("Both study in the same field: %(things)s"),
    "Interests you share: %(things)s": N_("Interests both have: %(things)s"),
    "Something you both know from your own lives: %(things)s": N_(
        "Something both know from their own lives, and may be mentioned: %(things)s"
    ),
    "The mentor could also help with: %(things)s": N_("%(mentor)s could also help with: %(things)s"),
    "Only one of you named this, so ask about it: %(things)s": N_("Only one of the two named this: %(things)s"),
    "You could begin by talking about: %(things)s": N_("They could begin by talking about: %(things)s"),
    "Languages you share: %(things)s": N_("Languages both speak: %(things)s"),
}
RULES = {
    "same_person": _l("They are the same person."),
    "conflict": _l("Staff have forbidden this pair."),
    "please_not": _l("A private wish speaks against this pair."),
    "not_trained": _l("The mentor has not passed the training yet."),
    "other_section": _l("They are in different sections."),
    "other_group": _l("They are in different groups."),
    "past_partner": _l("They were partners before."),
    "needed_language": _l("The mentor does not speak the language that is needed."),
    "no_common_language": _l("They share no language."),
    "too_little_time": _l("They have too little free time in common."),
    "lower_stage": _l("The mentor is not as far as the mentee."),
    "nothing_where_it_must": _l("They have nothing in common where they must."),
    "over_capacity": _l("The mentor would have more mentees than they take."),
    "was_locked": _l("This pair was locked, and would be taken apart."),
}
OBJECTIVES = {
    "fair": _l("Fairest: the worst pair as good as possible"),
    "total": _l("Best total"),
    "stable": _l("Stable: no two would leave their partners for each other"),
}
AMONG = {
    "sides": _l("Mentors and mentees"),
    "equals": _l("Equals: everybody is both, in pairs"),
    "swaps": _l("Skill swaps: each of a pair can help the other with something"),
    "circles": _l("Circles of three or four, among equals"),
}
HARD_RULES = {
    "same_section": _l("Only within a section"),
    "same_group": _l("Only within a group of the LMS"),
    "mentor_not_below": _l("A mentor is at least as far as the mentee"),
    "new_partners_only": _l("Nobody gets an earlier partner again"),
}
DECISIONS = {
    "matching.repair": _l("asked for a repair"),
    "matching.join": _l("let somebody join a pair"),
    "matching.leave": _l("took somebody out of a group"),
    "matching.propose": _l("asked for pairs"),
    "matching.scenario": _l("asked for a scenario"),
    "matching.scenario_removed": _l("threw a scenario away"),
    "matching.publish": _l("published the pairs"),
    "matching.undo": _l("took the publication back"),
    "matching.discard": _l("threw the draft away"),
    "matching.lock": _l("locked a pair"),
    "matching.unlock": _l("unlocked a pair"),
    "matching.forbid": _l("forbade a pair"),
    "matching.allow": _l("allowed a pair again"),
    "matching.part": _l("took a pair apart"),
    "matching.assign": _l("put two people together"),
    "matching.swap": _l("swapped two mentees"),
    "matching.wait": _l("put somebody on the waiting list"),
    "matching.stop_waiting": _l("took somebody off the waiting list"),
}


def said(pair: Pair | list[Any], mentor: Person, mentee: Person) -> list[str]:
    """Why these two suit each other, by name; a reason of the course's own is quoted as the two read it."""
    stored = pair.reasons if isinstance(pair, Pair) else pair
    names = {"mentor": person_name(mentor), "mentee": person_name(mentee)}
    has_sides = not (isinstance(pair, Pair) and pair.kind == "peer")
    return [_by_name(reason, names, has_sides=has_sides) for reason in stored]


def _by_name(reason: Mapping[str, Any], names: Mapping[str, str], *, has_sides: bool) -> str:
    text = BY_NAME.get(reason["text"])
    if text and not has_sides and "%(mentor)s" in text:
        text = None  # of equals, either may be the one who helps
    if text is None:
        return str(_("They read: “%(reason)s”", reason=sentence(reason)))
    return sentence({"text": text, "values": {**reason["values"], **names} if "%(ment" in text else reason["values"]})


def scenario_name(scenario: Scenario) -> str:
    """A scenario by the name staff gave it, else by what it is."""
    if scenario.name:
        return scenario.name
    if scenario.kind == "edited":
        return str(_("Your edits"))
    if scenario.kind == "repair":
        return str(_("Repair"))
    if scenario.outcome.get("among"):
        return str(AMONG[scenario.outcome["among"]])
    return str(OBJECTIVES[scenario.objective])
