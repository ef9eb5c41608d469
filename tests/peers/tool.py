"""The tool as a peer meets it, and what teacher and students do in it once they are launched."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask

from lti_tool.actions.matching import ask_for_proposal, publish
from lti_tool.actions.phases import move
from lti_tool.actions.platforms import NewRegistration, add_registration
from lti_tool.actions.workspace import check_in
from lti_tool.app import create_app
from lti_tool.jobs.handlers import work_off
from lti_tool.mentoring.programme import Phase
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.databases import settings
from tests.serving import serving

DEPLOYMENT = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One member of the course as the database has them."""

    name: str
    email: str
    role: str
    is_in_roster: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTool:
    """The tool's application and where it is reached."""

    app: Flask
    origin: str

    @property
    def login_url(self) -> str:
        """Where a launch begins."""
        return f"{self.origin}/lti/login"

    @property
    def launch_url(self) -> str:
        """Where a launch arrives."""
        return f"{self.origin}/lti/launch"

    @property
    def jwks_url(self) -> str:
        """Where the tool's public keys are."""
        return f"{self.origin}/lti/jwks"

    def register(self, new: NewRegistration) -> int:
        """Make a platform known to the tool."""
        with self.app.app_context():
            return add_registration(new, deployment_id=DEPLOYMENT, by="test", now=datetime.now(UTC))

    def work(self) -> int:
        """Do the background work that is due; how many pieces there were."""
        return work_off(self.app)

    def setting(self, registration_id: int) -> make.Setting:
        """The registration's only course and programme, as the launches made them."""
        with self.app.app_context():
            course = db.session.query(Course).filter_by(registration_id=registration_id).one()
            programme = db.session.query(Programme).filter_by(course_id=course.id).one()
            return make.Setting(
                registration_id=registration_id,
                deployment_id=programme.deployment_id,
                course_id=course.id,
                programme_id=programme.id,
            )

    def members(self, at: make.Setting) -> dict[str, Listed]:
        """The course's active members by the platform's own id of them."""
        with self.app.app_context():
            rows = db.session.query(Member, Person).join(Person, Person.id == Member.person_id)
            return {
                person.subject: Listed(
                    name=person.name, email=person.email, role=member.role, is_in_roster=member.is_in_roster
                )
                for member, person in rows.filter(Member.course_id == at.course_id, Member.is_active)
            }

    def pair_up(self, at: make.Setting, *, mentor: str, mentee: str, by: str) -> None:
        """Both join, and the teacher publishes the pair that the tool proposes."""
        with self.app.app_context():
            now = datetime.now(UTC)
            with transaction() as session:  # a score for each check-in, at once
                programme = session.get_one(Programme, at.programme_id)
                programme.participation, programme.release = "check_ins", "at_once"
            make.enrolment(at, self._person_id(at, mentor), role="mentor", changed_at=now)
            make.enrolment(at, self._person_id(at, mentee), role="mentee", changed_at=now)
            move(at.programme_id, Phase.SIGN_UP, by=self._person_id(at, by), now=now)
            ask_for_proposal(at.programme_id, by=self._person_id(at, by), now=now)
        self.work()
        with self.app.app_context():
            proposal = db.session.query(Proposal).filter_by(programme_id=at.programme_id).one()
            assert publish(proposal.id, by=self._person_id(at, by), now=datetime.now(UTC))
        self.work()

    def check_in(self, at: make.Setting, *, mentee: str, number: int = 1) -> Score:
        """The mentee sends a check-in; the score it leads to, before anybody has sent it anywhere."""
        with self.app.app_context():
            pair = db.session.query(Pair).filter_by(programme_id=at.programme_id, state="active").one()
            check_in(pair.id, pair.mentee_id, number, {"met": "yes"}, now=datetime.now(UTC))
        return self.score(at, mentee)

    def score(self, at: make.Setting, subject: str) -> Score:
        """This person's score as the tool keeps it."""
        with self.app.app_context():
            found = make.kept_score(at.programme_id, self._person_id(at, subject))
            assert found is not None
            db.session.expunge(found)
            return found

    def points(self, at: make.Setting) -> Decimal:
        """What taking part in everything is worth."""
        with self.app.app_context():
            return Decimal(db.session.get_one(Programme, at.programme_id).points)

    def _person_id(self, at: make.Setting, subject: str) -> int:
        found = db.session.query(Person).filter_by(registration_id=at.registration_id, subject=subject)
        return found.one().id


@contextmanager
def running_tool(database_url: str, folder: Path) -> Iterator[RunningTool]:
    """The tool on this database, served over HTTP."""
    made: list[Flask] = []

    def make_app(origin: str) -> Flask:
        made.append(create_app(settings(database_url, folder, tool_url=origin)))
        return made[0]

    with serving(make_app, host="localhost") as origin:
        yield RunningTool(app=made[0], origin=origin)
    with made[0].app_context():
        db.session.remove()
        db.engine.dispose()
    made[0].extensions["queue"]._engine.storage.close()
