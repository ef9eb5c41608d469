"""Registration by hand asks for what only the administrator knows; the developer key of Canvas fits its schema."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lti_tool.lti.canvas import REGIONS, canvas_configuration
from lti_tool.lti.preset_table import still_to_do
from lti_tool.lti.presets import PRESETS, FieldSource, PresetFault, PresetProblem, UnknownPreset, fill_preset
from lti_tool.lti.quirks import Family, family_of
from lti_tool.lti.registration import PrivacyLevel

from .test_placements import CHOOSING
from .test_registration import PROFILE

NEEDED = {"issuer", "client_id", "auth_login_url", "auth_token_url", "jwks_url"}


def filled(key: str, **values: str) -> dict[str, str]:
    """The fields of a preset that nothing is wrong with."""
    fields = fill_preset(key, values)
    assert isinstance(fields, dict), fields
    return fields


def problems(key: str, **values: str) -> set[tuple[str, PresetFault]]:
    """What is wrong with the values."""
    found = fill_preset(key, values)
    assert isinstance(found, tuple), found
    return {(one.field, one.fault) for one in found}


@pytest.mark.parametrize(
    ("key", "issuer", "sso"),
    [
        ("canvas", "https://canvas.instructure.com", "https://sso.canvaslms.com"),
        ("canvas-beta", "https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com"),
        ("canvas-test", "https://canvas.test.instructure.com", "https://sso.test.canvaslms.com"),
    ],
)
def test_canvas_cloud_needs_the_client_id_only(key: str, issuer: str, sso: str) -> None:
    assert filled(key, client_id="10000000000001") == {
        "issuer": issuer,
        "client_id": "10000000000001",
        "auth_login_url": f"{sso}/api/lti/authorize_redirect",
        "auth_token_url": f"{issuer}/login/oauth2/token",
        "jwks_url": f"{sso}/api/lti/security/jwks",
    }


@pytest.mark.parametrize("site", ["school.example.edu", "https://School.example.edu/", " https://school.example.edu "])
def test_moodle_follows_from_its_address_however_it_is_typed(site: str) -> None:
    fields = filled("moodle", site=site, client_id="abc", deployment_id="1")

    assert fields["issuer"] == "https://school.example.edu"
    assert fields["auth_token_url"] == "https://school.example.edu/mod/lti/token.php"
    assert fields["deployment_id"] == "1"


def test_moodle_in_a_folder_keeps_it() -> None:
    assert filled("moodle", site="https://x.example.edu/moodle/", client_id="a")["jwks_url"] == (
        "https://x.example.edu/moodle/mod/lti/certs.php"
    )


def test_blackboards_key_set_follows_from_the_application_id() -> None:
    fields = filled("blackboard", client_id="app-1", deployment_id="d-1")

    assert fields["issuer"] == "https://blackboard.com"
    assert fields["jwks_url"] == "https://developer.blackboard.com/api/v1/management/applications/app-1/jwks.json"


def test_a_client_id_cannot_change_the_address_it_stands_in() -> None:
    fields = filled("blackboard", client_id="../x?y#z", deployment_id="d-1")

    assert fields["jwks_url"].endswith("/applications/..%2Fx%3Fy%23z/jwks.json")


def test_brightspace_has_the_audience_of_all_its_tenants() -> None:
    fields = filled("brightspace", site="school.brightspace.com", client_id="c")

    assert fields["auth_audience"] == "https://api.brightspace.com/auth/token"
    assert fields["auth_token_url"] == "https://auth.brightspace.com/core/connect/token"
    assert fields["issuer"] == "https://school.brightspace.com"


def test_sakai_and_open_edx_need_the_addresses_that_carry_a_number() -> None:
    assert problems("sakai", site="s.example.edu", client_id="c") == {("auth_token_url", PresetFault.MISSING)}
    assert problems("openedx", site="s.example.edu", client_id="c") == {
        ("auth_token_url", PresetFault.MISSING),
        ("jwks_url", PresetFault.MISSING),
    }


def test_a_fixed_field_takes_no_typed_value() -> None:
    fields = filled("canvas", client_id="1", issuer="https://evil.example.invalid", jwks_url="https://evil")

    assert fields["issuer"] == "https://canvas.instructure.com"
    assert "evil" not in fields["jwks_url"]


@pytest.mark.parametrize(
    "site", ["http://school.example.edu", "a b", "https://u:p@x.example.edu", "javascript:x", "x\\y"]
)
def test_a_site_that_is_no_safe_address_is_a_problem(site: str) -> None:
    assert problems("moodle", site=site, client_id="a") == {("site", PresetFault.NO_SITE)}


def test_everything_wrong_is_named_at_once() -> None:
    assert problems("other", issuer="", client_id="x" * 300, auth_login_url="http://x.example.edu") == {
        ("issuer", PresetFault.MISSING),
        ("client_id", PresetFault.NO_IDENTIFIER),
        ("auth_login_url", PresetFault.NO_ADDRESS),
        ("auth_token_url", PresetFault.MISSING),
        ("jwks_url", PresetFault.MISSING),
    }
    assert problems("moodle") == {("site", PresetFault.MISSING), ("client_id", PresetFault.MISSING)}


def test_this_machine_is_a_site_only_in_development() -> None:
    values = {"site": "http://localhost:8090", "client_id": "a"}

    assert fill_preset("moodle", values) == (PresetProblem(field="site", fault=PresetFault.NO_SITE),)
    fields = fill_preset("moodle", values, may_be_local=True)
    assert isinstance(fields, dict)
    assert fields["jwks_url"] == "http://localhost:8090/mod/lti/certs.php"


def test_an_unknown_preset_is_named_so() -> None:
    with pytest.raises(UnknownPreset):
        fill_preset("schoology", {})


@pytest.mark.parametrize("key", PRESETS)
def test_each_preset_is_complete_and_says_where_to_look(key: str) -> None:
    preset = PRESETS[key]

    assert {field.name for field in preset.fields} >= NEEDED
    assert preset.still_to_do
    for field in preset.fields:
        is_typed = field.source is FieldSource.TYPED
        assert bool(field.where) is is_typed
        assert bool(field.text) is not is_typed
        assert ("{" in field.text) is (field.source is FieldSource.TEMPLATED)


@pytest.mark.parametrize("key", ["canvas", "canvas-beta", "canvas-test", "blackboard"])
def test_the_issuer_of_a_cloud_names_its_family(key: str) -> None:
    issuer = next(field.text for field in PRESETS[key].fields if field.name == "issuer")

    assert family_of("", issuer) is PRESETS[key].family


@pytest.mark.parametrize("family", Family)
def test_every_family_has_something_left_to_do(family: Family) -> None:
    assert all(sentence.endswith(".") for sentence in still_to_do(family))
    assert still_to_do(family)


# ---- the developer key of Canvas ----

URL, TEXT, FLAG, NUMBER = "url", str, bool, int
# Canvas's documented schema as a table: the type of each member, and "!" for those that must be there.
KEY_SCHEMA: Mapping[str, Any] = {
    "title!": TEXT,
    "description!": TEXT,
    "oidc_initiation_url!": URL,
    "oidc_initiation_urls": dict.fromkeys(REGIONS, URL),
    "target_link_uri!": URL,
    "scopes!": [TEXT],
    "public_jwk_url!": URL,
    "custom_fields": TEXT,
    "extensions!": [
        {
            "platform!": ("canvas.instructure.com",),
            "domain!": TEXT,
            "tool_id": TEXT,
            "privacy_level!": ("public", "name_only", "email_only", "anonymous"),
            "settings!": {
                "text!": TEXT,
                "icon_url": URL,
                "selection_width": NUMBER,
                "selection_height": NUMBER,
                "placements!": [
                    {
                        "placement!": ("course_navigation", "assignment_selection", "link_selection"),
                        "message_type!": ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"),
                        "target_link_uri!": URL,
                        "text!": TEXT,
                        "enabled": FLAG,
                        "icon_url": URL,
                        "default": ("enabled", "disabled"),
                        "visibility": ("public", "members", "admins"),
                        "selection_width": NUMBER,
                        "selection_height": NUMBER,
                    }
                ],
            },
        }
    ],
}


def misfits(value: Any, schema: Any, path: str = "") -> list[str]:
    """Where a value does not fit the table."""
    if isinstance(schema, Mapping):
        return _misfits_of_object(value, schema, path)
    if isinstance(schema, list):
        places = enumerate(value) if isinstance(value, list) else ()
        found = [one for place, inner in places for one in misfits(inner, schema[0], f"{path}[{place}]")]
        return found if value else [path]
    if isinstance(schema, tuple):
        return [] if value in schema else [path]
    if schema == URL:
        return [] if isinstance(value, str) and value.startswith(("http://", "https://")) else [path]
    if path.endswith("custom_fields"):
        return [] if all(isinstance(one, str) for one in value.values()) else [path]
    return [] if type(value) is schema else [path]


def _misfits_of_object(value: Any, schema: Mapping[str, Any], path: str) -> list[str]:
    known = {name.rstrip("!"): kind for name, kind in schema.items()}
    missing = [f"{path}.{name[:-1]}" for name in schema if name.endswith("!") and name[:-1] not in value]
    unknown = [f"{path}.{name}" for name in value if name not in known]
    present = {name: kind for name, kind in known.items() if name in value}
    inner = [one for name, kind in present.items() for one in misfits(value[name], kind, f"{path}.{name}")]
    return missing + unknown + inner


@pytest.mark.parametrize("profile", [PROFILE, CHOOSING, replace(CHOOSING, privacy_level=PrivacyLevel.ANONYMOUS)])
def test_the_developer_key_fits_canvass_documented_schema(profile: Any) -> None:
    assert misfits(canvas_configuration(profile), KEY_SCHEMA) == []


def test_the_table_finds_what_does_not_fit() -> None:
    key = canvas_configuration(CHOOSING)

    assert misfits(key | {"title": 5, "environments": {}}, KEY_SCHEMA) == [".environments", ".title"]
    assert misfits(key | {"extensions": []}, KEY_SCHEMA) == [".extensions"]


def test_the_developer_key_offers_the_places_of_a_registration() -> None:
    key: Any = canvas_configuration(CHOOSING, with_notices=True)

    placements = {one["placement"]: one for one in key["extensions"][0]["settings"]["placements"]}
    assert set(placements) == {"course_navigation", "assignment_selection", "link_selection"}
    assert placements["assignment_selection"]["message_type"] == "LtiDeepLinkingRequest"
    assert placements["assignment_selection"]["target_link_uri"] == "http://localhost:8000/lti/choose"
    assert key["custom_fields"]["section_ids"] == "$Canvas.course.sectionIds"
    assert key["scopes"][-1].endswith("noticehandlers")
    assert len(key["scopes"]) == 6


def test_regions_may_have_login_addresses_of_their_own() -> None:
    key: Any = canvas_configuration(PROFILE, region_urls={"eu-west-1": "https://eu.example.invalid/login"})

    assert misfits(key, KEY_SCHEMA) == []
    assert key["oidc_initiation_urls"] == {"eu-west-1": "https://eu.example.invalid/login"}
    with pytest.raises(ValueError, match="moon-1"):
        canvas_configuration(PROFILE, region_urls={"moon-1": "https://x"})
