"""A pair's agreement: what stands in it, and who has signed which version.

Every saved text is a version of its own, and a signature belongs to one version. So whoever changes a word is signed
with again, and nobody is bound by words they have not seen. What it is filled with at first: `agreement_draft`.
Source: product section 7.5.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

LONGEST_TERM = 1200  # characters

Terms = Mapping[str, str]  # the pair's own words, by part


class Part(StrEnum):
    """A part of the agreement, in the order in which it is read."""

    PEOPLE = "people"
    AIMS = "aims"
    MEETING = "meeting"
    WRITING = "writing"
    MISSING = "missing"
    PRIVACY = "privacy"
    LIMITS = "limits"
    RESPECT = "respect"
    NOTES = "notes"
    ENDING = "ending"
    DATES = "dates"

    @property
    def heading(self) -> str:
        """What stands above it."""
        return _HEADINGS[self]

    @property
    def hint(self) -> str:
        """What belongs there, for whoever writes; nothing where nothing can be written."""
        return _HINTS.get(self, "")


_HEADINGS: Mapping[Part, str] = {
    Part.PEOPLE: N_("Who we are"),
    Part.AIMS: N_("What we want to reach"),
    Part.MEETING: N_("How we meet"),
    Part.WRITING: N_("How we write"),
    Part.MISSING: N_("If somebody cannot come"),
    Part.PRIVACY: N_("What stays between us"),
    Part.LIMITS: N_("What mentoring is not"),
    Part.RESPECT: N_("Respect, and what each of us needs"),
    Part.NOTES: N_("Notes, and what we keep"),
    Part.ENDING: N_("If it is not working"),
    Part.DATES: N_("When we look at this again"),
}
_HINTS: Mapping[Part, str] = {
    Part.PEOPLE: N_("Names as we like to be called, how they are said, and who is what here."),
    Part.AIMS: N_("Up to three things, the first step, and until when. Goals have a page of their own."),
    Part.MEETING: N_("How often, how long, where, what we do when the internet is weak, and who suggests the time."),
    Part.WRITING: N_("Where we write, within how many days we answer, and at which hours we do not write."),
    Part.MISSING: N_("How early we say so, and how we find a new time."),
    Part.RESPECT: N_("What makes it easy for each of us to take part. Only what both of you would like to stand here."),
    Part.NOTES: N_("What we write down, and what we do not."),
    Part.DATES: N_("In the third week, in the middle and at the end."),
}
# What is the same for every pair and cannot be changed. A version keeps the wording that was signed.
RULES: Mapping[Part, tuple[str, ...]] = {
    Part.PRIVACY: (
        N_("What we tell each other stays between us."),
        N_("There are three exceptions: when somebody may come to harm, when the law asks for it, and what staff see."),
        N_("What staff see stands beside everything that we can write here."),
    ),
    Part.LIMITS: (
        N_("Nobody does graded work for the other."),
        N_("A mentor is no therapist; there are people whose work that is, and we say so early."),
        N_("No money, no selling, no dating while we are paired."),
    ),
    Part.ENDING: (
        N_("We tell each other first, and use the guide for a difficult talk."),
        N_("Each of us may ask the staff of this course to help us talk."),
        N_("Each of us may end this pair without giving a reason, and it is nobody’s fault."),
    ),
}
OWN_PARTS = tuple(part for part in Part if part not in RULES)


class AgreementState(StrEnum):
    """How far an agreement has come."""

    NOT_WRITTEN = "not_written"
    TO_SIGN = "to_sign"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of the agreement, and who of the pair has signed exactly this one."""

    number: int
    terms: Terms
    written_by: int
    signed_by: frozenset[int] = frozenset()


def parse_terms(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Sentence]]:
    """Return what a form says, part by part, and what is wrong with it, by field name.

    Shape: a form without a part leaves it empty; an agreement in which nothing is written is a problem of the first.
    """
    terms = {part.value: form.get(part, "").strip().replace("\r\n", "\n") for part in OWN_PARTS}
    problems = {part: problem for part, words in terms.items() if (problem := _wrong(words))}
    if not any(terms.values()):
        problems[OWN_PARTS[0]] = Sentence(N_("Please write in at least one part what you agree on."))
    return terms, problems


def _wrong(words: str) -> Sentence | None:
    if len(words) > LONGEST_TERM:
        return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": LONGEST_TERM})
    return wrong_with_text(words)


def unsigned_by(version: Version, members: Collection[int]) -> frozenset[int]:
    """Return who of the people in the pair has not signed this version."""
    return frozenset(members) - version.signed_by


def state_of(version: Version | None, members: Collection[int]) -> AgreementState:
    """Return how far the newest version has come; whoever has left the pair need not sign, whoever is new must."""
    if version is None:
        return AgreementState.NOT_WRITTEN
    return AgreementState.TO_SIGN if unsigned_by(version, members) else AgreementState.SIGNED


def revised(current: Version | None, terms: Terms, *, by: int, seen: int) -> Version | None:
    """Return the version that a save leads to; the current one where it says the same already.

    Shape: `seen` is the number of the version that was changed, 0 for none.
    Raises: ChangedMeanwhile where that is not the current one.
    """
    if current is not None and dict(current.terms) == dict(terms):
        return current
    number = current.number if current else 0
    if seen != number:
        raise ChangedMeanwhile(current)
    return Version(number=number + 1, terms=dict(terms), written_by=by)


def put_together(base: Terms, mine: Terms, theirs: Terms) -> dict[str, str]:
    """Return both people's changes of one text: my words where I changed a part, theirs everywhere else.

    Shape: `base` is what both began with. A part that both changed holds mine, so theirs has to be shown beside it.
    """
    return {
        part.value: mine.get(part, "") if mine.get(part, "") != base.get(part, "") else theirs.get(part, "")
        for part in OWN_PARTS
    }


def signed(current: Version | None, *, by: int, seen: int) -> Version:
    """Return the version with one more signature; signing twice is signing once.

    Raises: RuleBroken where nothing is written; ChangedMeanwhile where another version was read than the current one.
    """
    if current is None:
        raise RuleBroken(Sentence(N_("There is no agreement yet. Write it first, then you can both sign.")))
    if seen != current.number:
        raise ChangedMeanwhile(current)
    return replace(current, signed_by=current.signed_by | {by})


class Piece(StrEnum):
    """What became of some words from one version to the next."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """One part that reads differently.

    Shape: `pieces` are words with what became of them, in reading order; the removed stand before the added.
    """

    part: Part
    pieces: tuple[tuple[Piece, str], ...]


def difference(before: Terms, after: Terms) -> tuple[PartChange, ...]:
    """Return the parts that read differently, word by word, in the order of the agreement."""
    return tuple(
        PartChange(part=part, pieces=_pieces(before.get(part, ""), after.get(part, "")))
        for part in OWN_PARTS
        if before.get(part, "") != after.get(part, "")
    )


def _pieces(before: str, after: str) -> tuple[tuple[Piece, str], ...]:
    old, new = _tokens(before), _tokens(after)
    pieces: list[tuple[Piece, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append((Piece.SAME, "".join(old[a:b])))
            continue
        pieces += [(Piece.REMOVED, "".join(old[a:b]))] if b > a else []
        pieces += [(Piece.ADDED, "".join(new[c:d]))] if d > c else []
    return tuple(pieces)


def _tokens(text: str) -> list[str]:
    """Words, each with the space behind it, so that putting them together again gives the text."""
    tokens: list[str] = []
    for character in text:
        if tokens and (character.isspace() or not tokens[-1][-1].isspace()):
            tokens[-1] += character
        else:
            tokens.append(character)
    return tokens
