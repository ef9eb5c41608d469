"""An LMS is registered by hand: what was typed into a preset's form, read into a registration or into problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.actions.platforms import NewRegistration
from lti_tool.lti.presets import PRESETS, UnknownPreset, fill_preset
from lti_tool.lti.quirks import Family

OTHER = "other"  # the preset in which every field is typed


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A registration as it was typed, complete."""

    new: NewRegistration
    deployment_id: str | None


def read_by_hand(
    preset_key: str, values: Mapping[str, str], *, family: str | None = None, may_be_local: bool
) -> ByHand | dict[str, str]:
    """The registration, or what is wrong with it: messages to translate, by field.

    Raises: UnknownPreset.
    """
    preset = PRESETS.get(preset_key)
    if preset is None:
        raise UnknownPreset(UnknownPreset.__doc__)
    filled = fill_preset(preset_key, values, may_be_local=may_be_local)
    if isinstance(filled, tuple):
        return {problem.field: problem.fault.sentence for problem in filled}
    given = values.get("name", "").strip()
    host = urlsplit(filled["auth_login_url"] if preset.family is Family.CANVAS else filled["issuer"]).netloc
    new = NewRegistration(
        issuer=filled["issuer"],
        client_id=filled["client_id"],
        name=given[:100] or f"{preset.title if preset_key != OTHER else 'LMS'} {host}",
        family=preset.family.value if family is None else family,
        auth_login_url=filled["auth_login_url"],
        auth_token_url=filled["auth_token_url"],
        auth_audience=filled.get("auth_audience"),
        jwks_url=filled["jwks_url"],
    )
    return ByHand(new=new, deployment_id=filled.get("deployment_id"))
