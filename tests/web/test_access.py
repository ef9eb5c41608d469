"""Who may open which page: every route, tried by everybody. A route that is not listed here fails the build."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from lti_tool.actions.admin import begin_visit, make_link
from lti_tool.actions.cases import begin
from lti_tool.actions.nudges import stop_token
from lti_tool.actions.programme import remember_version
from lti_tool.actions.training import drawn_for
from lti_tool.mentoring.case_forms import Reported
from lti_tool.mentoring.cases import CaseKind
from lti_tool.mentoring.checkins_probes import ProbeKind
from lti_tool.mentoring.reflections import Stage
from lti_tool.store.db import transaction
from lti_tool.store.matching import Proposal
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock

PUBLIC = {
    "public.home",
    "public.healthz",
    "static",
    "lti.login",
    "lti.launch",
    "lti.jwks",
    "lti.config",
    "notices.receive",
    "mail.ask",
    "mail.stop",
    "mail.resume",
    "feed.meetings",  # the address is the proof; see test_pair_meetings
    "lti.register",
    "lti.register_now",
    "status.readyz",
    "status.people",
    "status.metrics",
    "admin_door.enter",
    "admin_door.come_in",
}
EVERY_VISITOR = {"visit.enter", "visit.placed", "visit.review"}
ERRAND = {  # only the browser whose launch asked opens them; see test_deep_linking, test_course_copy, test_privacy
    "errand.enter",
    "errand.link.choose",
    "errand.content.choose",
    "errand.content.existing",
    "errand.content.new",
    "errand.content.parts",
    "errand.content.nothing",
    "errand.privacy.person",
    "errand.privacy.export",
    "errand.privacy.erase",
}
STAFF = {
    "instructor.programme.overview": {},
    "instructor.programme.people": {},
    "instructor.programme.refresh": {},
    "instructor.programme.keep": {},
    "instructor.programme.settings": {},
    "instructor.setup.begin": {},
    "instructor.setup.section": {},
    "instructor.setup.ready": {},
    "instructor.setup.open_sign_up": {},
    "instructor.settings.section": {},
    "instructor.settings.versions": {},
    "instructor.settings.version": {},
    "instructor.scheme.edit": {},
    "instructor.phases.show": {},
    "instructor.phases.move": {},
    "instructor.team.show": {},
    "instructor.team.add": {"person": "teammate"},
    "instructor.team.remove": {"person": "teammate"},
    "instructor.preview.page": {},
    "instructor.questionnaire.overview": {},
    "instructor.questionnaire.arrange": {},
    "instructor.questionnaire.add": {},
    "instructor.questionnaire.edit": {},
    "instructor.questionnaire.preview": {},
    "instructor.questionnaire.download": {},
    "instructor.questionnaire_file.take_in": {},
    "instructor.enrolment.person": {},
    "instructor.enrolment.wishes": {},
    "instructor.cohort.funnel": {},
    "instructor.cohort.people": {},
    "instructor.cohort.send": {},
    "instructor.mentors.queue": {},
    "instructor.mentors.several": {},
    "instructor.mentors.application": {"application": "mentor"},
    "instructor.matching.board": {},
    "instructor.matching.propose": {},
    "instructor.matching.publish": {"proposal": "proposal"},
    "instructor.matching.discard": {"proposal": "proposal"},
    "instructor.matching.undo": {"proposal": "proposal"},
    "instructor.scenarios.compare": {},
    "instructor.scenarios.add": {},
    "instructor.scenarios.remove": {"scenario": "scenario"},
    "instructor.scenarios.difference": {},
    "instructor.scenarios.certificate": {"scenario": "scenario"},
    "instructor.edits.pair": {"scenario": "scenario", "mentee": "mentee", "mentor": "mentor"},
    "instructor.edits.choose": {"scenario": "scenario", "mentee": "mentee", "kind": "assign"},
    "instructor.edits.effect": {"scenario": "scenario", "mentee": "mentee", "mentor": "mentor", "kind": "lock"},
    "instructor.edits.do": {"scenario": "scenario", "mentee": "mentee", "mentor": "mentor", "kind": "lock"},
    "instructor.why_not.ask": {"scenario": "scenario", "mentee": "mentee"},
    "instructor.why_not.answer": {"scenario": "scenario", "mentee": "mentee", "mentor": "mentor"},
    "instructor.what_if.form": {},
    "instructor.repair.ask": {"pair": "pair"},
    "instructor.repair.start": {"pair": "pair"},
    "instructor.triads.choose": {"scenario": "scenario", "who": "mentee"},
    "instructor.left_over.people": {"scenario": "scenario"},
    "instructor.left_over.fairness": {"scenario": "scenario"},
    "instructor.left_over.record": {},
    "instructor.pairs.health": {},
    "instructor.pairs.pair": {"pair_id": "pair"},
    "instructor.pairs.note": {"pair_id": "pair"},
    "instructor.pairs.pause": {"pair_id": "pair", "resumes_on": "never"},
    "instructor.pairs.resume": {"pair_id": "pair"},
    "instructor.pairs.end": {"pair_id": "pair"},
    "instructor.cases.queue": {},
    "instructor.cases.case": {"case_id": "case"},
    "instructor.cases.take": {"case_id": "case"},
    "instructor.cases.add": {"case_id": "case"},
    "instructor.cases.talk": {"case_id": "case"},
    "instructor.cases.hand_over": {"case_id": "case"},
    "instructor.cases.close": {"case_id": "case"},
    "instructor.cases.reopen": {"case_id": "case"},
    "instructor.workspace.check_ins": {},
    "instructor.pair_plans.overview": {},
    "instructor.meetings.overview": {},
    "instructor.meetings.decide": {"meeting": "meeting", "ruling": "counts"},
    "instructor.announcements.show": {},
    "instructor.announcements.write": {},
    "instructor.announcements.one": {"of": "course"},
    "instructor.announcements.withdraw": {"of": "course"},
    "instructor.announcements.again": {"of": "course"},
    "instructor.announcements.channel": {},
    "instructor.announcements.drop_channel": {},
    "instructor.conversation.reports": {},
    "instructor.conversation.report": {"of": "course"},
    "instructor.conversation.thread": {"pair": "pair"},
    "instructor.mentors_board.show": {},
    "instructor.mentors_board.write": {},
    "instructor.mentors_board.take_down": {"of": "course"},
    "instructor.library.show": {},
    "instructor.library.add": {},
    "instructor.library.thing": {"of": "course"},
    "instructor.library.remove": {"of": "course"},
    "instructor.library.file": {"of": "course"},
    "instructor.guides.show": {},
    "instructor.guides.guide": {},
    "instructor.asked.answers": {},
    "instructor.asked.plan": {},
    "instructor.alone.overview": {},
    "instructor.standby.overview": {},
    "instructor.hours.overview": {},
    "instructor.hours.person": {},
    "instructor.peer_cases.overview": {},
    "instructor.peer_cases.case": {},
    "instructor.survey.overview": {},
    "instructor.survey.read": {},
    "instructor.survey.texts": {},
    "instructor.tasks.overview": {},
    "instructor.tasks.task": {},
    "instructor.reflections.overview": {},
    "instructor.reflections.reflection": {},
    "instructor.reflections.give_back": {},
    "instructor.gradebook.scores": {},
    "instructor.gradebook.retry": {},
    "instructor.releases.show": {},
    "instructor.releases.release": {},
    "instructor.participation.overview": {},
    "instructor.participation.decisions": {},
    "instructor.gradebook.compare": {},
    "instructor.differences.show": {},
    "instructor.differences.decide": {"score": "differing", "then": "theirs"},
    "instructor.differences.reopen": {"of": "kept"},
    "instructor.differences.cleared": {"of": "to clear"},
    "instructor.columns.show": {},
    "instructor.columns.recreate": {},
    "instructor.columns.choose": {},
    "instructor.participation.person": {},
    "instructor.overrides.entry": {"item": "hours"},
    "instructor.overrides.decide": {"item": "hours"},
    "instructor.overrides.excuse": {"item": "hours"},
    "instructor.excuses.queue": {},
    "instructor.excuses.one": {"of": "course"},
    "instructor.excuses.undo": {"of": "course"},
    "instructor.many.give": {},
    "instructor.many.undo": {"of": "course"},
}
NAMED = {  # parts of addresses that name a text, by the end of the endpoint
    "guides.guide": {"key": "first-meeting"},
    "placed.guide": {"key": "first-meeting"},
    "survey.texts": {"key": "helped"},
    "placed.reflection": {"stage": "start"},
}
STUDENT = {
    "student.home.overview": {},
    "student.enrolment.role": {},
    "student.enrolment.questions": {},
    "student.enrolment.wishes": {},
    "student.enrolment.page": {},
    "student.enrolment.wish": {"wish_apart": "teammate"},
    "student.enrolment.agree": {},
    "student.enrolment.leave": {},
    "student.application.show": {},
    "student.application.write": {},
    "student.application.send": {},
    "student.application.withdraw": {},
    "student.training.overview": {},
    "student.training.course": {},
    "student.training.step": {},
    "student.training.quiz": {},
    "student.training.question": {},
    "student.training.document": {},
    "student.workspace.pair": {"pair_id": "pair"},
    "student.pair_why.ask": {"pair_id": "pair"},
    "student.workspace.check_in": {"pair_id": "pair"},
    "student.pair_agreement.show": {"pair_id": "pair"},
    "student.pair_agreement.version": {"pair_id": "pair"},
    "student.pair_agreement.write": {"pair_id": "pair"},
    "student.pair_agreement.sign": {"pair_id": "pair"},
    "student.pair_goals.overview": {"pair_id": "pair"},
    "student.pair_goals.new": {"pair_id": "pair"},
    "student.pair_goals.show": {"pair_id": "pair"},
    "student.pair_goals.change": {"pair_id": "pair"},
    "student.pair_goals.answer": {"pair_id": "pair"},
    "student.pair_goals.standing": {"pair_id": "pair"},
    "student.pair_goals.tick": {"pair_id": "pair"},
    "student.pair_goals.confidence": {"pair_id": "pair"},
    "student.pair_tasks.overview": {"pair_id": "pair"},
    "student.pair_tasks.add": {"pair_id": "pair"},
    "student.pair_tasks.edit": {"pair_id": "pair"},
    "student.pair_tasks.move": {"pair_id": "pair"},
    "student.pair_tasks.remove": {"pair_id": "pair"},
    "student.pair_tasks.put_back": {"pair_id": "pair"},
    "student.pair_tasks.table": {"pair_id": "pair"},
    "student.pair_tasks.calendar": {"pair_id": "pair"},
    "student.meetings.overview": {"pair_id": "pair"},
    "student.meetings.propose": {"pair_id": "pair"},
    "student.meetings.log": {"pair_id": "pair"},
    "student.meetings.not_reached": {"pair_id": "pair"},
    "student.meeting.show": {"pair_id": "pair"},
    "student.meeting.answer": {"pair_id": "pair", "act": "cancel"},
    "student.meeting.move": {"pair_id": "pair"},
    "student.meeting.held": {"pair_id": "pair"},
    "student.meeting.dispute": {"pair_id": "pair"},
    "student.meeting.file": {"pair_id": "pair"},
    "student.notes.write": {"pair_id": "pair"},
    "student.notes.history": {"pair_id": "pair"},
    "student.calendar.show": {},
    "student.calendar.make": {},
    "student.calendar.revoke": {},
    "student.pair_thread.show": {"pair_id": "pair"},
    "student.pair_thread.write": {"pair_id": "pair"},
    "student.pair_thread.own": {"pair_id": "pair"},
    "student.pair_thread.remove": {"pair_id": "pair"},
    "student.pair_thread.report": {"pair_id": "pair"},
    "student.pair_guides.show": {"pair_id": "pair"},
    "student.pair_guides.guide": {"pair_id": "pair"},
    "student.pair_shelf.show": {"pair_id": "pair"},
    "student.pair_shelf.add": {"pair_id": "pair"},
    "student.pair_shelf.thing": {"pair_id": "pair"},
    "student.pair_shelf.remove": {"pair_id": "pair"},
    "student.pair_shelf.file": {"pair_id": "pair"},
    "student.library.show": {},
    "student.library.thing": {"of": "course"},
    "student.library.file": {"of": "course"},
    "student.mentors_board.show": {},
    "student.mentors_board.write": {},
    "student.mentors_board.own": {"of": "course"},
    "student.mentors_board.remove": {"of": "course"},
    "student.mentors_board.report": {"of": "course"},
    "student.announcements.show": {},
    "student.announcements.one": {"of": "course"},
    "student.help.show": {"pair_id": "pair"},
    "student.help.script": {"pair_id": "pair"},
    "student.help.ask": {"pair_id": "pair"},
    "student.help.safety": {"pair_id": "pair"},
    "student.help.concern": {"pair_id": "pair"},
    "student.help.case": {"pair_id": "pair"},
    "student.help.withdraw": {"pair_id": "pair"},
    "student.life.pause": {"pair_id": "pair"},
    "student.life.resume": {"pair_id": "pair"},
    "student.life.farewell": {"pair_id": "pair"},
    "student.pair_checkins.overview": {"pair_id": "pair"},
    "student.pair_checkins.after": {"pair_id": "pair"},
    **{f"student.pair_checkins.{kind.value}": {"pair_id": "pair"} for kind in ProbeKind},
    "student.pair_away.show": {},
    "student.rematch.show": {"pair_id": "pair"},
    "student.hours.log": {},
    "student.hours.take_back": {},
    "student.peer_case.write": {},
    "student.standby.check_in": {},
    "student.survey.answer": {},
    "student.pair_alone.show": {"pair_id": "pair", "what": "agenda", "words": "Three points"},
    "student.reflections.overview": {},
    **{f"student.reflections.{stage.value}": {} for stage in Stage},
    "student.placed.check_in": {},
    "student.placed.reflection": {},
    "student.placed.guide": {},
    "student.participation.points": {},
    "student.participation.ask": {},
    "student.participation.take_back": {"of": "course"},
}
ADMIN = {
    "admin.platforms.list",
    "admin.platforms.show",
    "admin.platforms.pause",
    "admin.platforms.resume",
    "admin.platforms.delete",
    "admin.registration.choose",
    "admin.registration.add",
    "admin.registration.edit",
    "admin.registration.resend",
    "admin.registration.values",
    "admin.deployments.decide",
    "admin.deployments.policy",
    "admin.invitations.list",
    "admin.invitations.make",
    "admin.invitations.revoke",
    "admin.health.again",
    "admin.health.again_one",
    "admin.health.list",
    "admin.health.show",
    "admin.health.subscribe",
    "admin.health.test",
    "admin.keys.list",
    "admin.keys.rotate",
    "admin.leaving.leave",
}
MENTORS_ONLY = {
    "student.hours.log",
    "student.hours.take_back",
    "student.peer_case.write",
    "student.training.quiz",
    "student.training.question",
    "student.mentors_board.show",
    "student.mentors_board.write",
    "student.mentors_board.own",
    "student.mentors_board.remove",
    "student.mentors_board.report",
}
OF_A_COURSE = {
    "pair_id",
    "enrolment_id",
    "case_id",
    "task_id",
    "reflection_id",
    "peer_case_id",
    "message_id",
    "report_id",
    "resource_id",
    "announcement_id",
    "excuse_id",
    "batch_id",
    "score_id",
}
OPENED = {200, 303, 409, 422}  # 409: somebody else was faster


@dataclass
class World:
    """Two LMSs with three courses, everybody with an open visit of their own."""

    app: Flask
    visits: dict[str, tuple[str, str]] = field(default_factory=dict)
    things: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    at: Any = None  # the course of the teacher, the mentor and the mentee

    def ask(self, who: str | None, rule: Rule, method: str, *, as_visit_of: str | None = None) -> int:
        """The status that somebody gets, at their own visit's address or at somebody else's."""
        key, secret = self.visits.get(who or "", ("none", ""))
        if as_visit_of:
            key = self.visits[as_visit_of][0]
        client = self.app.test_client()
        if secret and who != "admin":
            client.set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
        if who == "admin":
            client.set_cookie("admin", secret, path="/admin/", domain="localhost")
        values = {
            "visit": key,
            "person_id": self.things["teammate"],
            "pair_id": self.things["pair"],
            "case_id": self.things["case"],
            "topic": "times",
            "number": 1,
            "milestone_id": 1,
            "name": "roles",
            "page": "join/",
            "theme": "times",
            "key": "aims",
            "kind": "json",
            "deployment": 1,
            "preset_key": "moodle",
            "part": "all" if rule.endpoint.startswith("instructor.columns.") else "check-in-1",
            "score_id": self.things["to clear" if rule.endpoint.endswith(".cleared") else "kept"],
            "stage": "joined",
            "sheet": "about",
            "enrolment_id": self.things["mentor"],
            "task_id": self.things["task"],
            "reflection_id": self.things["reflection"],
            "peer_case_id": self.things["peer_case"],
            "token": stop_token(self.things["teammate"], str(self.app.secret_key)),
            **self.training_place(rule.endpoint),
            **self.written(rule, who or ""),
        }
        with self.app.test_request_context():
            _host, url = rule.build({name: values[name] for name in rule.arguments})  # type: ignore[misc]  # the map is bound
        form: dict[str, Any] = {
            field: self.things.get(thing, thing) for field, thing in (STAFF | STUDENT).get(rule.endpoint, {}).items()
        }
        if rule.endpoint == "admin.deployments.decide":
            form = {"decision": "allow"}
        if rule.endpoint == "instructor.questionnaire.arrange":
            form = {"up": "aims"}
        with client:
            if method == "POST":
                return client.open(url, method=method, data=form).status_code
            return client.open(url, method=method, query_string=form).status_code

    def written(self, rule: Rule, who: str) -> dict[str, Any]:
        """What people wrote or shared, made anew for each try: one's own, or another's to report."""
        values: dict[str, Any] = dict(
            next((one for end, one in NAMED.items() if rule.endpoint.endswith(end)), {}),
        )
        if rule.endpoint.startswith(("student.pair_shelf", "instructor.library")):
            values["kind"] = "link"
        pair_id = None if "board" in rule.endpoint or "library" in rule.endpoint else self.things["pair"]
        writer = self.people["mentee" if who == "mentee" else "mentor"]
        if {"message_id", "report_id"} & rule.arguments:
            is_report = rule.endpoint.endswith(".report")
            writer = self.people["mentee"] if is_report and who != "mentee" else writer
            writer = self.people["mentor"] if is_report and who == "mentee" else writer
            values["message_id"] = make.message(self.at, pair_id, writer)
        if "report_id" in rule.arguments:
            values["report_id"] = make.report(self.at, values["message_id"], self.people["mentor"])
        if "resource_id" in rule.arguments:
            values["resource_id"] = make.resource(self.at, pair_id, writer)
        if "excuse_id" in rule.arguments:
            values["excuse_id"] = make.excuse(self.at, self.things["mentee" if who == "mentee" else "mentor"])
        if "batch_id" in rule.arguments:
            values["batch_id"] = make.excuse_batch(self.at, self.people["teacher"])
        if "announcement_id" in rule.arguments:
            values["announcement_id"] = make.announcement(self.at, self.people["teacher"])
        return values

    def training_place(self, endpoint: str) -> dict[str, str]:
        """A page of a training that exists: the quiz is for mentors, the primer for everybody."""
        if not endpoint.startswith("student.training."):
            return {}
        trainings = self.app.extensions["contents"].contents("en").trainings
        key = "mentor" if endpoint in MENTORS_ONLY else "mentee"
        module = trainings[key].modules[0]
        question = drawn_for(None, self.things["mentor"], trainings["mentor"]).questions[0]
        return {
            "key": "help" if endpoint == "student.training.document" else key,
            "module_key": module.key,
            "step_key": module.steps[0].key,
            "question_key": question.key,
        }


def cells_of(at: make.Setting, people: dict[str, int]) -> dict[str, int]:
    """Cells of the gradebook about which staff decide."""
    make.column(at)
    return {
        "differing": make.score(at, people["mentor"], state="differs"),
        "kept": make.score(at, people["neighbouring mentee"], state="frozen", decided_by=people["teacher"]),
        "to clear": make.score(at, people["neighbouring mentor"], state="frozen"),
    }


@pytest.fixture
def world(app: Flask, clock: Clock) -> World:
    """Alice teaches Bob and Dana, who are a pair; Charlie is in another course, Erin in another LMS."""
    app.config["WTF_CSRF_ENABLED"] = False  # a test of its own below asks for the token
    made = World(app)
    # Where the installation allows no chat channels, their page does not exist.
    app.extensions["edge"] = replace(app.extensions["edge"], channel_hosts=frozenset({"hooks.slack.com"}))
    here = make.setting(participation="practicum")  # the scheme that has every kind of item
    made.at = here
    other_course = make.setting(context_id="chem-101")
    other_lms = make.setting(issuer="https://lms.southfield.example")
    until = clock.now.replace(year=2027)

    def come(who: str, at: make.Setting, name: str, role: str) -> int:
        one = make.person(at, name, role=role)
        made.visits[who] = make.visit(at, one, role=role, until=until)
        made.people[who] = one
        return one

    alice = come("teacher", here, "Alice Ashford", "instructor")
    bob = come("mentor", here, "Bob Birchwood", "student")
    dana = come("mentee", here, "Dana Dewdrop", "student")
    charlie = come("other course", other_course, "Charlie Chalk", "student")
    erin = come("other LMS", other_lms, "Erin Elsewhere", "student")
    come("other teacher", other_course, "Quentin Quicklime", "instructor")
    come("other LMS teacher", other_lms, "Fay Faraway", "instructor")
    come("observer", here, "Olga Overlook", "observer")
    come("assistant", here, "Tess Tutor", "teaching_assistant")
    neighbours = [
        make.enrolment(here, come(role, here, name, "student"), role=role.split()[1])
        for role, name in (("neighbouring mentor", "Ned Nearby"), ("neighbouring mentee", "Nell Nextdoor"))
    ]
    make.pair(here, *neighbours, by=alice)
    mentor, mentee = make.enrolment(here, bob, role="mentor"), make.enrolment(here, dana, role="mentee")
    made.things["mentor"] = mentor
    make.application(mentor, state="submitted")
    for at, one in ((other_course, charlie), (other_lms, erin)):
        make.enrolment(at, one, role="mentee")
    made.things["pair"] = make.pair(here, mentor, mentee, by=alice)
    make.plan(made.things["pair"], mentor)
    made.things["meeting"] = make.meeting(made.things["pair"], mentor, mentee)
    concern = Reported(kind=CaseKind.CONCERN, answers={"what": "Dana is tired.", "told": "yes"})
    made.things["case"] = begin(made.things["pair"], mentor, concern, about_id=mentee, once="1", now=clock.now)
    made.things["task"] = make.staff_task(here, made.things["pair"], mentee)
    made.things["reflection"] = make.reflection(here, mentee)
    made.things |= cells_of(here, made.people)
    made.things["peer_case"] = make.peer_case(mentor)
    opened = begin_visit(make_link(now=clock.now), now=clock.now)
    assert opened is not None
    made.visits["admin"] = ("none", opened.secret)
    made.things["teammate"] = make.person(here, "Gwen Gingham")
    with transaction() as session:
        draft = Proposal(programme_id=here.programme_id, state="draft", asked_by=alice, asked_at=clock.now)
        session.add(draft)
        session.flush()
        made.things |= {"proposal": draft.id, "mentor": mentor, "mentee": mentee}
        made.things["scenario"] = make.scenario(session, draft, pairs=[(mentee, mentor)])
        programme = session.get_one(Programme, here.programme_id)
        remember_version(programme)
    return made


def routes(app: Flask, endpoints: Any) -> list[tuple[Rule, str]]:
    """Every rule and method of these endpoints."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in endpoints:
            found += [(rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return sorted(found, key=lambda one: one[0].endpoint == "student.enrolment.leave")  # last, since it ends the pair


def test_every_route_is_listed(app: Flask) -> None:
    listed = PUBLIC | EVERY_VISITOR | set(STAFF) | set(STUDENT) | ADMIN | ERRAND

    present = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert present == listed


def test_staff_pages_open_to_the_staff_of_the_course_only(world: World) -> None:
    for rule, method in sorted(
        routes(world.app, STAFF), key=lambda one: one[0].endpoint == "instructor.matching.discard"
    ):
        statuses = {who: world.ask(who, rule, method) for who in ("mentor", "mentee", "observer", "other course")}
        assert set(statuses.values()) == {404}, (rule, method, statuses)
        assert world.ask(None, rule, method) == 401, rule
        assert world.ask("teacher", rule, method) in OPENED, (rule, method)


def test_student_pages_open_to_students_only(world: World) -> None:
    for rule, method in routes(world.app, STUDENT):
        statuses = {who: world.ask(who, rule, method) for who in ("teacher", "observer", "other teacher")}
        assert set(statuses.values()) == {404}, (rule, method, statuses)
        assert world.ask(None, rule, method) == 401, rule
        for who in ("mentor",) if rule.endpoint in MENTORS_ONLY else ("mentor", "mentee"):
            assert world.ask(who, rule, method) in OPENED, (rule, method, who)


def test_the_things_of_a_course_do_not_exist_for_other_courses_and_lmss(world: World) -> None:
    owned = {name for name, things in (STAFF | STUDENT).items() if things}
    owned |= {"instructor.tasks.task", "instructor.reflections.reflection", "instructor.peer_cases.case"}
    for rule, method in routes(world.app, owned):
        ids = OF_A_COURSE & rule.arguments
        if method == "GET" and not (ids or "scenario" in (STAFF | STUDENT)[rule.endpoint]):
            continue
        is_staff = rule.endpoint in STAFF
        for who in ("other teacher", "other LMS teacher") if is_staff else ("other course", "other LMS"):
            assert world.ask(who, rule, method) == 404, (rule, method, who)


def test_the_things_of_a_pair_exist_for_its_people_alone(world: World) -> None:
    for rule, method in routes(world.app, STUDENT):
        if "pair_id" in rule.arguments:
            strangers = ("neighbouring mentor", "neighbouring mentee", "assistant", "teacher")
            assert {world.ask(who, rule, method) for who in strangers} == {404}, (rule, method)
            assert world.ask("admin", rule, method) == 401, (rule, method)


def test_assistants_open_what_staff_open_about_pairs(world: World) -> None:
    for rule, method in routes(world.app, STAFF):
        things = {"pair_id", "case_id", "task_id", "reflection_id", "peer_case_id", "report_id"}
        if method == "GET" and things & rule.arguments:
            assert world.ask("assistant", rule, method) in OPENED, rule
            assert world.ask("neighbouring mentor", rule, method) == 404, rule
            assert world.ask("admin", rule, method) == 401, rule


def test_nobody_opens_the_visit_of_somebody_else(world: World) -> None:
    for rule, method in routes(world.app, set(STAFF) | set(STUDENT) | EVERY_VISITOR):
        owner = "mentor" if rule.endpoint in STUDENT else "teacher"
        for who in (None, "mentee", "other course", "other LMS", "other LMS teacher"):
            assert world.ask(who, rule, method, as_visit_of=owner) == 401, (rule, method, who)


def test_a_visit_that_is_over_opens_nothing(world: World, clock: Clock) -> None:
    clock.now = clock.now.replace(year=2028)

    for rule, method in routes(world.app, set(STAFF) | set(STUDENT) | EVERY_VISITOR):
        assert world.ask("teacher", rule, method) == 401, rule


def test_every_visitor_has_a_first_page(world: World) -> None:
    (rule, method), *_rest = routes(world.app, EVERY_VISITOR)

    visitors = set(world.visits) - {"admin"}
    assert {who: world.ask(who, rule, method) for who in visitors} == {
        who: 200 if who == "observer" else 303 for who in visitors
    }


def test_admin_pages_open_to_the_admin_only(world: World) -> None:
    for rule, method in routes(world.app, ADMIN):
        strangers = (None, "teacher", "mentor", "mentee", "observer", "other course", "other LMS", "other LMS teacher")
        statuses = {who: world.ask(who, rule, method) for who in strangers}
        assert set(statuses.values()) == {401}, (rule, method, statuses)
    for rule, method in sorted(routes(world.app, ADMIN), key=lambda one: one[0].endpoint == "admin.leaving.leave"):
        if rule.endpoint != "admin.health.test":  # it speaks with an LMS: tests/web/test_admin_health.py
            assert world.ask("admin", rule, method) in OPENED, (rule, method)


def test_an_admin_who_is_signed_in_opens_no_page_of_a_course(world: World) -> None:
    for rule, method in routes(world.app, set(STAFF) | set(STUDENT) | EVERY_VISITOR):
        assert world.ask("admin", rule, method, as_visit_of="teacher") == 401, (rule, method)


def test_no_form_is_taken_without_its_token(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = True

    for rule, method in routes(world.app, set(STAFF) | set(STUDENT)):
        if method == "POST":
            who = "teacher" if rule.endpoint in STAFF else "mentor"
            assert world.ask(who, rule, method) == 400, rule
    for rule, method in routes(world.app, ADMIN):
        if method == "POST":
            assert world.ask("admin", rule, method) == 400, rule
