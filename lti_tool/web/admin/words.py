"""The admin's words: what was decided, how a deployment stands, what the fields of a registration are called."""

from flask_babel import lazy_gettext as _l

DEPLOYMENT_STATES = {
    "accepted": ("good", _l("Allowed")),
    "pending": ("attention", _l("Waits for your word")),
    "refused": ("problem", _l("Refused")),
}
AUDITED = {
    "platform.add": _l("Registered"),
    "platform.active": _l("First launch"),
    "platform.edit": _l("Changed"),
    "platform.resend": _l("Our settings sent again"),
    "platform.pause": _l("Paused"),
    "platform.resume": _l("Resumed"),
    "deployment.policy": _l("Rule for new deployments changed"),
    "deployment.accepted": _l("Deployment allowed"),
    "deployment.refused": _l("Deployment refused"),
}
AUDITED_OF_TOOL = {
    "platform.delete": _l("LMS deleted"),
    "invitation.make": _l("Invitation made"),
    "invitation.revoke": _l("Invitation revoked"),
    "keys.rotate": _l("Next key made"),
    "keys.encrypt": _l("Keys and tokens encrypted anew"),
    "admin.link": _l("Sign-in address made"),
    "admin.sign_in": _l("Signed in"),
    "admin.sign_out": _l("Signed out"),
}
FIELDS = {
    "site": _l("Address of your LMS"),
    "issuer": _l("Issuer"),
    "client_id": _l("Client id"),
    "deployment_id": _l("Deployment id"),
    "auth_login_url": _l("Authentication request address"),
    "auth_token_url": _l("Access token address"),
    "auth_audience": _l("Token audience"),
    "jwks_url": _l("Public key set address"),
}
FAMILIES = (
    ("canvas", _l("Canvas")),
    ("moodle", _l("Moodle")),
    ("blackboardlearn", _l("Blackboard Learn")),
    ("desire2learn", _l("Brightspace")),
    ("sakai", _l("Sakai")),
    ("openedx", _l("Open edX")),
    ("", _l("Another LMS")),
)
