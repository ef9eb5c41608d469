"""What is said, and can be answered, when somebody is offered a new partner.

Trying counts whether or not a partner answers, as long as nobody meets; what is said of it must not call a partner
silent who was heard from.
Source: product section 6.4: after two efforts in a row a new partner has to be offered.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from lti_tool.mentoring.efforts import IN_A_ROW, tries_enough
from lti_tool.mentoring.form_parts import Labelled
from lti_tool.mentoring.solo_work import in_vain
from lti_tool.mentoring.words import N_, Sentence


class RematchAnswer(StrEnum):
    """What somebody says to the offer."""

    STAYS = "stays"
    ASKS = "asks"


CHOICES: Mapping[str, Labelled] = {
    RematchAnswer.ASKS: Labelled(
        label=N_("I would like a new partner"),
        hint=N_("The next page asks the staff for it. You need not give a reason, and every point stays yours."),
    ),
    RematchAnswer.STAYS: Labelled(
        label=N_("I stay, for now"),
        hint=N_("Nothing changes. What you try counts as before, and you can ask for somebody else at any time."),
    ),
}
OFFER = Sentence(N_("Say whether you would like a new partner. It is your choice, and costs no points."))
_IN_VAIN = Sentence(N_("Has tried again and again without an answer, and was offered a new partner."))
_ALONE = Sentence(
    N_(
        "Has done work alone twice in a row, although the partner was heard from meanwhile, and was offered a new "
        "partner."
    )
)


def staff_reason(tried: Collection[datetime], heard_at: datetime | None) -> Sentence:
    """Return what staff read of somebody with two efforts in a row.

    Shape: when they tried to reach their partners in the pair, and when they last heard from one.
    """
    return _IN_VAIN if tries_enough(in_vain(tried, heard_at)) >= IN_A_ROW else _ALONE


def parse_answer(form: Mapping[str, str]) -> tuple[RematchAnswer | None, dict[str, Sentence]]:
    """Return the answer, or None and what is wrong; the field is `answer`."""
    given = form.get("answer", "")
    if given not in set(RematchAnswer):
        return None, {"answer": Sentence(N_("Please choose an answer."))}
    return RematchAnswer(given), {}
