"""A registration that exists is brought up to date, where the LMS gave an address and a token for that.

The LMS's present answer says what it knows (permissions, messages, places), so that nothing it would refuse is asked.
Source: RFC 7592, sections 2.1 and 2.2; LTI Dynamic Registration 1.0, section 3.6.
"""

from collections.abc import Mapping

from lti_tool.lti.openid import PlatformConfiguration, as_object, as_text, messages_supported
from lti_tool.lti.platform import Platform
from lti_tool.lti.profile import ToolProfile
from lti_tool.lti.quirks import family_of
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration import TOOL, Registered, held_registration, registration_request, update_registration


def send_again(
    platform: Platform, management_url: str, management_token: str, *, profile: ToolProfile, reach: Reach
) -> Registered:
    """What the LMS confirms of the tool's present settings.

    Raises: RegistrationFailed.
    """
    held = held_registration(management_url, management_token, client_id=platform.client_id, reach=reach)
    request = registration_request(_configuration(platform, management_url, held), profile)
    return update_registration(management_url, management_token, request, client_id=platform.client_id, reach=reach)


def _configuration(platform: Platform, management_url: str, held: Mapping[str, object]) -> PlatformConfiguration:
    """The LMS as its own record of this tool shows it."""
    return PlatformConfiguration(
        issuer=platform.issuer,
        authorization_endpoint=platform.auth_login_url,
        token_endpoint=platform.auth_token_url,
        jwks_uri=platform.jwks_url,
        registration_endpoint=management_url,
        authorization_server=None,
        scopes_supported=frozenset((as_text(held.get("scope")) or "").split()),
        family=family_of(platform.family, platform.issuer),
        version=None,
        messages_supported=messages_supported(as_object(held.get(TOOL)).get("messages")),
    )
