"""What an LMS gives Open edX's LTI package: people, a course, units, a gradebook. The smallest that the package takes.

The package reaches its LMS through one module, `lti_consumer.plugin.compat`, and through the runtime of a block; both
import edx-platform, which is no package. `attach()` puts the following in the place of edx-platform, and nothing else:

- `load_enough_xblock`, `load_block_as_user`: the unit, a real `LtiConsumerXBlock` with the fields a teacher set;
- `get_course_by_id`: the course's name and organisation;
- `get_course_members`: the enrolled people with their course roles;
- `batch_get_or_create_externalids`, `get_user_from_external_user_id`: the ids by which tools know people;
- the block's services `user` and `rebind_user`, and `publish`, through which a grade enters the gradebook.

Launch messages, signatures, tokens, scopes, line items, scores, results, memberships: all theirs.
"""

# mypy: disable-error-code="import-not-found, misc"
# Django and the package live in the other environment only, so that their classes are Any.

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from django.contrib.auth.models import User
from lti_consumer.exceptions import LtiError
from lti_consumer.lti_xblock import LtiConsumerXBlock
from lti_consumer.plugin import compat
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.reference.user_service import XBlockUser
from xblock.runtime import MemoryIdManager, Runtime

COURSE = CourseKey.from_string("course-v1:NorthfieldX+BIO101+2026")


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """Somebody in the course; roles as edx-platform names them."""

    number: int
    username: str
    name: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.username}@northfield.example"

    @property
    def external_user_id(self) -> str:
        """The id by which tools know the person."""
        return str(uuid5(NAMESPACE_DNS, self.email))


PEOPLE = {
    one.username: one
    for one in (
        Enrolled(number=11, username="alice", name="Alice Ames", roles=("instructor", "staff")),
        Enrolled(number=12, username="bob", name="Bob Byrne", roles=("student",)),
        Enrolled(number=13, username="dana", name="Dana Diaz", roles=("student",)),
        Enrolled(number=14, username="erin", name="Erin Eze", roles=("student",)),
    )
}


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the package asks a course for."""

    display_name_with_default: str = "Biology 101"
    display_org_with_default: str = "NorthfieldX"
    lti_passports: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Campus:
    """What changes: the units that teachers added, and the gradebook."""

    units: dict[UsageKey, dict[str, Any]] = field(default_factory=dict)
    grades: list[dict[str, Any]] = field(default_factory=list)

    def add_unit(self, *, name: str, **fields: Any) -> UsageKey:
        """A teacher adds an LTI unit to the course."""
        key = COURSE.make_usage_key("lti_consumer", name)
        self.units[key] = {"display_name": name, "lti_version": "lti_1p3", "has_score": True, **fields}
        return key


CAMPUS = Campus()


class Unit(LtiConsumerXBlock):
    """The package's block, with the two fields that every block inherits from its course."""

    due = None
    graceperiod = None


class Users:
    """The block's service `user`: who looks at it."""

    def __init__(self, person: Enrolled | None) -> None:
        self._person = person

    def get_current_user(self) -> XBlockUser:
        """The person as the LMS describes them to blocks."""
        person = self._person
        if person is None:
            return XBlockUser(is_current_user=True)
        found = XBlockUser(is_current_user=True, emails=[person.email], full_name=person.name)
        found.opt_attrs = {
            "edx-platform.is_authenticated": True,
            "edx-platform.user_id": person.number,
            "edx-platform.username": person.username,
            "edx-platform.user_role": person.roles[0],
            "edx-platform.user_is_staff": False,
        }
        return found

    def get_external_user_id(self, _kind: str) -> str | None:
        """The id by which tools know the person."""
        return self._person.external_user_id if self._person else None


class Rebinding:
    """The block's service `rebind_user`: here a block holds nothing of a person's, so that nothing moves."""

    def rebind_noauth_module_to_user(self, block: Any, user: User) -> None:
        """The block belongs to this user from now on."""
        block.scope_ids = block.scope_ids._replace(user_id=user.id)


class CampusRuntime(Runtime):
    """Where a block runs; it publishes grades and has no pages."""

    def __init__(self, person: Enrolled | None) -> None:
        ids = MemoryIdManager()
        super().__init__(ids, id_generator=ids, services={"user": Users(person), "rebind_user": Rebinding()})

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        """A grade enters the gradebook."""
        CAMPUS.grades.append({"unit": block.display_name, "event": event_type, **event_data})

    def handler_url(self, _block: Any, handler_name: str, *_args: Any, **_kwargs: Any) -> str:
        """A launch by LTI 1.3 asks for none."""
        raise LookupError(handler_name)

    def resource_url(self, resource: str) -> str:
        """A launch by LTI 1.3 asks for none."""
        raise LookupError(resource)

    def local_resource_url(self, _block: Any, uri: str) -> str:
        """A launch by LTI 1.3 asks for none."""
        raise LookupError(uri)


def load(key: UsageKey, person: Enrolled | None = None) -> Unit:
    """The unit as this person sees it."""
    scopes = ScopeIds(person.number if person else None, "lti_consumer", key, key)
    return Unit(CampusRuntime(person), DictFieldData(dict(CAMPUS.units[key])), scopes)


def add_people() -> None:
    """The accounts behind PEOPLE."""
    for one in PEOPLE.values():
        User.objects.create(id=one.number, username=one.username, email=one.email, first_name=one.name)


def attach() -> None:
    """Stand where the package expects edx-platform."""
    compat.load_enough_xblock = load
    compat.load_block_as_user = load
    compat.get_course_by_id = lambda _key: Course()
    compat.get_course_members = _members
    compat.batch_get_or_create_externalids = _external_ids
    compat.get_user_from_external_user_id = _user


def _members(_course_key: CourseKey) -> dict[int, dict[str, Any]]:
    return {
        one.number: {
            "id": one.number,
            "username": one.username,
            "name": one.name,
            "email": one.email,
            "roles": list(one.roles),
        }
        for one in PEOPLE.values()
    }


def _external_ids(users: Any) -> dict[int, Enrolled]:
    # The package asks for the profile along with each user, a table of edx-platform.
    return {user.id: PEOPLE[user.username] for user in users.prefetch_related(None)}


def _user(external_user_id: str) -> User:
    for one in PEOPLE.values():
        if one.external_user_id == external_user_id:
            return User.objects.get(id=one.number)
    raise LtiError("Invalid User")
