"""What to try when something is in the way: a small guide for each answer, and the conversation guide that goes on.

Source: product sections 1.5 (R42), 7.1 (CK7) and 7.2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lti_tool.mentoring.checkins_pulse import BARRIERS
from lti_tool.mentoring.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Two or three things to try; `guide` is the key of a conversation guide, or empty."""

    key: str
    label: str
    steps: tuple[str, ...]
    guide: str = ""
    is_for_staff: bool = False  # better asked of the staff than tried alone


_STEPS: Mapping[str, tuple[tuple[str, ...], str, bool]] = {
    "time": (
        (
            N_("Make the next meeting short: ten minutes in writing count as a beginning."),
            N_("Agree on one fixed time every two weeks. What stands in the diary needs no willpower."),
            N_("If this month is too full, say so and agree when you go on."),
        ),
        "planning-the-weeks",
        False,
    ),
    "topics": (
        (
            N_("Take one conversation guide and choose two questions from it before you meet."),
            N_("Begin with a small win and one thing that was hard this week."),
            N_("Ask: what would make the next half hour worth it for you?"),
        ),
        "what-do-you-want",
        False,
    ),
    "no_answer": (
        (
            N_("Write once more, in one sentence, with two times to choose from."),
            N_("Try another way, such as a call or the messages of your course."),
            N_("If nothing comes within two days, tell the staff. You have done your part."),
        ),
        "first-meeting",
        False,
    ),
    "not_a_fit": (
        (
            N_("Name one thing that would make it better, and ask for it kindly."),
            N_("Give it one more meeting, with a plan that you both chose."),
            N_("If it does not get better, a new match is possible. Nobody is to blame."),
        ),
        "difficult-talk",
        True,
    ),
    "technical": (
        (
            N_("Meet by phone, or in writing: both are as good as video."),
            N_("Open the meeting link five minutes early, and have a second way ready."),
            N_("If this tool itself does not work, tell the staff what you saw."),
        ),
        "",
        True,
    ),
    "access": (
        (
            N_("Say what you need: another time, another place, captions, or writing instead of talking."),
            N_("You need not say why. Your partner may be glad to know how to do it better."),
            N_("The staff can change more than the two of you can. Ask them."),
        ),
        "using-help",
        True,
    ),
    "personal": (
        (
            N_("Look after yourself first. You may take a break from this, and nobody asks why."),
            N_("Tell your partner only that you need some time, and until when."),
            N_("There are people whose task it is to help. You find them under “Help now”."),
        ),
        "using-help",
        True,
    ),
    "other": (
        (
            N_("Write down in one sentence what would have to be different."),
            N_("Choose the smallest part of it, and one person who could help with that."),
        ),
        "difficult-talk",
        True,
    ),
}


def ways_for(barriers: Iterable[str]) -> tuple[Way, ...]:
    """Return what to try, in the order in which the answers are offered; what is not known has no guide."""
    chosen = set(barriers)
    return tuple(
        Way(key=key, label=label, steps=_STEPS[key][0], guide=_STEPS[key][1], is_for_staff=_STEPS[key][2])
        for key, label in BARRIERS
        if key in chosen
    )
