"""Promises of a conversation: nobody's words are lost or changed by another, and nobody reads without being seen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lti_tool.mentoring.conversation import (
    EDIT_WINDOW,
    LONGEST_MESSAGE,
    READING_LASTS,
    Message,
    RemovedBy,
    Report,
    edited,
    fitting,
    may_staff_read,
    removed,
    report,
    settled,
    taken_down,
    why_not_edit,
    why_not_report,
)
from lti_tool.mentoring.plain import one_line, paragraphs, wrong
from lti_tool.mentoring.rules import RuleBroken

BOB, DANA, CHARLIE = 1, 2, 3
NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
people = st.sampled_from([BOB, DANA, CHARLIE])


class AnyConversation(RuleBasedStateMachine):
    """People write, change, remove and report in any order, staff settle, time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.messages, self.reports = NOON, list[Message](), list[tuple[int, Report]]()
        self.typed: list[list[str]] = []  # what each writer typed, the last words last
        self.was_removed: set[int] = set()

    @rule(by=people, text=st.text(min_size=1, max_size=5))
    def write(self, by: int, text: str) -> None:
        self.messages.append(Message(writer=by, text=text, written_at=self.now))
        self.typed.append([text])

    @rule(data=st.data(), by=people, text=st.text(min_size=1, max_size=5))
    @precondition(lambda self: self.messages)
    def edit(self, data: st.DataObject, by: int, text: str) -> None:
        at = data.draw(st.integers(0, len(self.messages) - 1))
        before = self.messages[at]
        if why_not_edit(before, by, self.now):
            with pytest.raises(RuleBroken):
                edited(before, text, by=by, now=self.now)
            return
        self.messages[at] = edited(before, text, by=by, now=self.now)
        self.typed[at].append(text)

    @rule(data=st.data(), by=people)
    @precondition(lambda self: self.messages)
    def remove(self, data: st.DataObject, by: int) -> None:
        at = data.draw(st.integers(0, len(self.messages) - 1))
        if by != self.messages[at].writer:
            with pytest.raises(RuleBroken):
                removed(self.messages[at], by=by, now=self.now)
            return
        self.messages[at] = removed(self.messages[at], by=by, now=self.now)
        self.was_removed.add(at)

    @rule(data=st.data(), by=people)
    @precondition(lambda self: self.messages)
    def report(self, data: st.DataObject, by: int) -> None:
        at = data.draw(st.integers(0, len(self.messages) - 1))
        if why_not_report(self.messages[at], by) is None:
            self.reports.append((at, report(self.messages[at], "unkind", by=by, now=self.now)))

    @rule(data=st.data(), takes_down=st.booleans())
    @precondition(lambda self: self.reports)
    def settle(self, data: st.DataObject, takes_down: bool) -> None:
        number = data.draw(st.integers(0, len(self.reports) - 1))
        at, one = self.reports[number]
        if one.settled_at:
            with pytest.raises(RuleBroken):
                settled(one, now=self.now)
            return
        self.reports[number] = at, settled(one, now=self.now)
        if takes_down:
            self.messages[at] = taken_down(self.messages[at], now=self.now)
            self.was_removed.add(at)

    @rule(minutes=st.integers(0, 20))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def every_message_has_its_writers_last_words_or_says_that_it_is_gone(self) -> None:
        for at, one in enumerate(self.messages):
            assert (one.removed_at is not None) == (at in self.was_removed)
            assert one.text == ("" if one.removed_at else self.typed[at][-1])

    @invariant()
    def no_word_changed_after_the_window(self) -> None:
        assert all(one.edited_at is None or one.edited_at <= one.written_at + EDIT_WINDOW for one in self.messages)

    @invariant()
    def a_report_keeps_words_that_stood_there(self) -> None:
        assert all(one.words in self.typed[at] and one.words for at, one in self.reports)
        assert all(one.reporter != self.messages[at].writer for at, one in self.reports)


TestAnyConversation = AnyConversation.TestCase


def test_the_window_for_changes_ends_after_a_quarter_of_an_hour() -> None:
    one = Message(writer=BOB, text="Hello", written_at=NOON)

    assert why_not_edit(one, BOB, NOON + timedelta(minutes=15)) is None
    assert why_not_edit(one, BOB, NOON + timedelta(minutes=15, seconds=1)) is not None


def test_the_same_words_again_are_no_change() -> None:
    one = Message(writer=BOB, text="Hello", written_at=NOON)

    assert edited(one, "Hello", by=BOB, now=NOON) is one


def test_a_removed_message_stays_removed_by_whom_it_was() -> None:
    one = taken_down(Message(writer=BOB, text="Hello", written_at=NOON), now=NOON)

    assert removed(one, by=BOB, now=NOON + timedelta(minutes=1)).removed_by is RemovedBy.STAFF


def test_staff_read_for_half_an_hour_after_they_said_why_and_not_before() -> None:
    assert not may_staff_read(None, NOON)
    assert may_staff_read(NOON, NOON)
    assert may_staff_read(NOON, NOON + READING_LASTS - timedelta(seconds=1))
    assert not may_staff_read(NOON, NOON + READING_LASTS)


@given(st.lists(st.integers(1, 100), max_size=30), st.integers(0, 500))
def test_as_many_fit_as_there_is_room_for_and_one_at_least(sizes: list[int], room: int) -> None:
    count = fitting(sizes, room)

    assert count >= min(1, len(sizes))
    assert count <= 1 or sum(sizes[:count]) <= room
    assert count == len(sizes) or sum(sizes[: count + 1]) > room


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "x" * (LONGEST_MESSAGE + 1), "a\x00b", "a\u202eb"])
def test_what_nobody_could_read_or_keep_is_refused_with_a_sentence(text: str) -> None:
    assert wrong(paragraphs(text), longest=LONGEST_MESSAGE) is not None


@given(st.text())
def test_a_text_in_one_line_has_no_other(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\r" not in paragraphs(text)
