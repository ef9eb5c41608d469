"""Launches: the package's two steps, and the request and the platform that they work with."""

# mypy: disable-error-code="import-untyped, misc"
# The package has no types, so that its classes are Any.

from typing import Any

from flask import Request as WebRequest
from flask import redirect, render_template_string
from flask import request as web_request
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from werkzeug.wrappers import Response as AnyAnswer

from tests.peers.northfield.lms import CONTEXT, PEOPLE, Northfield

FORM = """<!doctype html><title>Launch</title><form method="post" action="{{ launch_url }}">
<input type="hidden" name="id_token" value="{{ id_token }}"><input type="hidden" name="state" value="{{ state }}">
<button>Open</button></form>"""


class Platform(LTI1P3PlatformConfAbstract):
    """The package's platform with its one registration."""

    def init_platform_config(self, **kwargs: Any) -> None:
        """Keep the registration."""
        self._registration = kwargs["registration"]

    def get_registration_by_params(self, **_params: Any) -> Registration:
        """The only one."""
        return self._registration


class Received(Request):
    """A Flask request in the package's terms; its services take `page` and `limit` as numbers."""

    def build_metadata(self, request: WebRequest) -> dict[str, Any]:
        """What the package reads of a request."""
        query: dict[str, Any] = request.args.to_dict()
        return {
            "method": request.method,
            "form_data": request.form.to_dict(),
            "get_data": query | {name: int(query[name]) for name in ("page", "limit") if name in query},
            "headers": request.headers,
            "content_type": request.content_type,
            "path": request.path,
            "json": request.get_json(force=True, silent=True),
        }


class Login(OIDCLoginAbstract):
    """The package's first step of a launch."""

    def set_lti_message_hint(self, **kwargs: Any) -> None:
        """Which link is opened."""
        self._lti_message_hint = kwargs["link"]

    def get_redirect(self, url: str) -> AnyAnswer:
        """The browser goes to the tool."""
        return redirect(url)


class Launch(LTIAdvantageMessageLaunchAbstract):
    """The package's second step: who is there, in which course, with which services."""

    def __init__(self, lms: Northfield, platform: Platform) -> None:
        super().__init__(Received(web_request), platform)
        self._lms = lms

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        """Fill the message for the person and the link that the tool was asked to open."""
        person = preflight_response["login_hint"]
        self.set_user_data(person, [PEOPLE[person].role], full_name=PEOPLE[person].name)
        self.set_resource_link_claim(preflight_response["lti_message_hint"], title="Find a mentor")
        self.set_launch_context_claim(CONTEXT.id, context_title=CONTEXT.title, context_label=CONTEXT.label)
        self.set_nrps(self._lms.memberships_url)
        self.set_ags(self._lms.line_items_url)

    def render_launch_form(self, launch_data: dict[str, Any], **_options: Any) -> str:
        """The form that the browser takes to the tool."""
        return render_template_string(FORM, **launch_data)
