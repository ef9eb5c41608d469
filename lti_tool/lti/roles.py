"""Roles as the LMS sends them, and the standing in the course that follows from them.

A role is a vocabulary (context, institution, system), a principal role and perhaps a sub-role; the path before `#`
decides the principal, so that `membership/Learner#Instructor` is a learner. Only context roles give rights in a course:
the institution role describes the person elsewhere.
Source: LTI 1.3 core, annex A; IMS LIS role vocabularies 2.0.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Vocabulary(StrEnum):
    """Where a role holds."""

    CONTEXT = "context"
    INSTITUTION = "institution"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """What a person is in this course, for all that the tool decides."""

    INSTRUCTOR = "instructor"
    TEACHING_ASSISTANT = "teaching_assistant"
    DESIGNER = "designer"
    LEARNER = "learner"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LtiRole:
    """One role; an unknown one keeps its text as principal."""

    vocabulary: Vocabulary
    principal: str
    sub: str | None = None


_URI = re.compile(r"https?://purl\.imsglobal\.org/vocab/(?P<path>[a-z0-9/]+(?:/[A-Za-z-]+)?)#(?P<name>[A-Za-z-]+)")
_MEMBERSHIP = "lis/v2/membership"
_PERSON_PATHS = {
    "lis/v2/institution/person": Vocabulary.INSTITUTION,
    "lis/v2/system/person": Vocabulary.SYSTEM,
    "lti/system/person": Vocabulary.SYSTEM,
    # Not in the vocabulary; sent by some Moodle versions for site administrators.
    "lis/v2/person": Vocabulary.INSTITUTION,
}
_SHORT = re.compile(
    r"(?:urn:lti:role:ims/lis/)?(?P<principal>Administrator|ContentDeveloper|Instructor|Learner|Manager|Member|Mentor|Officer)"
    r"(?:[#/](?P<sub>[A-Za-z-]+))?"
)
_SHORT_ASSISTANT = re.compile(r"(?:urn:lti:role:ims/lis/)?TeachingAssistant(?:[#/][A-Za-z-]+)?")


def parse_roles(values: Iterable[str]) -> tuple[LtiRole, ...]:
    """Every role in the given order, each once; full URIs, sub-roles and the old short names are understood."""
    return tuple(dict.fromkeys(_parse(value) for value in values))


@lru_cache(maxsize=1024)
def _parse(value: str) -> LtiRole:
    """One role of one text."""
    if short := _SHORT.fullmatch(value):
        return LtiRole(vocabulary=Vocabulary.CONTEXT, principal=short["principal"], sub=short["sub"])
    if _SHORT_ASSISTANT.fullmatch(value):
        return LtiRole(vocabulary=Vocabulary.CONTEXT, principal="Instructor", sub="TeachingAssistant")
    if uri := _URI.fullmatch(value):
        return _from_uri(uri["path"], uri["name"]) or _unknown(value)
    return _unknown(value)


def _from_uri(path: str, name: str) -> LtiRole | None:
    """The role of a vocabulary path and the name behind `#`."""
    if path == _MEMBERSHIP:
        return LtiRole(vocabulary=Vocabulary.CONTEXT, principal=name)
    if path.startswith(_MEMBERSHIP + "/"):
        return LtiRole(vocabulary=Vocabulary.CONTEXT, principal=path.removeprefix(_MEMBERSHIP + "/"), sub=name)
    if path in _PERSON_PATHS:
        return LtiRole(vocabulary=_PERSON_PATHS[path], principal=name)
    return None


def _unknown(value: str) -> LtiRole:
    """A role that gives nothing, kept so that nobody has to guess what was sent."""
    return LtiRole(vocabulary=Vocabulary.UNKNOWN, principal=value[:255])


def standing(roles: Iterable[LtiRole]) -> Standing:
    """The highest standing these roles give in the course; staff wins over learner, an assistant is never the teacher.

    Canvas sends an assistant together with the principal role Instructor, so that the assistant is looked for first.
    """
    given = frozenset(roles)
    for level in (
        Standing.TEACHING_ASSISTANT,
        Standing.INSTRUCTOR,
        Standing.DESIGNER,
        Standing.LEARNER,
        Standing.OBSERVER,
    ):
        if any(_context_standing(role) is level for role in given):
            return level
    return Standing.ADMINISTRATOR if is_administrator(given) else Standing.NONE


_BY_PRINCIPAL = {
    "Instructor": Standing.INSTRUCTOR,
    "Administrator": Standing.INSTRUCTOR,
    "ContentDeveloper": Standing.DESIGNER,
    "Learner": Standing.LEARNER,
    # Canvas groups and some Brightspace roles are only members.
    "Member": Standing.LEARNER,
    # LTI's Mentor watches somebody (a parent in Canvas); peer mentors are this tool's own data.
    "Mentor": Standing.OBSERVER,
}


def _context_standing(role: LtiRole) -> Standing | None:
    """The standing that one context role gives."""
    if role.vocabulary is not Vocabulary.CONTEXT:
        return None
    sub = role.sub or ""
    if role.principal == "Instructor" and (sub.startswith("TeachingAssistant") or sub == "Grader"):
        return Standing.TEACHING_ASSISTANT
    if role.principal == "Manager" and sub in {"Observer", "ExternalObserver"}:
        return Standing.OBSERVER
    return _BY_PRINCIPAL.get(role.principal)


def is_administrator(roles: Iterable[LtiRole]) -> bool:
    """Whether the person looks after the institution or its LMS, whatever else they are in the course."""
    return any(_is_administrator(role) for role in roles)


def _is_administrator(role: LtiRole) -> bool:
    """Whether a role makes the person an administrator of the institution or of the LMS."""
    if role.vocabulary is Vocabulary.INSTITUTION:
        return role.principal == "Administrator"
    return role.vocabulary is Vocabulary.SYSTEM and role.principal in {"Administrator", "SysAdmin", "AccountAdmin"}


def is_test_user(roles: Iterable[LtiRole]) -> bool:
    """Whether this is the LMS's invented person (Canvas: Student View)."""
    return any(role.vocabulary is Vocabulary.SYSTEM and role.principal == "TestUser" for role in roles)
