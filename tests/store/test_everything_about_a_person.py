"""What is handed out about a person is everything: a table that names people is among it, or says here why not."""

from flask import Flask

from lti_tool.store.db import Row
from lti_tool.store.privacy import everything_about

NOT_HANDED_OUT = {
    "errand": "lives for minutes, and holds the launch that is asked about",
    "announcement_channel": "belongs to the programme; that they set it stands in their audit entries",
    "programme_version": "belongs to the programme; that they changed it stands in their audit entries",
    "proposal": "belongs to the programme; that they asked for it stands in their audit entries",
    "scenario": "belongs to the programme; that they asked for it stands in their audit entries",
}


def test_every_table_that_names_people_is_handed_out_or_says_why_not(app: Flask) -> None:
    assert app.name
    naming = {
        table.name
        for table in Row.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in {"person", "enrolment"}
    }

    handed_out = set(everything_about(1))

    assert naming - handed_out == set(NOT_HANDED_OUT)
    assert not handed_out & set(NOT_HANDED_OUT)
