"""The files for an institution's containers name only settings, commands and files that exist."""

import re
from dataclasses import fields
from pathlib import Path

import lti_tool
from lti_tool.cli import main
from lti_tool.settings import Settings

PROJECT = Path(lti_tool.__file__).parent.parent
LOCKS = ("requirements-postgres.txt", "requirements.txt")
ELSEWHERE = {"FORWARDED_ALLOW_IPS", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}  # gunicorn's, PostgreSQL's


def text(name: str) -> str:
    """A file of the project."""
    return (PROJECT / name).read_text(encoding="utf-8")


def test_every_setting_of_the_containers_is_one_of_the_tool() -> None:
    named = set(re.findall(r"^\s+([A-Z_]+): ", text("compose.yaml"), re.MULTILINE))

    assert {"TOOL_URL", "DATABASE_URL", "KEY_STORE"} <= named
    assert named - ELSEWHERE <= {one.name.upper() for one in fields(Settings)}


def test_the_four_services_are_there_and_run_commands_that_exist() -> None:
    services = text("compose.yaml").partition("\nservices:\n")[2]
    commands = re.findall(r'command: \["lti-tool", (.*)\]', services)

    assert re.findall(r"^  (\w+):$", services.partition("\nvolumes:")[0], re.MULTILINE) == [
        "db",
        "migrate",
        "web",
        "worker",
    ]
    assert commands == ['"db", "upgrade"', '"serve"', '"worker"']
    for command in commands:
        try:
            main([*re.findall(r'"(\w+)"', command), "--help"])
        except SystemExit as end:
            assert end.code == 0  # noqa: PT017  # argparse ends the program after its help


def test_the_image_is_built_of_files_that_reach_it() -> None:
    sent = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", text("Dockerfile"), re.MULTILINE)

    files = {name for line in copied for name in line.split()}
    assert files == sent
    assert all((PROJECT / name).exists() for name in files)


def test_the_image_has_the_driver_of_its_database_and_otherwise_what_everybody_has() -> None:
    image, usual = (set(re.findall(r"^(\S+==\S+)", text(name), re.MULTILINE)) for name in LOCKS)

    assert usual <= image
    assert {one.partition("==")[0] for one in image - usual} == {"psycopg", "psycopg-binary"}
