"""What a freshly fetched roster changes in what is known about a course's members.

The LMS is right about who is in the course, with two exceptions. A launch is fresher and better proven than a roster,
so staff who launched stay staff while the roster has always said otherwise (Moodle lists non-editing teachers as
students); once a roster has confirmed them, its later word counts. And a roster that withholds names does not erase the
names we know.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class MemberRole(StrEnum):
    """What somebody is in a course."""

    INSTRUCTOR = "instructor"
    TEACHING_ASSISTANT = "teaching_assistant"
    DESIGNER = "designer"
    STUDENT = "student"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"
    GUEST = "guest"


# From the role that may do least to the role that may do most.
_BY_STRENGTH = (
    MemberRole.GUEST,
    MemberRole.OBSERVER,
    MemberRole.STUDENT,
    MemberRole.DESIGNER,
    MemberRole.TEACHING_ASSISTANT,
    MemberRole.ADMINISTRATOR,
    MemberRole.INSTRUCTOR,
)
_STRENGTH = {role: strength for strength, role in enumerate(_BY_STRENGTH)}
_STAFF = frozenset(_BY_STRENGTH[_BY_STRENGTH.index(MemberRole.DESIGNER) :])
RUNS_COURSE = _STAFF - {MemberRole.ADMINISTRATOR}


def is_staff(role: MemberRole) -> bool:
    """Tell whether the role belongs to the people who run the course."""
    return role in _STAFF


def present_role(role: MemberRole, launched_as: MemberRole | None) -> MemberRole:
    """Return what somebody is now: as they last launched, else, or once the roster has confirmed that, as it says."""
    return role if launched_as is None else launched_as


def launch_to_remember(launched_as: MemberRole, *, told_by_roster: MemberRole | None) -> MemberRole | None:
    """Return the launch's role, or None where the roster says already that this person runs the course."""
    return None if told_by_roster in RUNS_COURSE and launched_as in RUNS_COURSE else launched_as


def stronger(a: MemberRole, b: MemberRole) -> MemberRole:
    """Return the role of the two that may do more."""
    return a if _STRENGTH[a] >= _STRENGTH[b] else b


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A member as the LMS's roster gives them; a name or address it withholds is empty."""

    subject: str
    role: MemberRole
    is_active: bool
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A member as we know them; `launched_as` is None once a roster has confirmed staff who launched."""

    subject: str
    role: MemberRole
    is_active: bool
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    launched_as: MemberRole | None = None
    was_in_roster: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """What a fetched roster changes.

    Shape: `changed` holds only members who really differ, as they will be; `gone` the subjects of active members who
        came from a roster and are no longer in it; `confirmed` those whom a launch made staff and the roster now too.
    """

    added: tuple[Fetched, ...]
    changed: tuple[Fetched, ...]
    gone: tuple[str, ...]
    confirmed: tuple[str, ...]
    active_before: int
    active_after: int
    fetched_count: int


def compare(known: Iterable[Known], fetched: Iterable[Fetched]) -> RosterChange:
    """Return what the fetched roster changes; people who left are listed as gone, never dropped."""
    before = {member.subject: member for member in known}
    after = _by_subject(fetched)
    settled = {subject: _settled(before[subject], after[subject]) for subject in after if subject in before}
    added = tuple(member for subject, member in after.items() if subject not in before)
    gone = tuple(subject for subject, member in before.items() if subject not in after and _can_leave(member))
    untouched = sum(member.is_active for subject, member in before.items() if subject not in after) - len(gone)
    return RosterChange(
        added=added,
        changed=tuple(member for subject, member in settled.items() if _differs(before[subject], member)),
        gone=gone,
        confirmed=tuple(one.subject for one in before.values() if _is_confirmed(one, after.get(one.subject))),
        active_before=sum(member.is_active for member in before.values()),
        active_after=untouched + sum(m.is_active for m in settled.values()) + sum(m.is_active for m in added),
        fetched_count=len(after),
    )


def must_ask_first(change: RosterChange) -> bool:
    """Tell whether so many members would leave that a person must confirm it.

    That is when an empty roster would empty the course, or when more than 30 % of the active members, and more than
    five, would go; people who come in exchange do not make up for it, since that is how a wrong course looks.
    """
    if not change.fetched_count:
        return bool(change.gone)
    leaving = max(change.active_before - change.active_after, len(change.gone))
    return leaving > 5 and leaving * 10 > change.active_before * 3


def _by_subject(fetched: Iterable[Fetched]) -> dict[str, Fetched]:
    """Return each person once; of two entries the stronger role counts, and being active in one is enough."""
    people: dict[str, Fetched] = {}
    for member in fetched:
        twin = people.get(member.subject)
        people[member.subject] = member if twin is None else _united(twin, member)
    return people


def _united(a: Fetched, b: Fetched) -> Fetched:
    return replace(
        a,
        role=stronger(a.role, b.role),
        is_active=a.is_active or b.is_active,
        name=a.name or b.name,
        given_name=a.given_name or b.given_name,
        family_name=a.family_name or b.family_name,
        email=a.email or b.email,
    )


def _settled(known: Known, fetched: Fetched) -> Fetched:
    """Return the member as they will be: the role that counts, and known names where the roster has none."""
    launched_as = known.launched_as
    role = fetched.role
    return Fetched(
        subject=fetched.subject,
        role=stronger(launched_as, role) if launched_as is not None and is_staff(launched_as) else role,
        is_active=fetched.is_active,
        name=fetched.name or known.name,
        given_name=fetched.given_name or known.given_name,
        family_name=fetched.family_name or known.family_name,
        email=fetched.email or known.email,
    )


def _is_confirmed(known: Known, fetched: Fetched | None) -> bool:
    return fetched is not None and known.launched_as in RUNS_COURSE and fetched.role in RUNS_COURSE


def _differs(known: Known, member: Fetched) -> bool:
    return not known.was_in_roster or (
        known.role,
        known.is_active,
        known.name,
        known.given_name,
        known.family_name,
        known.email,
    ) != (member.role, member.is_active, member.name, member.given_name, member.family_name, member.email)


def _can_leave(member: Known) -> bool:
    """A person who only ever launched was never in the roster, so its silence about them says nothing."""
    return member.is_active and member.was_in_roster
