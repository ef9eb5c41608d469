"""What cases, and the life and health of pairs, are called on pages; for students and for staff."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.pair_life import END_WORDS

CASE_KINDS = {
    "talk": _l("A talk that somebody leads"),
    "rematch": _l("A new partner"),
    "decide": _l("The staff decide"),
    "role": _l("Another part in the programme"),
    "concern": _l("Worried about a partner"),
    "urgent": _l("Urgent: worried about a partner"),
    "safety": _l("Safety report"),
}
TOPICS = {
    "times": _l("Times, or no answer"),
    "expectations": _l("What we expect of each other"),
    "tone": _l("How we talk to each other"),
    "boundaries": _l("Too personal, too much or too close"),
    "load": _l("It is too much for me"),
    "other": _l("Something else"),
}
CASE_STATES = {
    "open": ("attention", _l("Waiting for an answer")),
    "taken": ("neutral", _l("Being worked on")),
    "review": ("neutral", _l("Agreed, to be looked at again")),
    "closed": ("good", _l("Closed")),
    "withdrawn": ("neutral", _l("Taken back")),
}
OUTCOMES = {
    "settled": _l("It could be settled"),
    "ended": _l("The pair has ended"),
    "contact": _l("Contact is possible again"),
    "referred": _l("Referred to a service of the institution"),
    "nothing": _l("Nothing more is to be done"),
}
OUTCOME_EFFECTS = {
    "settled": _l("The pair goes on."),
    "ended": _l("The pair ends now. Points stay, and both can be matched anew."),
    "contact": _l("The pair goes on, and its members can write to each other again."),
    "referred": _l("The pair goes on. Say in the record where you sent whom."),
    "nothing": _l("The pair goes on."),
}
HEALTHS = {
    "stuck": ("problem", _l("Stuck")),
    "watch": ("attention", _l("To be watched")),
    "on_track": ("good", _l("On track")),
    "ended": ("neutral", _l("Ended")),
}
SUGGESTIONS = {
    "answer_now": _l("Read the report and take it now."),
    "answer": _l("Answer the request. A first wish for a new partner comes true by itself after three days."),
    "review": _l("Ask both whether what was agreed has helped, and close the case or agree on something else."),
    "rematch": _l("Offer a new partner: end this pair, and have new pairs made."),
    "talk": _l("Offer a talk with both."),
    "write": _l("Write both a short, friendly line: “How is it going? Can I help?”"),
    "resume": _l("Ask whether the pair goes on, and give it a day."),
    "close": _l("Go on with the case, and close it when it is done."),
    "nothing": _l("Nothing is to be done."),
}
EVENTS = {
    "paused": _l("Paused"),
    "resumed": _l("Went on"),
    "stopped": _l("Paused"),  # nobody reads here that contact was stopped
    "allowed": _l("Went on"),
    "left": _l("Somebody no longer takes part"),
    "ended": _l("Ended"),
}
STAFF_EVENTS = EVENTS | {"stopped": _l("Contact stopped"), "allowed": _l("Contact possible again")}
END_REASONS = {
    "completed": _l("The programme has ended"),
    "rematch": _l("Somebody wished for a new partner"),
    "left": _l("Somebody no longer takes part"),
    "safety": _l("Safety"),
    "role": _l("Somebody takes another part"),
    "staff": _l("People are put together anew"),
}


def attach(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        CASE_KINDS=CASE_KINDS,
        TOPICS=TOPICS,
        CASE_STATES=CASE_STATES,
        OUTCOMES=OUTCOMES,
        OUTCOME_EFFECTS=OUTCOME_EFFECTS,
        HEALTHS=HEALTHS,
        SUGGESTIONS=SUGGESTIONS,
        EVENTS=EVENTS,
        STAFF_EVENTS=STAFF_EVENTS,
        END_REASONS=END_REASONS,
        END_WORDS={reason.value: words for reason, words in END_WORDS.items()},
    )
