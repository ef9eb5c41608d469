"""An LMS registered by hand: choose which, type what only its administrator knows, copy our values; change it later."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.by_hand import OTHER, ByHand, read_by_hand
from lti_tool.actions.platforms import RegistrationExists, add_registration, resend_settings
from lti_tool.actions.upkeep import edit_registration
from lti_tool.lti.asked import ASKED, Address
from lti_tool.lti.presets import PRESETS, FieldSource, Preset
from lti_tool.lti.registration_faults import RegistrationFailed
from lti_tool.store.platforms import Registration
from lti_tool.web.admin.loading import BY, registration_of
from lti_tool.web.admin.words import FAMILIES, FIELDS
from lti_tool.web.profile import own_profile
from lti_tool.web.visitor import edge, now, own_url

blueprint = Blueprint("registration", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedField:
    """One field of the form."""

    name: str
    label: str
    hint: str
    is_required: bool


@blueprint.get("/add/")
def choose() -> str:
    """Which LMS it is."""
    return render_template("admin/registration/choose.html", presets=PRESETS.values())


@blueprint.route("/add/<preset_key>", methods=["GET", "POST"])
def add(preset_key: str) -> Response | tuple[str, int]:
    """What only the administrator of that LMS knows."""
    preset = PRESETS.get(preset_key)
    if preset is None:
        abort(404)
    problems: dict[str, str] = {}
    if request.method == "POST":
        read = read_by_hand(preset_key, request.form, may_be_local=edge().may_be_local)
        if isinstance(read, ByHand):
            try:
                number = add_registration(read.new, deployment_id=read.deployment_id, by=BY, now=now())
            except RegistrationExists:
                problems = {"client_id": exists()}
            else:
                flash(_("Registered. It becomes active with the first launch."), "success")
                return redirect(url_for("admin.platforms.show", number=number), 303)
        else:
            problems = {name: _(sentence) for name, sentence in read.items()}
    page = render_template(
        "admin/registration/add.html",
        preset=preset,
        fields=typed_fields(preset),
        values=request.form,
        problems=problems,
    )
    return page, 422 if problems else 200


@blueprint.route("/platforms/<int:number>/edit", methods=["GET", "POST"])
def edit(number: int) -> Response | tuple[str, int]:
    """Change what the tool knows of an LMS."""
    row = registration_of(number)
    problems: dict[str, str] = {}
    values = known(row)
    if request.method == "POST":
        values = request.form.to_dict()
        problems = change(number, values)
        if not problems:
            flash(_("Saved."), "success")
            return redirect(url_for("admin.platforms.show", number=number), 303)
    page = render_template(
        "admin/registration/edit.html",
        row=row,
        fields=[one for one in typed_fields(PRESETS[OTHER]) if one.name != "deployment_id"],
        families=FAMILIES,
        values=values,
        problems=problems,
    )
    return page, 422 if problems else 200


@blueprint.post("/platforms/<int:number>/resend")
def resend(number: int) -> Response:
    """Tell the LMS the tool's present addresses, name and wishes, as if it were registered anew."""
    registration_of(number)
    try:
        lacking = resend_settings(number, profile=own_profile(), edge=edge(), by=BY, now=now())
    except RegistrationFailed as fault:
        flash(_(fault.sentence), "problem")
    else:
        if lacking is None:
            flash(_("This LMS gave the tool no address for that. Change it in the LMS by hand."), "warning")
        elif lacking:
            flash(_("Sent. The LMS does not give every permission; test the connection to see which."), "warning")
        else:
            flash(_("Sent. The LMS has taken over the tool’s present settings."), "success")
    return redirect(url_for("admin.platforms.show", number=number), 303)


@blueprint.get("/values")
def values() -> str:
    """What an LMS's administrator copies into the LMS: by what it is for, and by the fields of each LMS."""
    own = addresses()
    labels = {
        Address.LOGIN: _("OpenID Connect login address"),
        Address.LAUNCH: _("Redirect address, and target link address"),
        Address.CHOOSING: _("Target link address of deep linking"),
        Address.REVIEW: _("Target link address of submission review"),
        Address.PRIVACY: _("Target link address of data privacy launches"),
        Address.KEYS: _("Public key set address"),
        Address.CONFIGURATION: _("Configuration address of a Canvas developer key"),
        Address.ICON: _("Icon"),
        Address.DOMAIN: _("Domain"),
    }
    titles = {preset.family: preset.title for preset in reversed(list(PRESETS.values()))}
    return render_template(
        "admin/registration/values.html",
        pairs=[(kind, label, own[kind]) for kind, label in labels.items()],
        forms=[
            (family.value or "other", titles[family], [(_(label), own[kind]) for label, kind in asked])
            for family, asked in ASKED.items()
        ],
    )


def addresses() -> dict[Address, str]:
    """The tool's addresses by what they are for; every kind of launch comes to one and says itself what it is."""
    launch = own_url("lti.launch")
    return {
        Address.LOGIN: own_url("lti.login"),
        **dict.fromkeys((Address.LAUNCH, Address.CHOOSING, Address.REVIEW, Address.PRIVACY), launch),
        Address.KEYS: own_url("lti.jwks"),
        Address.CONFIGURATION: own_url("lti.config"),
        Address.ICON: own_url("static", filename="mark.svg"),
        Address.DOMAIN: edge().origin.split("://")[1],
        Address.ORIGIN: edge().origin,
    }


def change(number: int, values: dict[str, str]) -> dict[str, str]:
    """Save the change; what is wrong with it, by field, where it cannot be saved."""
    family = values.get("family", "")
    if family not in {key for key, _label in FAMILIES}:
        return {"family": _("Choose one of these.")}
    if not values.get("name", "").strip():
        return {"name": _("This is needed.")}
    read = read_by_hand(OTHER, values, family=family, may_be_local=edge().may_be_local)
    if not isinstance(read, ByHand):
        return {name: _(sentence) for name, sentence in read.items()}
    try:
        edit_registration(number, read.new, by=BY, now=now())
    except RegistrationExists:
        return {"client_id": exists()}
    return {}


def exists() -> str:
    """Two registrations cannot be the same."""
    return str(_("There is a registration with this issuer and client id already. Nothing was changed."))


def known(row: Registration) -> dict[str, str]:
    """What the tool knows of an LMS, as the form shows it."""
    names = ("name", "family", "issuer", "client_id", "auth_login_url", "auth_token_url", "auth_audience", "jwks_url")
    return {name: getattr(row, name) or "" for name in names}


def typed_fields(preset: Preset) -> list[TypedField]:
    """The fields of a preset that somebody must type, the address of the LMS first."""
    site = TypedField(name="site", label=str(FIELDS["site"]), hint=_("For example: lms.example.edu"), is_required=True)
    typed = [
        TypedField(name=one.name, label=str(FIELDS[one.name]), hint=_(one.where), is_required=not one.is_optional)
        for one in preset.fields
        if one.source is FieldSource.TYPED
    ]
    return [site, *typed] if preset.asks_for_site else typed
