"""What becomes of a registration after it was made: launches are noted, an admin edits, pauses, resumes, deletes it.

Each decision is written down in the transaction that makes it; `by` says through what it came.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete

from lti_tool.actions import audit
from lti_tool.actions.platforms import NewRegistration, RegistrationExists
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.store.db import transaction
from lti_tool.store.erase import Belongings, belongings, delete_registration
from lti_tool.store.platforms import (
    AccessToken,
    Deployment,
    Invitation,
    Registration,
    StoredDirectory,
    as_platform,
    deployment_row,
    find_registration,
    registration_facts,
)

NOTED_EVERY = timedelta(minutes=1)  # a whole class launches at once; one row need not be written for each
MOST_PENDING = 200  # deployments that wait for an admin's word, per registration


class LaunchDirectory(StoredDirectory):
    """The registered LMSs during one launch: remembers which one it was about, and keeps new deployments in mind."""

    def __init__(self, now: datetime) -> None:
        """For a launch that arrives now."""
        self._now = now
        self.registration_id: RegistrationId | None = None
        self._last_launch_at: datetime | None = None

    def by_id(self, registration_id: RegistrationId) -> Platform | None:
        """The LMS with this registration."""
        row = registration_facts(registration_id)
        self.registration_id = registration_id
        self._last_launch_at = row.last_launch_at if row else None
        return as_platform(row) if row else None

    def has_deployment(self, registration_id: RegistrationId, deployment_id: str) -> bool:
        """Whether a launch from this deployment is welcome; one that is new then waits for the admin's word."""
        is_welcome = super().has_deployment(registration_id, deployment_id)
        if not is_welcome and deployment_row(registration_id, deployment_id) is None:
            note_deployment(registration_id, deployment_id, now=self._now)
        return is_welcome

    def note_launch(self) -> None:
        """The launch was good."""
        if self.registration_id is not None and not _is_noted(self._last_launch_at, self._now):
            note_launch(self.registration_id, now=self._now)


def note_deployment(registration_id: int, deployment_id: str, *, now: datetime) -> None:
    """Somebody launched from a deployment that nobody has allowed yet: an admin decides."""
    with transaction() as session:
        session.get_one(Registration, registration_id, with_for_update=True)  # one after the other
        waiting = session.query(Deployment).filter_by(registration_id=registration_id, state="pending").count()
        if waiting >= MOST_PENDING or deployment_row(registration_id, deployment_id):
            return
        session.add(
            Deployment(registration_id=registration_id, deployment_id=deployment_id, state="pending", first_seen_at=now)
        )


def note_launch(registration_id: int, *, now: datetime) -> None:
    """A launch was good; the first one makes a pending registration active."""
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        if _is_noted(row.last_launch_at, now):
            return
        row.last_launch_at = now
        if row.first_launch_at is None:
            row.first_launch_at = now
            audit.record("platform.active", now=now, by=None, registration_id=registration_id)


def _is_noted(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at < NOTED_EVERY


def note_refusal(registration_id: int, code: str, *, now: datetime) -> None:
    """A launch was refused; the admin reads the code and what to do about it."""
    with transaction() as session:
        row = session.get(Registration, registration_id, with_for_update=True)
        if row is None or (row.refused_code == code and row.refused_at and now - row.refused_at < NOTED_EVERY):
            return
        row.refused_at, row.refused_code = now, code


def edit_registration(registration_id: int, new: NewRegistration, *, by: str, now: datetime) -> None:
    """Change what the tool knows of an LMS; tokens of the old addresses are forgotten.

    Raises: RegistrationExists when another registration has this issuer and client id.
    """
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        other = find_registration(new.issuer, new.client_id)
        if other is not None and other.id != registration_id:
            raise RegistrationExists(RegistrationExists.__doc__)
        wanted = asdict(new)
        before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
        if not before:
            return
        for name in before:
            setattr(row, name, wanted[name])
        session.execute(delete(AccessToken).filter_by(registration_id=registration_id))
        after = {name: wanted[name] for name in before} | {"through": by}
        audit.record("platform.edit", now=now, by=None, registration_id=registration_id, before=before, after=after)


def set_paused(registration_id: int, is_paused: bool, *, by: str, now: datetime) -> None:
    """Stop or go on: a paused LMS cannot launch, and nothing is sent to it."""
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        if row.is_paused == is_paused:
            return
        row.is_paused = is_paused
        what = "platform.pause" if is_paused else "platform.resume"
        audit.record(what, now=now, by=None, registration_id=registration_id, after={"through": by})


def set_policy(registration_id: int, accepts: bool, *, by: str, now: datetime) -> None:
    """Whether deployments that are new are let in at once, or wait for the admin's word."""
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        if row.accepts_new_deployments == accepts:
            return
        row.accepts_new_deployments = accepts
        after = {"accepts_new_deployments": accepts, "through": by}
        audit.record("deployment.policy", now=now, by=None, registration_id=registration_id, after=after)


def decide_deployment(registration_id: int, number: int, state: str, *, by: str, now: datetime) -> bool:
    """Allow a deployment, or refuse it; False when the registration has none of this number."""
    with transaction() as session:
        row = session.get(Deployment, number, with_for_update=True)
        if row is None or row.registration_id != registration_id:
            return False
        before, row.state = row.state, state
        audit.record(
            f"deployment.{state}",
            now=now,
            by=None,
            registration_id=registration_id,
            before={"state": before},
            after={"deployment_id": row.deployment_id, "through": by},
        )
    return True


def remove_registration(registration_id: int, *, by: str, now: datetime) -> Belongings:
    """Delete the LMS with all its courses, programmes and people, or nothing at all; what was removed."""
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        lost = belongings(registration_id)
        before = {"issuer": row.issuer, "client_id": row.client_id, "name": row.name} | asdict(lost)
        session.expunge(row)
        delete_registration(registration_id)
        audit.record("platform.delete", now=now, by=None, before=before, after={"through": by})
    return lost


def revoke_invitation(number: int, *, now: datetime) -> None:
    """The address that was given away opens nothing any more."""
    with transaction() as session:
        session.execute(delete(Invitation).where(Invitation.id == number, Invitation.used_at.is_(None)))
        audit.record("invitation.revoke", now=now, by=None)
