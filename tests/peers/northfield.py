"""Northfield: an LMS made of the classes of `lti1p3platform` (MIT, a package not written by us), over HTTP.

The package signs launches, checks preflights, tokens and scopes, and shapes every answer. What it leaves to whoever
uses it is here: addresses, one course, a gradebook in memory. Line items and results go out as the package makes them
(version 0.1.8): an object `{content, has_next}` where the specification has a list.
"""

# mypy: disable-error-code="import-untyped, misc"
# The package has no types, so that its classes are Any.

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask, jsonify, redirect, render_template_string
from flask import Request as WebRequest
from flask import Response as WebAnswer
from flask import request as web_request
from lti1p3platform.exceptions import LineItemNotFoundException, LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.response import Response, generate_next_link
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService
from werkzeug.wrappers import Response as AnyAnswer

CLIENT_ID = "northfield-client"
DEPLOYMENT = "1"
CONTEXT = Context(id="bio-101", label="BIO 101", title="Biology 101")
LINK = "link-mentoring"
MOST_ON_A_PAGE = 2  # members; smaller than the course, so that the roster has pages
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"

FORM = """<!doctype html><title>Launch</title><form method="post" action="{{ launch_url }}">
<input type="hidden" name="id_token" value="{{ id_token }}"><input type="hidden" name="state" value="{{ state }}">
<button>Open</button></form>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody in the course."""

    name: str
    role: str
    status: str = "Active"


PEOPLE = {
    "n-alice": Enrolled(name="Alice Ames", role=f"{ROLE}Instructor"),
    "n-bob": Enrolled(name="Bob Byrne", role=f"{ROLE}Learner"),
    "n-dana": Enrolled(name="Dana Diaz", role=f"{ROLE}Learner"),
    "n-erin": Enrolled(name="Erin Eze", role=f"{ROLE}Learner"),
    "n-finn": Enrolled(name="Finn Falk", role=f"{ROLE}Learner", status="Inactive"),
}


@dataclass(slots=True)
class Northfield:
    """The LMS: its registration of the tool, and what its gradebook was told."""

    origin: str
    registration: Registration
    line_items: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # every one that was taken, with its column
    roster_pages: int = 0

    @property
    def memberships_url(self) -> str:
        """Names and Roles of the course."""
        return f"{self.origin}/courses/bio-101/memberships"

    @property
    def line_items_url(self) -> str:
        """The columns of the course."""
        return f"{self.origin}/courses/bio-101/lineitems"

    def start_url(self, person: str) -> str:
        """Where this person clicks on the tool's link."""
        return f"{self.origin}/open/{person}"


def northfield(origin: str, *, login_url: str, launch_url: str, jwks_url: str) -> Northfield:
    """The LMS with fresh keys, in which somebody has registered the tool."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    registration = (
        Registration()
        .set_iss(origin)
        .set_client_id(CLIENT_ID)
        .set_deployment_id(DEPLOYMENT)
        .set_launch_url(launch_url)
        .set_oidc_login_url(login_url)
        .set_tool_key_set_url(jwks_url)
        .set_platform_private_key(
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
        )
        .set_platform_public_key(
            private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        )
    )
    return Northfield(origin=origin, registration=registration)


class Platform(LTI1P3PlatformConfAbstract):
    """The package's platform with its one registration."""

    def init_platform_config(self, **kwargs: Any) -> None:
        """Keep the registration."""
        self._registration = kwargs["registration"]

    def get_registration_by_params(self, **kwargs: Any) -> Registration:
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

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> str:
        """The form that the browser takes to the tool."""
        return render_template_string(FORM, **launch_data)


class Members(NamesRoleProvisioningService):
    """The package's Names and Roles over the course."""

    def __init__(self, lms: Northfield, platform: Platform) -> None:
        super().__init__(Received(web_request), platform, lms.memberships_url)
        self._lms = lms

    def get_context_by_id(self) -> Context:
        """The only course."""
        return CONTEXT

    def get_member_data_page(self, page: int = 1, limit: int | None = None, **filters: Any) -> dict[str, Any]:
        """One page, never larger than this LMS likes."""
        size = min(limit or MOST_ON_A_PAGE, MOST_ON_A_PAGE)
        everybody = [
            {"user_id": key, "roles": [one.role], "status": one.status, "name": one.name} for key, one in PEOPLE.items()
        ]
        self._lms.roster_pages += 1
        return {"content": everybody[(page - 1) * size : page * size], "has_next": page * size < len(everybody)}


class Grades(AssignmentsGradesService):
    """The package's Assignment and Grade Services over a gradebook in memory."""

    _numbers = count(1)

    def __init__(self, lms: Northfield, platform: Platform) -> None:
        super().__init__(Received(web_request), platform, lms.line_items_url)
        self._lms = lms

    def find_lineitems(self, page: int = 1, limit: int | None = None, **filters: Any) -> dict[str, Any]:
        """The columns that pass the filters; all on one page."""
        wanted = {
            name: filters[query] for query, name in (("resource_id", "resourceId"), ("tag", "tag")) if query in filters
        }
        found = [one for one in self._lms.line_items.values() if wanted.items() <= one.items()]
        return {"content": found, "has_next": False}

    def find_lineitem(self, line_item_id: str) -> dict[str, Any]:
        """One column."""
        if line_item_id not in self._lms.line_items:
            raise LineItemNotFoundException
        return self._lms.line_items[line_item_id]

    def create_lineitem(self, creation_data: dict[str, Any]) -> dict[str, Any]:
        """A new column."""
        key = str(next(self._numbers))
        self._lms.line_items[key] = creation_data | {"id": f"{self._lms.line_items_url}/{key}"}
        return self._lms.line_items[key]

    def update_lineitem(self, update_data: dict[str, Any]) -> dict[str, Any]:
        """Nobody may change a column here."""
        raise LineItemNotFoundException

    def delete_lineitem(self, line_item_id: str) -> None:
        """Nobody may delete a column here."""
        raise LineItemNotFoundException

    def update_score(self, line_item_id: str, score: dict[str, Any]) -> UpdateScoreStatus:
        """Take a score unless a newer one of this person is there."""
        self.find_lineitem(line_item_id)
        known = self._latest(line_item_id).get(score["userId"])
        if known and known["timestamp"] >= score["timestamp"]:
            return UpdateScoreStatus.OLD_TIMESTAMP
        self._lms.scores.append((line_item_id, score))
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id: str, **filters: Any) -> dict[str, Any]:
        """The column as the gradebook shows it."""
        line_item = self.find_lineitem(line_item_id)
        results = [
            {
                "id": f"{line_item['id']}/results/{user_id}",
                "scoreOf": line_item["id"],
                "userId": user_id,
                "resultScore": score["scoreGiven"] / score["scoreMaximum"] * line_item["scoreMaximum"],
                "resultMaximum": line_item["scoreMaximum"],
            }
            for user_id, score in self._latest(line_item_id).items()
        ]
        return {"content": results, "has_next": False}

    def _latest(self, line_item_id: str) -> dict[str, dict[str, Any]]:
        return {score["userId"]: score for column, score in self._lms.scores if column == line_item_id}


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
    except LtiException as refusal:
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
