"""Promises of the agreement: nobody is bound by words they have not seen, and no way through it loses anybody's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lti_tool.mentoring.agreement import (
    LONGEST_TERM,
    OWN_PARTS,
    RULES,
    AgreementState,
    Part,
    Piece,
    Version,
    difference,
    parse_terms,
    put_together,
    revised,
    signed,
    state_of,
)
from lti_tool.mentoring.agreement_draft import Writer, drafted, looking_again
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken

BOB, DANA, ERIN = 1, 2, 3
PEOPLE = st.sampled_from([BOB, DANA, ERIN])
WORDS = st.sampled_from(["Mondays", "Tuesdays", "In the library", "By mail"])
BEGUN, ENDS = date(2026, 9, 14), date(2026, 12, 7)


class ThreePeople(RuleBasedStateMachine):
    """Two people, later three, read, change and sign at any time; what each of them has in front of them grows old."""

    def __init__(self) -> None:
        super().__init__()
        self.current: Version | None = None
        self.members = {BOB, DANA}
        self.read: dict[int, Version | None] = {BOB: None, DANA: None, ERIN: None}
        self.saved: list[Version] = []
        self.signatures: set[tuple[int, int]] = set()  # person and version

    def seen(self, who: int) -> int:
        found = self.read[who]
        return found.number if found else 0

    @rule(who=PEOPLE)
    def open_the_page(self, who: int) -> None:
        self.read[who] = self.current

    @rule(who=PEOPLE, part=st.sampled_from(OWN_PARTS), words=WORDS)
    def save(self, who: int, part: Part, words: str) -> None:
        read = self.read[who]
        terms = {**(read.terms if read else {}), part.value: words}
        try:
            after = revised(self.current, terms, by=who, seen=self.seen(who))
        except ChangedMeanwhile as meanwhile:
            assert self.seen(who) != (self.current.number if self.current else 0)
            shown = meanwhile.current
            assert shown is self.current
            return
        assert after is not None
        assert dict(after.terms) == terms
        if after is not self.current:
            assert after.written_by == who
            self.saved.append(after)
        self.current = after

    @rule(who=PEOPLE)
    def sign(self, who: int) -> None:
        try:
            after = signed(self.current, by=who, seen=self.seen(who))
        except RuleBroken:
            assert self.current is None
        except ChangedMeanwhile:
            assert self.current
            assert self.seen(who) != self.current.number
        else:
            self.current = after
            self.signatures.add((who, after.number))

    @rule()
    def a_third_joins(self) -> None:
        self.members.add(ERIN)

    @rule()
    def a_third_leaves(self) -> None:
        self.members.discard(ERIN)

    @invariant()
    def it_is_signed_exactly_when_everybody_signed_this_text(self) -> None:
        state = state_of(self.current, self.members)
        if self.current is None:
            assert state is AgreementState.NOT_WRITTEN
            return
        everybody_did = all((who, self.current.number) in self.signatures for who in self.members)
        assert (state is AgreementState.SIGNED) == everybody_did
        assert self.current.signed_by == {who for who, number in self.signatures if number == self.current.number}

    @invariant()
    def versions_are_counted_without_gaps_and_none_is_lost(self) -> None:
        assert [one.number for one in self.saved] == list(range(1, len(self.saved) + 1))
        assert not self.saved or (self.current and self.current.number == len(self.saved))


TestThreePeople = ThreePeople.TestCase


@given(
    base=st.dictionaries(st.sampled_from([part.value for part in OWN_PARTS]), WORDS),
    mine=st.dictionaries(st.sampled_from([part.value for part in OWN_PARTS]), WORDS),
    theirs=st.dictionaries(st.sampled_from([part.value for part in OWN_PARTS]), WORDS),
)
def test_two_changes_of_one_text_are_put_together_part_by_part(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    together = put_together(base, mine, theirs)

    for part in OWN_PARTS:
        before, here, there = (one.get(part, "") for one in (base, mine, theirs))
        assert together[part] == (here if here != before else there)


def test_saving_the_same_words_again_keeps_the_signatures() -> None:
    version = Version(number=3, terms={"meeting": "Mondays"}, written_by=BOB, signed_by=frozenset({BOB, DANA}))

    after = revised(version, {"meeting": "Mondays"}, by=DANA, seen=1)

    assert after is version


def test_a_changed_word_has_to_be_signed_again_by_everybody() -> None:
    version = Version(number=1, terms={"meeting": "Mondays"}, written_by=BOB, signed_by=frozenset({BOB, DANA}))

    after = revised(version, {"meeting": "Tuesdays"}, by=DANA, seen=1)

    assert state_of(version, {BOB, DANA}) is AgreementState.SIGNED
    assert state_of(after, {BOB, DANA}) is AgreementState.TO_SIGN
    assert after
    assert not after.signed_by


@given(before=st.text(alphabet="ab \n", max_size=40), after=st.text(alphabet="ab \n", max_size=40))
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    changes = difference({"meeting": before}, {"meeting": after})

    if before == after:
        assert changes == ()
        return
    (change,) = changes
    assert "".join(words for kind, words in change.pieces if kind is not Piece.ADDED) == before
    assert "".join(words for kind, words in change.pieces if kind is not Piece.REMOVED) == after


def test_a_difference_shows_the_words_that_changed_and_no_more() -> None:
    (change,) = difference({"meeting": "We meet on Mondays at ten."}, {"meeting": "We meet on Tuesdays at ten."})

    assert change.pieces == (
        (Piece.SAME, "We meet on "),
        (Piece.REMOVED, "Mondays "),
        (Piece.ADDED, "Tuesdays "),
        (Piece.SAME, "at ten."),
    )


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"meeting": "x" * (LONGEST_TERM + 1)}, "meeting"),
        ({"writing": "a\x00b"}, "writing"),
        ({"aims": "\u202egnihtemos"}, "aims"),
        ({"meeting": "  "}, "people"),
        ({}, "people"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_part(form: dict[str, str], field: str) -> None:
    _terms, problems = parse_terms(form)

    assert list(problems) == [field]


def test_nobody_changes_the_rules_that_hold_for_every_pair() -> None:
    terms, _problems = parse_terms({"privacy": "Tell everybody.", "meeting": "Mondays"})

    assert set(terms) == {part.value for part in Part} - {part.value for part in RULES}
    assert all(part.heading and (part.hint or part in RULES) for part in Part)


def people(**notes: str) -> list[Writer]:
    answers = {"frequency": "weekly", "meeting_modes": ["video", "in_person"], "async_ok": "yes"}
    return [
        Writer(
            name="Bob",
            side="mentor",
            side_word="Mentor",
            answers=answers | {"help_offered": {"writing": "strong"}, "note_to_partner": notes.get("bob", "")},
        ),
        Writer(
            name="Dana",
            side="mentee",
            side_word="Mentee",
            answers=answers
            | {"help_wanted": ["exams", "writing"], "meeting_modes": ["video"], "availability": ["mon-08"]}
            | {"note_to_partner": notes.get("dana", "")},
        ),
    ]


def said(part: Part, **notes: str) -> list[str]:
    draft = drafted(people(**notes), default_questionnaire(), begun_on=BEGUN, ends_on=ENDS)
    return [one.text % one.values for one in draft[part]]


def test_the_draft_holds_what_both_said_and_what_most_pairs_agree_on() -> None:
    aims, meeting = said(Part.AIMS), said(Part.MEETING)

    assert aims == ["Dana would like help with: ('Exam preparation', 'Writing')."]
    assert meeting[:2] == ["How often we meet: ('Every week',).", "How we meet: ('Video call',)."]
    assert meeting[-1] == "Dana suggests the next time."
    assert set(drafted(people(), default_questionnaire(), begun_on=BEGUN, ends_on=ENDS)) == set(OWN_PARTS)


def test_the_draft_holds_no_answer_that_a_partner_may_not_read() -> None:
    closed = default_questionnaire()
    hidden = [one.key for one in closed.questions if "partner" not in one.seen_by]
    secret = [
        Writer(name="Bob", side="mentor", side_word="Mentor", answers=dict.fromkeys(hidden, "SECRET")),
        Writer(name="Dana", side="mentee", side_word="Mentee", answers=dict.fromkeys(hidden, "SECRET")),
    ]

    draft = drafted(secret, closed, begun_on=BEGUN, ends_on=ENDS)

    assert hidden
    assert "SECRET" not in str(draft)
    assert "Bob says: Please say it like Bobb" in str(said(Part.RESPECT, bob="Please say it like Bobb"))


def test_the_agreement_is_looked_at_in_the_third_week_in_the_middle_and_at_the_end() -> None:
    assert looking_again(BEGUN, ENDS) == (date(2026, 10, 5), date(2026, 10, 26), ENDS)
    assert looking_again(BEGUN, date(2026, 9, 20)) == (date(2026, 9, 17), date(2026, 9, 20))
    assert looking_again(BEGUN, BEGUN)[-1] > BEGUN
    assert len(looking_again(BEGUN, None)) == 3
