"""The presets themselves: for each LMS which fields are fixed, follow from the site's address, or must be typed.

Source: as `presets` says. The order is that in which an administrator finds the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.lti.errors import N_
from lti_tool.lti.quirks import Family


class FieldSource(StrEnum):
    """Where a field's value comes from."""

    FIXED = "fixed"
    TEMPLATED = "templated"
    TYPED = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetField:
    """One field of a registration: a fixed text, a text with `{site}` or `{client_id}` in it, or one to be typed.

    `where` says where in the LMS a typed value stands.
    """

    name: str
    source: FieldSource
    text: str = ""
    where: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One LMS; `still_to_do` is what its administrator does there afterwards."""

    key: str
    title: str
    family: Family
    fields: tuple[PresetField, ...]
    still_to_do: tuple[str, ...]

    @property
    def asks_for_site(self) -> bool:
        """Whether the address of the institution's LMS is needed."""
        return any("{site}" in field.text for field in self.fields)


def _set(name: str, text: str) -> PresetField:
    """A field that follows from nothing typed, or from the site and the client id."""
    return PresetField(name=name, source=FieldSource.TEMPLATED if "{" in text else FieldSource.FIXED, text=text)


def _typed(name: str, where: str, *, is_optional: bool = False) -> PresetField:
    """A field that only the LMS's administrator knows."""
    return PresetField(name=name, source=FieldSource.TYPED, where=where, is_optional=is_optional)


_CANVAS_CLIENT = N_("Admin → Developer Keys: the long number in the column “Details” of the key.")
_CANVAS_DEPLOYMENT = N_(
    "Settings → Apps → the app's gear → Deployment Id. It may stay empty: new ones arrive by themselves."
)
_CANVAS_TO_DO = (
    N_("Switch the developer key to “On”."),
    N_("Settings → Apps → View App Configurations → + App → By Client ID: install the app with the client id."),
    N_("Keep the privacy level “Public”: without it neither names nor addresses arrive."),
)


def _canvas(key: str, title: str, cloud: str, sso: str) -> Preset:
    """One of Canvas's three clouds: the same client ids, another issuer."""
    return Preset(
        key=key,
        title=title,
        family=Family.CANVAS,
        fields=(
            _set("issuer", f"https://{cloud}"),
            _typed("client_id", _CANVAS_CLIENT),
            _typed("deployment_id", _CANVAS_DEPLOYMENT, is_optional=True),
            _set("auth_login_url", f"https://{sso}/api/lti/authorize_redirect"),
            _set("auth_token_url", f"https://{cloud}/login/oauth2/token"),
            _set("jwks_url", f"https://{sso}/api/lti/security/jwks"),
        ),
        still_to_do=_CANVAS_TO_DO,
    )


