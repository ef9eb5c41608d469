"""“Why not X?”: reads and reckons, changes nothing."""

from dataclasses import dataclass, replace

from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.actions.scenarios import ended_by
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate
from lti_tool.mentoring.scenarios import Fit, Link, Move, asked, moves, on_sides, wanted_from_json
from lti_tool.mentoring.words import Sentence
from lti_tool.store.board import fits_of
from lti_tool.store.matching import RUNNING, Pair, Scenario, left_in, pairs_in
from lti_tool.store.pairs import PairMember, members_of, places_of
from lti_tool.store.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why two people are no pair: the rules that forbid it, or what it would cost the others."""

    is_pair: bool = False
    is_here: bool = True
    broken: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    total_ppm: int = 0
    worst_ppm: int = 0  # how much the worst pair changes
    matched: int = 0  # how many more have a partner


def why_not_for(programme: Programme, pair: Pair, asker: PairMember, other: int) -> Sentence:
    """What somebody in a pair may read about why they are not with another person; nothing else is computed.

    Shape: `other` is an enrolment, or 0 for somebody who does not take part: of them the same is said as of many.
    """
    from lti_tool.mentoring.matching.by_hand import judged  # noqa: PLC0415  # most pages need no numpy
    from lti_tool.mentoring.matching.why_not import NO_MORE_IS_SAID, own_sentence  # noqa: PLC0415  # as above

    partners = [one.enrolment.id for one in members_of(pair.id) if one.enrolment.id != asker.enrolment_id]
    running = {one.pair_id for one in places_of(programme.id, *RUNNING)}
    concerned = [asker.enrolment_id, other, *partners]
    people = {one.id: one for one in candidates_of(programme, without=running, only=concerned)}
    if other in {0, asker.enrolment_id} or not {asker.enrolment_id, other} <= people.keys():
        return NO_MORE_IS_SAID
    if not _may_stand_opposite(people[other], asker):
        return NO_MORE_IS_SAID
    is_mentor = asker.role == "mentor"
    sided = [_on(one, is_mentor=is_mentor == (one.id == asker.enrolment_id)) for one in people.values()]
    links = [(one, asker.enrolment_id) if is_mentor else (asker.enrolment_id, one) for one in (other, *partners)]
    found = {(one.mentee_id, one.mentor_id): one for one in judged(sided, plan_of(programme), links)}
    now = [found[link].score_ppm for link in links[1:] if link in found]
    asked_about = found[links[0]]
    return own_sentence(asked_about.broken, asked_about.score_ppm - max(now, default=0))


def _may_stand_opposite(person: Candidate, asker: PairMember) -> bool:
    """Whether somebody could be the asker's partner by the side they chose."""
    if asker.role == "both":
        return True
    mine = EnrolmentRole.MENTOR if asker.role == "mentor" else EnrolmentRole.MENTEE
    return person.role is not mine


def _on(person: Candidate, *, is_mentor: bool) -> Candidate:
    return replace(person, role=EnrolmentRole.MENTOR if is_mentor else EnrolmentRole.MENTEE)


def why_not(programme: Programme, scenario: Scenario, link: Link) -> Answer:
    """The best pairs with these two together beside the present ones, or what forbids these two."""
    from lti_tool.mentoring.matching.by_hand import judged  # noqa: PLC0415  # most pages need no numpy
    from lti_tool.mentoring.matching.propose import propose  # noqa: PLC0415  # as above

    before = fits_of(pairs_in(scenario.id))
    if link in before:
        return Answer(is_pair=True)
    wanted = wanted_from_json(scenario.changes)
    everybody, plan = candidates_of(programme, without=ended_by(scenario)), plan_of(programme)
    mentors = [one.enrolment_id for one in left_in(scenario.id) if one.side == "mentor"]
    people, changed = asked(everybody, plan, replace(wanted, locked=frozenset()))
    found = judged(on_sides(people, [*before, link], mentors), changed, [link])
    if not found:
        return Answer(is_here=False)
    if found[0].broken:
        return Answer(broken=tuple(map(str, found[0].broken)))
    kept = {(one.mentee_id, one.mentor_id) for one in pairs_in(scenario.id) if one.is_locked}
    locked = frozenset({one for one in kept if one[0] != link[0]} | {link})
    people, changed = asked(everybody, plan, replace(wanted, locked=locked))
    result = propose(people, changed)
    after = {
        (pair.mentee_id, pair.mentor_id): Fit(partner=pair.mentor_id, strength=pair.strength, score_ppm=pair.score_ppm)
        for pair in result.pairs
    }
    return Answer(
        moves=tuple(moves(before, after)),
        total_ppm=result.total_ppm - scenario.total_ppm,
        worst_ppm=result.worst_ppm - scenario.worst_ppm,
        matched=result.matched_mentees - scenario.matched_mentees,
    )
