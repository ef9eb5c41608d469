"""The LMS's addresses, each answered by the package."""

# mypy: disable-error-code="import-untyped, misc"
# The package has no types, so that its classes are Any.

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify
from flask import Response as WebAnswer
from flask import request as web_request
from jwt import InvalidTokenError
from lti1p3platform.exceptions import LtiException, MissingRequiredClaim, UnsupportedGrantType
from lti1p3platform.response import Response, generate_next_link

from tests.peers.northfield.launch import Launch, Login, Platform, Received
from tests.peers.northfield.lms import LINK, Northfield
from tests.peers.northfield.services import Grades, Members


def web_app(lms: Northfield) -> Flask:
    """The LMS's addresses, each answered by the package."""
    app = Flask(__name__)
    platform = Platform(registration=lms.registration)

    @app.get("/open/<person>")
    def open_link(person: str) -> Any:
        login = Login(web_request, platform)
        login.set_lti_message_hint(link=LINK)
        return login.initiate_login(person)

    app.add_url_rule("/auth", view_func=lambda: Launch(lms, platform).lti_launch(), endpoint="auth")
    app.add_url_rule("/jwks", view_func=platform.get_jwks, endpoint="jwks")
    app.add_url_rule("/token", view_func=lambda: _token(platform), endpoint="token", methods=["POST"])
    _add_services(app, lms, platform)
    return app


def _token(platform: Platform) -> Any:
    try:
        return platform.get_access_token(Received(web_request).form_data)
    except (LtiException, MissingRequiredClaim, UnsupportedGrantType, InvalidTokenError) as refusal:
        return {"error": "invalid_client", "error_description": str(refusal)}, 400


def _add_services(app: Flask, lms: Northfield, platform: Platform) -> None:
    def members() -> Any:
        service = Members(lms, platform)
        return _answer(service.handle_resp(service.handle_get_members))

    def line_items() -> Any:
        service = Grades(lms, platform)
        is_new = web_request.method == "POST"
        return _answer(service.handle_resp(service.handle_create_lineitem if is_new else service.handle_get_lineitems))

    def of_line_item(handle: Callable[[Grades], Any]) -> Callable[[str], Any]:
        def view(key: str) -> Any:
            service = Grades(lms, platform)
            return _answer(service.handle_resp(handle(service), line_item_id=key))

        return view

    base = "/courses/bio-101"
    app.add_url_rule(f"{base}/memberships", view_func=members)
    app.add_url_rule(f"{base}/lineitems", view_func=line_items, methods=["GET", "POST"])
    column = f"{base}/lineitems/<key>"
    app.add_url_rule(column, "column", of_line_item(lambda service: service.handle_get_lineitem))
    app.add_url_rule(f"{column}/results", "results", of_line_item(lambda service: service.handle_get_results))
    scores = of_line_item(lambda service: service.handle_update_score)
    app.add_url_rule(f"{column}/scores", "scores", scores, methods=["POST"])


def _answer(made: Response) -> WebAnswer:
    """The package's answer over HTTP, with the `Link` it has a function for."""
    answer = jsonify(made.result)
    answer.status_code = made.code
    answer.content_type = made.media_type
    if isinstance(made.result, dict) and made.result.get("next"):
        answer.headers["Link"] = generate_next_link(made.result["next"])
    return answer