_ALL = (
    _canvas("canvas", "Canvas", "canvas.instructure.com", "sso.canvaslms.com"),
    _canvas("canvas-beta", "Canvas (beta)", "canvas.beta.instructure.com", "sso.beta.canvaslms.com"),
    _canvas("canvas-test", "Canvas (test)", "canvas.test.instructure.com", "sso.test.canvaslms.com"),
    Preset(
        key="canvas-own",
        title="Canvas on a server of your own",
        family=Family.CANVAS,
        fields=(
            _typed(
                "issuer",
                N_("config/security.yml: lti_iss. Unless somebody changed it, it is https://canvas.instructure.com."),
            ),
            _typed("client_id", _CANVAS_CLIENT),
            _typed("deployment_id", _CANVAS_DEPLOYMENT, is_optional=True),
            _set("auth_login_url", "{site}/api/lti/authorize_redirect"),
            _set("auth_token_url", "{site}/login/oauth2/token"),
            _set("jwks_url", "{site}/api/lti/security/jwks"),
        ),
        still_to_do=_CANVAS_TO_DO,
    ),
    Preset(
        key="moodle",
        title="Moodle",
        family=Family.MOODLE,
        fields=(
            _set("issuer", "{site}"),
            _typed(
                "client_id",
                N_("Site administration → Plugins → External tool → Manage tools → the tool's list sign: Client ID."),
            ),
            _typed("deployment_id", N_("The same window: Deployment ID."), is_optional=True),
            _set("auth_login_url", "{site}/mod/lti/auth.php"),
            _set("auth_token_url", "{site}/mod/lti/token.php"),
            _set("jwks_url", "{site}/mod/lti/certs.php"),
        ),
        still_to_do=(
            N_("Activate the tool in Manage tools, and show it in the activity chooser."),
            N_("Services: let it use grade sync and column management, and retrieve members' information."),
            N_("Privacy: share the launcher's name and email with the tool: Always."),
        ),
    ),
    Preset(
        key="blackboard",
        title="Blackboard Learn",
        family=Family.BLACKBOARD,
        fields=(
            _set("issuer", "https://blackboard.com"),
            _typed("client_id", N_("developer.blackboard.com → My Apps: the Application ID of the tool.")),
            _typed(
                "deployment_id",
                N_("Administrator Panel → LTI Tool Providers → the tool → Edit: Deployment ID."),
            ),
            _set("auth_login_url", "https://developer.blackboard.com/api/v1/gateway/oidcauth"),
            _set("auth_token_url", "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken"),
            _set("jwks_url", "https://developer.blackboard.com/api/v1/management/applications/{client_id}/jwks.json"),
        ),
        still_to_do=(
            N_("LTI Tool Providers → the tool → Edit: approve it, and allow grade service and membership service."),
            N_("User fields to be sent: role, name and email address."),
            N_("Manage Placements: create one of the type “Deep Linking content tool”."),
        ),
    ),
    Preset(
        key="brightspace",
        title="Brightspace",
        family=Family.BRIGHTSPACE,
        fields=(
            _set("issuer", "{site}"),
            _typed("client_id", N_("Manage Extensibility → LTI Advantage → the tool: Client Id.")),
            _typed(
                "deployment_id", N_("The tool → View Deployments → the deployment: Deployment Id."), is_optional=True
            ),
            _set("auth_login_url", "{site}/d2l/lti/authenticate"),
            _set("auth_token_url", "https://auth.brightspace.com/core/connect/token"),
            _set("auth_audience", "https://api.brightspace.com/auth/token"),
            _set("jwks_url", "{site}/d2l/.well-known/jwks"),
        ),
        still_to_do=(
            N_("Enable the registration, and create a deployment with its organisation units."),
            N_("Tick Names and Roles, Assignments and Grades and Deep Linking, in registration and deployment alike."),
            N_("Security settings of the deployment: organisation unit information, name and email."),
            N_("Tick “Classlist including users not known to this deployment”: else the roster stays almost empty."),
        ),
    ),
    Preset(
        key="sakai",
        title="Sakai",
        family=Family.SAKAI,
        fields=(
            _set("issuer", "{site}"),
            _typed("client_id", N_("Administration Workspace → External Tools → the tool: LTI 1.3 Client ID.")),
            _typed("deployment_id", N_("The same page: LTI 1.3 Deployment ID."), is_optional=True),
            _set("auth_login_url", "{site}/imsoidc/lti13/oidc_auth"),
            _typed("auth_token_url", N_("The same page: LTI 1.3 Token URL. It ends with the number of the tool.")),
            _set("jwks_url", "{site}/imsblis/lti13/keyset"),
        ),
        still_to_do=(
            N_("Let the tool have names, email addresses, the roster and grades."),
            N_("Place the tool in at least one site: without a placement its gradebook answers with errors."),
        ),
    ),
    Preset(
        key="openedx",
        title="Open edX",
        family=Family.OPEN_EDX,
        fields=(
            _set("issuer", "{site}"),
            _typed("client_id", N_("Studio → the LTI component: Client ID, below its preview.")),
            _typed("deployment_id", N_("The same place: Deployment ID."), is_optional=True),
            _set("auth_login_url", "{site}/api/lti_consumer/v1/launch/"),
            _typed("auth_token_url", N_("The same place: Access Token URL.")),
            _typed("jwks_url", N_("The same place: Keyset URL.")),
        ),
        still_to_do=(
            N_("LTI component → Edit: LTI 1.3, this tool's addresses, and its key set address."),
            N_("LTI Assignment and Grades Service: programmatic; and enable the Names and Roles service."),
            N_("Let the course share names and email addresses with LTI tools (an administrator's setting)."),
        ),
    ),
    Preset(
        key="other",
        title="Another LMS",
        family=Family.OTHER,
        fields=(
            _typed("issuer", N_("Called issuer, platform id or iss.")),
            _typed("client_id", N_("Called client id.")),
            _typed("deployment_id", N_("Called deployment id."), is_optional=True),
            _typed(
                "auth_login_url", N_("Called authentication request address, OIDC login or authorization endpoint.")
            ),
            _typed("auth_token_url", N_("Called access token address or token endpoint.")),
            _typed("auth_audience", N_("Only where it differs from the access token address."), is_optional=True),
            _typed("jwks_url", N_("Called public keyset or JWKS address.")),
        ),
        still_to_do=(N_("Let the tool have names, email addresses, the roster and grades."),),
    ),
)
PRESETS: Mapping[str, Preset] = {preset.key: preset for preset in _ALL}


def still_to_do(family: Family) -> tuple[str, ...]:
    """What an administrator of this family does in the LMS after the tool has been registered."""
    return next((preset.still_to_do for preset in _ALL if preset.family is family), ())
