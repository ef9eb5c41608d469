"""Mentors in reserve: who is one, from when until when, and which of the programme's check-ins they can send.

In reserve is a mentor who has joined (and was approved, where mentors apply) and has never had a partner, once pairs
have been published. Their check-ins open with those of the pairs published first; from the day they have a partner,
check-ins come with the pair.

Source: product sections 5.7 ("reserve mentors with credit for training and standby") and 6.5, case 13.
"""

from dataclasses import dataclass
from datetime import datetime

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.evidence import CheckInDue
from lti_tool.mentoring.words import N_, Sentence

FOR_MENTORS = Sentence(N_("These check-ins are for mentors who wait for a partner. There is none for you here."))
NOT_PUBLISHED = Sentence(N_("These check-ins begin once the pairs have been published. You need not do anything."))
HAS_PARTNER = Sentence(
    N_("These check-ins are for mentors who have not had a partner yet. Yours come with your pair, on its page.")
)
NOT_APPROVED = Sentence(N_("These check-ins are for mentors whose application the staff of this course have approved."))
NOT_IN = Sentence(N_("You do not take part at the moment, so nothing is asked of you here."))
OVER = Sentence(N_("This programme has ended. What was written stays readable."))
BEFORE_YOU = Sentence(N_("This check-in was over before you were in reserve, so it is not asked of you."))
NOT_OPEN = N_("This check-in opens on %(when)s.")
NO_SUCH = Sentence(N_("There is no such check-in any more."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """The time that somebody spends in reserve; without an end it lasts."""

    from_at: datetime
    until_at: datetime | None = None

    def since(self, moment: datetime) -> "Reserve | None":
        """Return what is left of it from that moment on; None where nothing is."""
        if self.until_at is not None and self.until_at <= moment:
            return None
        return Reserve(from_at=max(self.from_at, moment), until_at=self.until_at)


def reserve_of(
    role: str, *, joined_at: datetime, published_at: datetime | None, paired_at: datetime | None
) -> Reserve | None:
    """Return when somebody is, or was, in reserve; None where they never were.

    Shape: `joined_at` is since when they take part; `published_at` when the first pairs were published; `paired_at`
        when the person first had a partner.
    """
    if role != EnrolmentRole.MENTOR or published_at is None:
        return None
    from_at = max(joined_at, published_at)
    if paired_at is not None and paired_at <= from_at:
        return None
    return Reserve(from_at=from_at, until_at=paired_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """As much of somebody's part as decides which check-ins of the reserve they can send.

    Shape: `dues` are the programme's check-ins as the ledger sees them (`due_dates.standby_track`), none before pairs
        are published.
    """

    role: str
    has_joined: bool
    is_approved: bool
    is_over: bool
    published_at: datetime | None
    paired_at: datetime | None
    dues: tuple[CheckInDue, ...]

    @property
    def is_mentor(self) -> bool:
        """Whether somebody takes part as a mentor, and was approved where mentors apply."""
        return self.role == EnrolmentRole.MENTOR and self.has_joined and self.is_approved

    @property
    def is_in_reserve(self) -> bool:
        """Whether somebody may need this mentor any day."""
        return self._why_none() is None

    def asked(self) -> tuple[CheckInDue, ...]:
        """Return the check-ins that are asked of this person, sent or not; none where they are not in reserve."""
        if not self.is_in_reserve:
            return ()
        return tuple(due for due in self.dues if not due.is_excused)

    def open_now(self, now: datetime) -> tuple[int, ...]:
        """Return those that can be sent, the first to open first."""
        return tuple(due.number for due in self.asked() if due.opens_at <= now)

    def why_not(self, number: int, now: datetime) -> Sentence | None:
        """Return why this check-in cannot be sent, in words for whoever asks; None where it can."""
        why = self._why_none()
        if why is not None:
            return why
        due = next((one for one in self.dues if one.number == number), None)
        if due is None:
            return NO_SUCH
        if due.remark is not None and due.is_excused:
            return due.remark.reason
        return Sentence(NOT_OPEN, {"when": due.opens_at}) if now < due.opens_at else None

    def _why_none(self) -> Sentence | None:
        if self.role != EnrolmentRole.MENTOR:
            return FOR_MENTORS
        if not self.has_joined:
            return NOT_IN
        if not self.is_approved:
            return NOT_APPROVED
        if self.is_over:
            return OVER
        if self.published_at is None:
            return NOT_PUBLISHED
        return HAS_PARTNER if self.paired_at is not None else None
