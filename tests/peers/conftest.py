"""The running tool that every peer launches: a real HTTP server, the machine's clock, a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.peers.tool import RunningTool, running_tool


@pytest.fixture
def tool(database_url: str, tmp_path: Path) -> Iterator[RunningTool]:
    """The tool on each database in turn."""
    with running_tool(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def sqlite_tool(databases: Databases, tmp_path: Path) -> Iterator[RunningTool]:
    """The tool on SQLite, for a peer that is slow to start."""
    with databases.fresh("sqlite") as url, running_tool(url, tmp_path) as made:
        yield made
