"""What staff can do about what an LMS refuses: a sentence for each fault that a score or a column keeps."""

from collections.abc import Mapping

from lti_tool.lti.errors import N_, ServiceFault

_ASK_LMS_ADMIN = N_("Somebody who administers your LMS has to allow this tool to use the gradebook; then try again.")
_ASK_OPERATOR = N_("Please tell the person who looks after this tool; try again once they have seen to it.")

FIXES: Mapping[str, str] = {
    fault.explanation: fix
    for fault, fix in {
        ServiceFault.SCOPE_NOT_GRANTED: _ASK_LMS_ADMIN,
        ServiceFault.FORBIDDEN: _ASK_LMS_ADMIN,
        ServiceFault.TOKEN_REFUSED: _ASK_LMS_ADMIN,
        ServiceFault.CLIENT_REFUSED: _ASK_OPERATOR,
        ServiceFault.CLOCKS_DIFFER: _ASK_OPERATOR,
        ServiceFault.STALE: N_(
            "The clocks of your LMS and of this tool may differ. Please tell the person who looks after this tool, "
            "then try again."
        ),
        ServiceFault.NOT_OURS: N_("Delete the old column in your LMS, open the tool from the course, then try again."),
        ServiceFault.NOT_FOUND: N_(
            "If the course is concluded in your LMS, have it opened again. Then open the tool from the course, and try "
            "again."
        ),
        ServiceFault.PERSON_NOT_GRADABLE: N_(
            "See in your LMS that this person is an active student of the course, in a role that can be graded; then "
            "try again."
        ),
        ServiceFault.NOT_ACCEPTED: N_("See in your LMS whether the grade or its column is locked; then try again."),
        ServiceFault.UNREADABLE: _ASK_OPERATOR,
        ServiceFault.WEB_PAGE: N_(
            "It is mostly a sign-in page, a page about maintenance, or a firewall in between. Once your LMS works as "
            "usual, try again; if it stays so, tell the person who looks after this tool."
        ),
        ServiceFault.BAD_ADDRESS: _ASK_OPERATOR,
        ServiceFault.INSECURE_ADDRESS: _ASK_OPERATOR,
        ServiceFault.PRIVATE_ADDRESS: _ASK_OPERATOR,
        ServiceFault.FOREIGN_ADDRESS: _ASK_OPERATOR,
        ServiceFault.TOO_LARGE: _ASK_OPERATOR,
        ServiceFault.PAGES_REPEAT: _ASK_OPERATOR,
        ServiceFault.LEADS_ON: _ASK_OPERATOR,
        ServiceFault.NO_GRADEBOOK: _ASK_LMS_ADMIN,
    }.items()
}  # by the sentence that a score or a column keeps, what staff can do
