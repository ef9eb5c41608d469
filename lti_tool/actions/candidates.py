"""From rows to what the matching reads: who still needs a partner, and what is asked for them."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from zoneinfo import ZoneInfo

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan, Soft
from lti_tool.mentoring.programme import Seniority
from lti_tool.mentoring.questionnaire import questionnaire_from_json
from lti_tool.store.enrolment import joined, sections_and_groups, wished_together_in, wishes_of
from lti_tool.store.funnel import held_back
from lti_tool.store.matching import RUNNING
from lti_tool.store.pairs import PairMember, places_of
from lti_tool.store.programme import Programme


def candidates_of(
    programme: Programme, *, without: Collection[int] = (), only: Collection[int] | None = None
) -> list[Candidate]:
    """Everybody who still needs a partner, or of these only some: pairs that run are left alone, but for the ones that
    are to end."""
    running = _by_pair([one for one in places_of(programme.id, *RUNNING) if one.pair_id not in without])
    load = Counter(mentor for mentors, mentees in running for mentor in mentors for _one in mentees - {mentor})
    has_mentor = {mentee for _mentors, mentees in running for mentee in mentees}
    not_yet = held_back(programme)
    found = []
    for enrolment, person in joined(programme.id, programme.course_id, only=only):
        role = _role(
            EnrolmentRole(enrolment.role),
            has_mentor=enrolment.id in has_mentor,
            mentors_already=load[enrolment.id] > 0,
            may_mentor=enrolment.id not in not_yet,
        )
        capacity = min(enrolment.capacity, programme.mentor_capacity_limit) - load[enrolment.id]
        if role is None or person.is_test_user or (role is EnrolmentRole.MENTOR and capacity <= 0):
            continue
        found.append(
            Candidate(
                id=enrolment.id,
                role=role,
                capacity=max(capacity, 1),
                answers=enrolment.answers,
                time_zone=_zone(enrolment.time_zone, programme.time_zone),
            )
        )
    return _with_others(found, programme)


def plan_of(programme: Programme) -> Plan:
    """What the programme asks of its pairs."""
    seniority = Seniority(programme.seniority)
    return Plan(
        questionnaire=questionnaire_from_json(programme.questionnaire).for_matching(),
        week_of=programme.starts_on,
        seed=programme.id,
        same_section=programme.same_section_only,
        mentor_not_below=seniority is Seniority.REQUIRE,
        soft=Soft(lower_stage=0) if seniority is Seniority.IGNORE else Soft(),
    )


def _by_pair(places: list[PairMember]) -> list[tuple[set[int], set[int]]]:
    """Who mentors and who is mentored in each pair; equals do both."""
    pairs: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for place in places:
        mentors, mentees = pairs[place.pair_id]
        if place.role != "mentee":
            mentors.add(place.enrolment_id)
        if place.role != "mentor":
            mentees.add(place.enrolment_id)
    return list(pairs.values())


def _role(role: EnrolmentRole, *, has_mentor: bool, mentors_already: bool, may_mentor: bool) -> EnrolmentRole | None:
    """On which side somebody still needs a partner; None on neither.

    Who would like both at once gets one partner now, and is on the other side in the next proposal.
    """
    wants_both = role is EnrolmentRole.SWAP
    if has_mentor and not wants_both:
        return None
    if has_mentor or (mentors_already and not wants_both):
        role = EnrolmentRole.MENTOR  # who mentors already stays a mentor
    elif mentors_already:
        role = EnrolmentRole.MENTEE
    elif wants_both:
        role = EnrolmentRole.EITHER
    if may_mentor or role is EnrolmentRole.MENTEE:
        return role
    return EnrolmentRole.MENTEE if role is EnrolmentRole.EITHER else None


def _with_others(found: list[Candidate], programme: Programme) -> list[Candidate]:
    """The same people with what stands between them and others: wishes, earlier partners, sections and groups."""
    apart, together = wishes_of(programme.id), wished_together_in(programme.id)
    before: dict[int, set[int]] = defaultdict(set)
    for mentors, mentees in _by_pair(places_of(programme.id, "ended")):
        for person in mentors | mentees:
            before[person] |= (mentors | mentees) - {person}
    places = sections_and_groups(programme.id, programme.course_id)
    known = []
    for one in found:
        sections, groups = places.get(one.id, ([], []))
        known.append(
            replace(
                one,
                please_not=frozenset(apart.get(one.id, ())),
                would_like=frozenset(together.get(one.id, ())),
                past_partners=frozenset(before[one.id]),
                sections=frozenset(sections),
                groups=frozenset(groups),
            )
        )
    return known


def _zone(own: str, otherwise: str) -> str:
    return ZoneInfo(own).key if own else otherwise
