"""What is said, and can be answered, when somebody is offered a new partner.

Source: product section 6.4: after two efforts in a row a new partner has to be offered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.mentoring.words import N_, Sentence


class RematchAnswer(StrEnum):
    """What somebody says to the offer."""

    STAYS = "stays"
    ASKS = "asks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer as people choose it."""

    label: str
    hint: str


CHOICES: Mapping[str, Choice] = {
    RematchAnswer.ASKS: Choice(
        label=N_("I would like a new partner"),
        hint=N_("The next page asks the staff for it. You need not give a reason, and every point stays yours."),
    ),
    RematchAnswer.STAYS: Choice(
        label=N_("I stay, for now"),
        hint=N_("Nothing changes. What you try counts as before, and you can ask for somebody else at any time."),
    ),
}
OFFER = Sentence(N_("Say whether you would like a new partner. It is your choice, and costs no points."))
STAFF_REASON = Sentence(N_("Has tried again and again without an answer, and was offered a new partner."))


def parse_answer(form: Mapping[str, str]) -> tuple[RematchAnswer | None, dict[str, Sentence]]:
    """Return the answer, or None and what is wrong; the field is `answer`."""
    given = form.get("answer", "")
    if given not in set(RematchAnswer):
        return None, {"answer": Sentence(N_("Please choose an answer."))}
    return RematchAnswer(given), {}
