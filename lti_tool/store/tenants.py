"""Whose rows these are, where several institutions share one registration.

There the id of a course, a person or a notice means something only together with a tenant: the deployment that an
institution has of its own (`lti.quirks.tenant_of`). Everywhere else the tenant is empty. Rows from before the tool
knew of tenants have none either; each is taken over, once, by the deployment that it was seen through. One that was
seen through several stays with the deployment whose programme was first there, so that it never is shared again.
"""

from typing import Any

from sqlalchemy import and_, exists, func, select, true, update
from sqlalchemy.orm import aliased

from lti_tool.store.db import db
from lti_tool.store.people import Course, Member, Person, find_course, find_person
from lti_tool.store.platforms import Deployment, Registration, deployment_row
from lti_tool.store.programme import Programme


def known_course(registration_id: int, tenant: str, context_id: str) -> Course | None:
    """The course with the LMS's own id, which the tenant takes over where it can; inside the caller's transaction."""
    found = find_course(registration_id, tenant, context_id)
    if found is None and adopt_rows(registration_id, tenant):
        found = find_course(registration_id, tenant, context_id)
    return found


def known_person(registration_id: int, tenant: str, subject: str) -> Person | None:
    """The person with the LMS's own id, whom the tenant takes over where it can; inside the caller's transaction."""
    found = find_person(registration_id, tenant, subject)
    if found is None and tenant and _is_from_before(registration_id, subject) and adopt_rows(registration_id, tenant):
        found = find_person(registration_id, tenant, subject)
    return found


def _is_from_before(registration_id: int, subject: str) -> bool:
    query = select(Person.id).filter_by(registration_id=registration_id, tenant="", subject=subject)
    return db.session.scalar(query) is not None


def adopt_rows(registration_id: int, tenant: str) -> bool:
    """Give the tenant its rows from before tenants, inside the caller's transaction; False where it can have none."""
    deployment = deployment_row(registration_id, tenant) if tenant else None
    if deployment is None:
        return False
    db.session.execute(select(Registration.id).filter_by(id=registration_id).with_for_update())  # one after the other
    is_only = db.session.scalar(select(func.count()).select_from(Deployment).filter_by(registration_id=registration_id))
    for table, named, seen_through in ((Course, "context_id", _of_course()), (Person, "subject", _of_person())):
        mine = true() if is_only == 1 else seen_through == deployment.id
        _adopt(table, named, registration_id, tenant, mine)
    _part(registration_id, tenant)
    return True


def _adopt(table: type[Course | Person], named: str, registration_id: int, tenant: str, mine: Any) -> None:
    """Take over the rows without a tenant, but for those whose id has begun anew under the tenant."""
    anew = aliased(table)
    is_taken = exists().where(
        anew.registration_id == registration_id, anew.tenant == tenant, getattr(anew, named) == getattr(table, named)
    )
    _set(table, and_(table.registration_id == registration_id, table.tenant == "", mine, ~is_taken), tenant=tenant)


def _part(registration_id: int, tenant: str) -> None:
    """People of somebody else are no active members of the tenant's courses."""
    courses = select(Course.id).filter_by(registration_id=registration_id, tenant=tenant)
    others = select(Person.id).where(Person.registration_id == registration_id, Person.tenant != tenant)
    here = Member.course_id.in_(courses) & Member.person_id.in_(others)
    _set(Member, here, is_active=False, is_in_roster=False)


def _set(table: type[Course | Person | Member], where: Any, **values: object) -> None:
    db.session.execute(update(table).where(where).values(**values).execution_options(synchronize_session=False))


def _of_course() -> Any:
    """The deployment of the course's first programme."""
    first = select(Programme.deployment_id).where(Programme.course_id == Course.id)
    return first.order_by(Programme.id).limit(1).scalar_subquery()


def _of_person() -> Any:
    """The deployment of the first programme in any of the person's courses."""
    first = select(Programme.deployment_id).join(Member, Member.course_id == Programme.course_id)
    return first.where(Member.person_id == Person.id).order_by(Programme.id).limit(1).scalar_subquery()
