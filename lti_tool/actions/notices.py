"""Notices of an LMS: asked for once per deployment, each acted on once.

Source: Platform Notification Service 1.0; canvas-lms doc/api/pns.md. A copied course is remembered, so that the copy's
first launch can offer the settings.
"""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime

from lti_tool.actions.edge import Edge
from lti_tool.lti.claims import LaunchClaims, NotificationEndpoint
from lti_tool.lti.errors import fault_in
from lti_tool.lti.notifications import CONTEXT_COPIED, SCOPE, Notice, subscribe
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox, rest
from lti_tool.store.db import db, transaction
from lti_tool.store.notices import failed_subscriptions, is_new_notice
from lti_tool.store.placing import CourseCopy
from lti_tool.store.platforms import Deployment

KIND = "notices"
HANDLER_PATH = "/lti/notices"
NO_ANSWER = N_("The LMS has not answered for a day.")
FAULT = N_("The tool met a fault that it did not expect. It has been written to the log.")


def ask_for_notices(deployment: Deployment, claims: LaunchClaims, *, now: datetime) -> None:
    """Have the worker subscribe, once for each address that the LMS offers; inside the caller's transaction."""
    offer = claims.notifications
    if offer is None or SCOPE not in offer.scopes or CONTEXT_COPIED not in offer.notice_types:
        return
    if deployment.notices_url == offer.url:
        return
    deployment.notices_url, deployment.notices_subscribed_at = offer.url, None
    _enqueue(deployment, now)


def refused_subscriptions(registration_id: int) -> list[tuple[Deployment, str]]:
    """Deployments whose LMS does not tell the tool what happens, each with the reason: a message to translate."""
    failed = failed_subscriptions(registration_id, kind=KIND)
    return [(deployment, _reason(row.last_error or "")) for deployment, row in failed]


def ask_for_notices_again(registration_id: int, deployment_id: int, *, now: datetime) -> bool:
    """Have the worker try once more; False where nothing was asked for, or it has worked since."""
    with transaction() as session:
        deployment = session.get(Deployment, deployment_id, with_for_update=True)
        if deployment is None or deployment.registration_id != registration_id:
            return False
        if deployment.notices_url is None or deployment.notices_subscribed_at is not None:
            return False
        _enqueue(deployment, now)
        rest.end_rest(registration_id)
    return True


def _reason(error: str) -> str:
    """The sentence behind what the outbox keeps of a failure: a code, perhaps with a status."""
    fault = fault_in(error)
    if fault is not None:
        return fault.explanation
    return NO_ANSWER if error.startswith("no answer") else FAULT


def _enqueue(deployment: Deployment, now: datetime) -> None:
    outbox.enqueue(
        kind=KIND,
        key=str(deployment.id),
        lane=outbox.lms_lane(deployment.registration_id),
        registration_id=deployment.registration_id,
        payload={"deployment": deployment.id},
        now=now,
    )


def subscribe_to_notices(deployment_id: int, *, edge: Edge, now: datetime) -> None:
    """Tell the LMS where its notices go.

    Raises: PlatformUnavailable, PlatformRefused
    """
    deployment = db.session.get_one(Deployment, deployment_id)
    if deployment.notices_url is None or deployment.notices_subscribed_at is not None:
        return
    endpoint = NotificationEndpoint(
        url=deployment.notices_url, scopes=frozenset({SCOPE}), notice_types=frozenset({CONTEXT_COPIED})
    )
    with closing(edge.connector(deployment.registration_id)) as connector:
        subscribe(connector, endpoint, edge.origin + HANDLER_PATH, [CONTEXT_COPIED])
    with transaction() as session:
        session.get_one(Deployment, deployment_id).notices_subscribed_at = now


def take_notices(notices: Iterable[Notice], *, now: datetime) -> int:
    """Act on those that are new; how many that are."""
    taken = 0
    with transaction():
        for notice in notices:
            lms = notice.registration.registration_id
            if is_new_notice(lms, notice.tenant, notice.id, kind=notice.type, now=now):
                taken += 1
                _act(notice, lms, now)
    return taken


def _act(notice: Notice, registration_id: int, now: datetime) -> None:
    if notice.type != CONTEXT_COPIED or notice.context_id is None or not notice.origin_contexts:
        return
    db.session.add(
        CourseCopy(
            registration_id=registration_id,
            tenant=notice.tenant,
            context_id=notice.context_id,
            origins=list(notice.origin_contexts),
            told_at=now,
        )
    )
