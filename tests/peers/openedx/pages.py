"""The addresses of the campus: Open edX's LTI addresses, and what a test does in the place of Studio and a browser."""

# mypy: disable-error-code="import-not-found, misc, untyped-decorator"
# Django and the package live in the other environment only, so that their classes and decorators are Any.

import json
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from lti_consumer.api import get_lti_1p3_content_url, get_lti_1p3_launch_info
from lti_consumer.models import CourseAllowPIISharingInLTIFlag, Lti1p3Passport, LtiAgsLineItem, LtiAgsScore
from lti_consumer.utils import get_lti_api_base

from tests.peers.openedx.campus import CAMPUS, COURSE, PEOPLE, load

ARRIVED: list[dict[str, Any]] = []  # every score that was taken, also one that reaches no gradebook


@csrf_exempt
def units(request: HttpRequest) -> HttpResponse:
    """Studio: add a unit, with or without names for its tool; what Studio then shows for the tool's administrator."""
    wanted = json.loads(request.body)
    shares_names = wanted.pop("shares_names")
    CourseAllowPIISharingInLTIFlag.objects.create(course_id=COURSE, enabled=shares_names)
    key = CAMPUS.add_unit(
        **wanted,
        ask_to_send_full_name=shares_names,
        ask_to_send_email=shares_names,
        lti_1p3_passport_id=str(_passport().passport_id),
    )
    shown = get_lti_1p3_launch_info(load(key, PEOPLE["alice"]).get_lti_1p3_launch_data())
    return JsonResponse({"issuer": get_lti_api_base(), **shown})


def _passport() -> Lti1p3Passport:
    """Keys for one tool, as the package keeps them; it would make them itself, but takes seconds for it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return Lti1p3Passport.objects.create(lti_1p3_internal_private_key=pem, lti_1p3_internal_private_key_id=str(uuid4()))


def open_unit(_request: HttpRequest, unit: str, username: str) -> HttpResponse:
    """The course page: this person opens the unit."""
    block = load(COURSE.make_usage_key("lti_consumer", unit), PEOPLE[username])
    return HttpResponseRedirect(get_lti_1p3_content_url(block.get_lti_1p3_launch_data()))


def gradebook(_request: HttpRequest, unit: str) -> HttpResponse:
    """What the unit's gradebook was told."""
    location = COURSE.make_usage_key("lti_consumer", unit)
    columns = LtiAgsLineItem.objects.filter(lti_configuration__location=location)
    return JsonResponse(
        {
            "columns": list(columns.values("label", "resource_id", "score_maximum", "tag")),
            "scores": [one for one in ARRIVED if one["unit"] == unit],
            "grades": [one for one in CAMPUS.grades if one["unit"] == unit],
        }
    )


def _note(instance: LtiAgsScore, **_signal: Any) -> None:
    ARRIVED.append(
        {
            "unit": instance.line_item.lti_configuration.location.block_id,
            "user_id": instance.user_id,
            "given": instance.score_given,
            "maximum": instance.score_maximum,
            "at": instance.timestamp.isoformat(),
        }
    )


post_save.connect(_note, sender=LtiAgsScore, weak=False)

urlpatterns = [
    path("api/", include("lti_consumer.plugin.urls", namespace="lti_consumer")),
    path("campus/units", units),
    path("campus/open/<unit>/<username>", open_unit),
    path("campus/gradebook/<unit>", gradebook),
]
