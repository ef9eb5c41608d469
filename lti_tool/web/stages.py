"""The stages of the funnel in words: their names, what each counts, and a reminder to begin with."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.funnel import Stage

NAMES = {
    Stage.ROSTER: _l("In the course"),
    Stage.INVITED: _l("Invited"),
    Stage.JOINED: _l("Joined"),
    Stage.APPLIED: _l("Applied"),
    Stage.APPROVED: _l("Approved"),
    Stage.TRAINED: _l("Trained"),
    Stage.AGREED: _l("Agreed"),
    Stage.READY: _l("Ready"),
}
MEANINGS = {
    Stage.ROSTER: _l("Active students in the list from the LMS, without test students."),
    Stage.INVITED: _l("Have opened the tool at least once, or were reminded by you."),
    Stage.JOINED: _l("Have answered the questions and take part. Who has left again does not count."),
    Stage.APPLIED: _l("Have sent an application to be a mentor. Counts mentors and those who are happy with both."),
    Stage.APPROVED: _l("You have said yes to the application."),
    Stage.TRAINED: _l("Have read the training for mentors and passed its quiz."),
    Stage.AGREED: _l("Have agreed to what taking part means."),
    Stage.READY: _l(
        "Can be matched now. Mentors need everything above; who wants help, or is happy with both, needs only to have"
        " joined and agreed."
    ),
}
# Who stands still before a stage: the words for the list of their names.
SILENT = {
    Stage.ROSTER: _l("Nobody"),
    Stage.INVITED: _l("Have not opened the tool"),
    Stage.JOINED: _l("Have not joined"),
    Stage.APPLIED: _l("Have not applied"),
    Stage.APPROVED: _l("Wait for your answer, or were declined"),
    Stage.TRAINED: _l("Have not finished the training"),
    Stage.AGREED: _l("Have not agreed"),
    Stage.READY: _l("Are not ready"),
}


def default_reminder(stage: Stage) -> tuple[str, str]:
    """Subject and text that staff may change before they send them."""
    return _DEFAULTS.get(stage, _to_join)()


def _to_join() -> tuple[str, str]:
    return (
        _("Peer mentoring: will you join?"),
        _(
            "Hello,\n\nin our course students help each other on. You can get a mentor, or be one. Joining takes about"
            " five minutes. Please have a look, even if you decide not to take part.\n\nIf something keeps you from"
            " it, tell me."
        ),
    )


def _to_apply() -> tuple[str, str]:
    return (
        _("Peer mentoring: your application is still missing"),
        _(
            "Hello,\n\nthank you for offering to help other students. One thing is missing: a short application. It"
            " takes about ten minutes, and nobody expects perfect answers."
        ),
    )


def _to_train() -> tuple[str, str]:
    return (
        _("Peer mentoring: the training is waiting for you"),
        _(
            "Hello,\n\nbefore you get a mentee there is a training. It takes 60 to 90 minutes, in small pieces, and you"
            " can go on where you stopped. Please finish it before the pairs are made."
        ),
    )


def _to_agree() -> tuple[str, str]:
    return (
        _("Peer mentoring: please look at what we agree on"),
        _("Hello,\n\nyou have joined, but have not yet agreed to what taking part means. It takes a minute."),
    )


_DEFAULTS = {Stage.APPLIED: _to_apply, Stage.TRAINED: _to_train, Stage.AGREED: _to_agree}


def attach(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(STAGE_NAMES=NAMES, STAGE_MEANINGS=MEANINGS, STAGE_SILENT=SILENT)
