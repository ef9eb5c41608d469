"""The command `lti-tool`: each command says what it did, and what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lti_tool.app import create_app
from lti_tool.cli import main
from lti_tool.settings import load
from lti_tool.store.db import db
from lti_tool.store.platforms import all_registrations

LMS = {
    "issuer": "https://lms.example",
    "client-id": "tool-1",
    "auth-login-url": "https://lms.example/auth",
    "auth-token-url": "https://lms.example/token",
    "jwks-url": "https://lms.example/keys",
}


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with nothing but the two settings nobody can guess."""
    for name in ("DATABASE_URL", "CONFIG_FILE", "MAY_BE_LOCAL", "KEY_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOOL_URL", "https://mentoring.example.edu")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def upgraded(installation: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation with a database that is up to date."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    app = create_app(load())
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()


def add(**changes: str) -> list[str]:
    """The words of `platforms add`."""
    return ["platforms", "add", *(f"--{name}={value}" for name, value in (LMS | changes).items())]


def test_a_new_database_is_made_where_the_settings_say(installation: Path) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0

    assert (installation / "var" / "peer-mentoring.db").is_file()


def test_an_lms_is_registered_by_hand_and_listed(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(add(name="Northfield", family="moodle")) == 0
    assert main(["platforms", "list"]) == 0

    said = capsys.readouterr().out
    assert "Northfield\thttps://lms.example\ttool-1\tpending" in said
    (row,) = all_registrations()
    assert (row.family, row.auth_audience) == ("moodle", None)


def test_an_lms_is_never_overwritten(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    main(add())

    status = main(add(**{"jwks-url": "https://evil.example/keys"}))

    assert status == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert [row.jwks_url for row in all_registrations()] == ["https://lms.example/keys"]


@pytest.mark.parametrize("address", ["http://lms.example/keys", "lms.example/keys", "file:///keys", ""])
def test_an_lms_needs_addresses_that_can_be_trusted(
    upgraded: Flask, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    status = main(add(**{"jwks-url": address}))

    assert status == 2
    assert "--jwks-url" in capsys.readouterr().err
    assert all_registrations() == []


def test_an_invitation_is_an_address_to_paste(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "invite"]) == 0

    assert capsys.readouterr().out.startswith("https://mentoring.example.edu/lti/register?invite=")


def test_wrong_settings_stop_every_command_with_their_names(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET_KEY", "short")

    for words in (["serve"], ["worker"], ["db", "upgrade"], ["platforms", "list"]):
        assert main(words) == 2
        assert "SECRET_KEY" in capsys.readouterr().err


def test_an_unknown_command_shows_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["dance"])

    assert stopped.value.code == 2
    assert "usage: lti-tool" in capsys.readouterr().err


def test_the_texts_are_checked_before_they_are_used(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = installation / "own" / "en" / "training" / "mentor" / "tr1" / "15-our-campus.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Our campus\n\n" + "Two halls. " * 200)
    monkeypatch.setenv("CONTENTS_DIR", str(installation / "own"))

    assert main(["contents", "check"]) == 0
    assert "tr1/our-campus is long: 400 words" in capsys.readouterr().out

    page.write_text("Our campus")
    assert main(["contents", "check"]) == 2
    assert "15-our-campus.md: the first line must be the title" in capsys.readouterr().err


def test_faulty_texts_stop_the_start_and_are_named(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = installation / "own" / "en" / "documents"
    folder.mkdir(parents=True)
    (folder / "help.md").write_text("Call us.")
    monkeypatch.setenv("CONTENTS_DIR", str(installation / "own"))

    assert main(["doctor"]) == 2
    assert "CONTENTS_DIR: en/documents/help.md: must begin with edition" in capsys.readouterr().err
