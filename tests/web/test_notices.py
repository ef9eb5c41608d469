"""Notices: subscribed once, verified like launches, each acted on once, answered at once."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.notices import ask_for_notices_again
from lti_tool.demo_lms.people import Course as LmsCourse
from lti_tool.lti.notifications import SCOPE
from lti_tool.store.db import db
from lti_tool.store.notices import Notice
from lti_tool.store.placing import CourseCopy
from lti_tool.store.platforms import Deployment
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, TOOL, Lms, look_again, outbox_rows
from tests.pages import PageClient
from tests.web.admins import signed_in
from tests.web.coming import copied, lms_with, tool_id

Browsers = Callable[[], PageClient]
LTI = "https://purl.imsglobal.org/spec/lti/claim/"


@pytest.fixture
def telling(app: Flask, clock: Clock) -> Iterator[Lms]:
    """An LMS that offers notices, and whose launches say nothing of where a course came from."""
    with lms_with(app, clock, has_notices=True) as lms:
        yield lms


def notice(lms: Lms, copy: LmsCourse, origin: str, **changes: Any) -> str:
    """A signed notice that a course was copied."""
    (client, tool), *_more = lms.campus.tools.items()
    issued = int(lms.campus.now().timestamp())
    said: dict[str, Any] = {
        "iss": lms.campus.issuer,
        "aud": client,
        "azp": client,
        "iat": issued,
        "exp": issued + 600,
        "nonce": str(uuid.uuid4()),
        f"{LTI}deployment_id": next(iter(tool.deployments.values())),
        f"{LTI}version": "1.3.0",
        f"{LTI}notice": {"id": "n-1", "type": "LtiContextCopyNotice", "timestamp": lms.campus.now().isoformat()},
        f"{LTI}context": {"id": copy.context_id},
        f"{LTI}origin_contexts": [origin],
    }
    return lms.campus.keys.sign(said | changes)


def send(browser: PageClient, *tokens: str) -> int:
    """The tool's answer to a delivery."""
    return int(browser.raw().post("/lti/notices", json={"notices": [{"jwt": one} for one in tokens]}).status_code)


def test_a_staff_launch_subscribes_once(telling: Lms, pages: Browsers) -> None:
    telling.arrive(pages(), BOB)
    telling.arrive(pages(), ALICE)
    telling.work()
    telling.arrive(pages(), ALICE)

    assert len(outbox_rows("notices")) == 1
    assert telling.campus.notice_handlers == {
        (tool_id(telling), "LtiContextCopyNotice"): f"{TOOL}/lti/notices",
    }
    assert db.session.scalars(select(Deployment.notices_subscribed_at)).one() is not None


def test_a_refused_subscription_is_shown_with_its_reason_and_tried_again(
    telling: Lms, pages: Browsers, clock: Clock
) -> None:
    offered = dict(telling.campus.tools)
    telling.arrive(pages(), ALICE)
    narrowed = {name: replace(tool, scopes=tool.scopes - {SCOPE}) for name, tool in offered.items()}
    telling.campus.tools.update(narrowed)  # an administrator took the permission away
    telling.work()
    browser = signed_in(pages, clock)
    health = f"/admin/platforms/{db.session.scalars(select(Deployment.registration_id)).one()}/health"

    page = browser.get(health)
    telling.campus.tools.update(offered)
    browser.submit(page, f"/notices/{db.session.scalars(select(Deployment.id)).one()}", {}, status=303)
    telling.work()
    after = browser.get(health)

    assert "has not given this tool the permission" in page.get_text()
    assert "in vain" not in after.get_text()
    look_again()
    assert db.session.scalars(select(Deployment.notices_subscribed_at)).one() is not None


def test_what_has_worked_is_not_asked_for_again(telling: Lms, pages: Browsers, clock: Clock) -> None:
    telling.arrive(pages(), ALICE)
    telling.work()
    deployment = db.session.scalars(select(Deployment)).one()

    assert not ask_for_notices_again(deployment.registration_id, deployment.id, now=clock.now)
    assert not ask_for_notices_again(deployment.registration_id + 1, deployment.id, now=clock.now)


def test_a_notice_is_acted_on_once_and_leads_to_the_question(telling: Lms, pages: Browsers) -> None:
    telling.arrive(pages(), ALICE)
    key = copied(telling)
    copy, origin = telling.campus.college.courses[key], telling.campus.college.courses[BIOLOGY].context_id
    browser = pages()

    answers = [send(browser, notice(telling, copy, origin)) for _time in range(2)]

    look_again()
    assert answers == [204, 204]
    assert [row.origins for row in db.session.scalars(select(CourseCopy))] == [[origin]]
    assert len(db.session.scalars(select(Notice)).all()) == 1
    asked = telling.launch(pages(), ALICE, course=key)
    assert "/e/" in asked.location


def test_forged_old_and_foreign_notices_change_nothing(telling: Lms, pages: Browsers) -> None:
    copy = telling.campus.college.courses[BIOLOGY]
    good = notice(telling, copy, "x")
    head, body, _signature = good.split(".")
    bad = [
        f"{head}.{body}.c2lnbmVk",
        notice(telling, copy, "x", exp=int(telling.campus.now().timestamp()) - 3600),
        notice(telling, copy, "x", iss="https://elsewhere.example"),
        "nonsense",
    ]

    answers = [send(pages(), one) for one in bad]

    assert answers == [400] * 4
    assert db.session.scalars(select(Notice)).all() == []


def test_a_good_notice_beside_a_bad_one_counts(telling: Lms, pages: Browsers) -> None:
    copy = telling.campus.college.courses[BIOLOGY]

    answer = send(pages(), "nonsense", notice(telling, copy, "x"))

    look_again()
    assert answer == 400
    assert len(db.session.scalars(select(Notice)).all()) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"notices": [1]}', b"\xff"])
def test_a_delivery_that_is_none_is_refused(telling: Lms, pages: Browsers, body: bytes) -> None:
    answer = pages().raw().post("/lti/notices", data=body, content_type="application/json")

    assert answer.status_code == 400
