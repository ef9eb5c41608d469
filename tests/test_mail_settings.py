"""Settings of the mail server: complete or not at all, and no password in clear."""

import pytest

from lti_tool.settings import Settings, SettingsWrong, load

WHOLE = {"MAIL_HOST": "smtp.example.edu", "MAIL_FROM": "Peer Mentoring <mentoring@example.edu>"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """An environment with only what an installation must say."""
    for name in Settings.__annotations__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("TOOL_URL", "https://mentoring.example.edu/")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.chdir(str(tmp_path))


def test_no_mail_is_sent_unless_a_server_is_named() -> None:
    assert load().mail_host == ""


def test_a_server_and_a_sender_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)

    settings = load()

    assert (settings.mail_host, settings.mail_port, settings.mail_security) == ("smtp.example.edu", 587, "starttls")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"MAIL_FROM": ""}, "MAIL_FROM"),
        ({"MAIL_FROM": "Peer Mentoring"}, "MAIL_FROM"),
        ({"MAIL_PORT": "0"}, "MAIL_PORT"),
        ({"MAIL_PORT": "many"}, "MAIL_PORT"),
        ({"MAIL_SECURITY": "perhaps"}, "MAIL_SECURITY"),
        ({"MAIL_PASSWORD": "secret"}, "MAIL_USER"),
        ({"MAIL_USER": "a", "MAIL_PASSWORD": "secret", "MAIL_SECURITY": "none"}, "MAIL_SECURITY"),
    ],
)
def test_a_wrong_mail_setting_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], name: str
) -> None:
    for key, value in (WHOLE | changes).items():
        monkeypatch.setenv(key, value)

    with pytest.raises(SettingsWrong) as caught:
        load()

    assert name in " ".join(caught.value.problems)
