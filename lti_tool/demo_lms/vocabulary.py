"""The words of LTI 1.3 and its services that this platform speaks: claims, roles, scopes, media types."""

_SPEC = "https://purl.imsglobal.org/spec/"
LTI = _SPEC + "lti/claim/"
NRPS_CLAIM = _SPEC + "lti-nrps/claim/namesroleservice"
AGS_CLAIM = _SPEC + "lti-ags/claim/endpoint"
GROUPS_CLAIM = _SPEC + "lti-gs/claim/groupsservice"
LINKING = _SPEC + "lti-dl/claim/"
NOTICES_CLAIM = LTI + "platformnotificationservice"
ACCOUNT_NAME = "https://canvas.instructure.com/lti/account_name"
PLATFORM_CONFIGURATION = _SPEC + "lti-platform-configuration"
TOOL_CONFIGURATION = _SPEC + "lti-tool-configuration"
CANVAS_PRIVACY = "https://canvas.instructure.com/lti/privacy_level"
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"

AGS_SCOPE = _SPEC + "lti-ags/scope/"
LINE_ITEM = AGS_SCOPE + "lineitem"
LINE_ITEM_READONLY = AGS_SCOPE + "lineitem.readonly"
RESULT_READONLY = AGS_SCOPE + "result.readonly"
SCORE = AGS_SCOPE + "score"
MEMBERSHIP_READONLY = _SPEC + "lti-nrps/scope/contextmembership.readonly"
GROUP_READONLY = _SPEC + "lti-gs/scope/contextgroup.readonly"
NOTICE_HANDLERS = _SPEC + "lti/scope/noticehandlers"
SCOPES = (LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE, MEMBERSHIP_READONLY)

MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
GROUP_SETS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"

ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})
