"""Registration by hand: what an administrator need not type, because it is the same for everybody on that LMS.

Source: canvas-lms doc/api/lti_dev_key_config.md; moodle mod/lti (auth.php, token.php, certs.php); Blackboard developer
documentation; Brightspace community 23660; sakai lti/lti-blis; openedx/xblock-lti-consumer README.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote, urlsplit

from lti_tool.lti.addresses import host_of, is_local_name, is_secure, is_web_address
from lti_tool.lti.errors import N_, LtiError
from lti_tool.lti.preset_table import PRESETS, FieldSource, Preset, PresetField
from lti_tool.lti.texts import identifier_of

__all__ = [
    "PRESETS",
    "FieldSource",
    "Preset",
    "PresetFault",
    "PresetField",
    "PresetProblem",
    "UnknownPreset",
    "fill_preset",
]

SITE = "site"
_ADDRESSES = frozenset({"auth_login_url", "auth_token_url", "jwks_url"})
_LONGEST_ADDRESS = 2_000


class UnknownPreset(LtiError):
    """There is no preset of this name."""


class PresetFault(StrEnum):
    """What is wrong with a typed value, with the sentence beside its field."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Self:
        """One member that is its code and carries its sentence."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    MISSING = ("missing", N_("This is needed."))
    NO_ADDRESS = ("no-address", N_("This must be an address that begins with https://."))
    NO_SITE = ("no-site", N_("This must be your learning platform's address, such as lms.example.edu."))
    NO_IDENTIFIER = ("no-identifier", N_("This must be at most 255 characters, without line breaks."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetProblem:
    """A field that cannot be used as it was typed."""

    field: str
    fault: PresetFault


def fill_preset(
    key: str, values: Mapping[str, str], *, may_be_local: bool = False
) -> dict[str, str] | tuple[PresetProblem, ...]:
    """Every field of the registration, or what is wrong with the values; fixed fields never take a typed value.

    Shape: the fields of the preset by name; optional ones that were left empty are not among them.
    Raises: UnknownPreset.
    """
    preset = PRESETS.get(key)
    if preset is None:
        raise UnknownPreset(UnknownPreset.__doc__)
    typed = {field.name: values.get(field.name, "").strip() for field in preset.fields}
    site = _site(values.get(SITE, ""), may_be_local=may_be_local) if preset.asks_for_site else ""
    problems = [_problem(field, typed[field.name], may_be_local=may_be_local) for field in preset.fields]
    found = [problem for problem in problems if problem is not None]
    if site is None:
        is_empty = not values.get(SITE, "").strip()
        found.append(PresetProblem(field=SITE, fault=PresetFault.MISSING if is_empty else PresetFault.NO_SITE))
    if found or site is None:
        return tuple(found)
    filled = {field.name: _filled(field, typed, site) for field in preset.fields}
    return {name: value for name, value in filled.items() if value}


def _problem(field: PresetField, value: str, *, may_be_local: bool) -> PresetProblem | None:
    """What is wrong with one typed field."""
    fault = None
    if field.source is not FieldSource.TYPED:
        return None
    if not value:
        fault = None if field.is_optional else PresetFault.MISSING
    elif field.name in _ADDRESSES:
        fault = None if _is_usable(value, may_be_local=may_be_local) else PresetFault.NO_ADDRESS
    elif identifier_of(value) is None:
        fault = PresetFault.NO_IDENTIFIER
    return PresetProblem(field=field.name, fault=fault) if fault else None


def _filled(field: PresetField, typed: Mapping[str, str], site: str) -> str:
    """The value of one field."""
    if field.source is FieldSource.TYPED:
        return typed[field.name]
    return field.text.replace("{site}", site).replace("{client_id}", quote(typed.get("client_id", ""), safe=""))


def _site(value: str, *, may_be_local: bool) -> str | None:
    """The address of the LMS's front page without its last slash, from an address or a bare host; None for neither."""
    text = value.strip()
    address = text if "://" in text else f"https://{text}"
    if not text or not _is_usable(address, may_be_local=may_be_local):
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _is_usable(address: str, *, may_be_local: bool) -> bool:
    """https, or this machine itself where that is allowed."""
    if len(address) > _LONGEST_ADDRESS or not is_web_address(address):
        return False
    return is_secure(address) or (may_be_local and is_local_name(host_of(address)))
