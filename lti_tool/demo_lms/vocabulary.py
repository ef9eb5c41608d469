"""The words of LTI 1.3 Core, NRPS 2.0 and AGS 2.0 that this platform speaks: claims, roles, scopes, media types."""

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"

AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM = AGS_SCOPE + "lineitem"
LINE_ITEM_READONLY = AGS_SCOPE + "lineitem.readonly"
RESULT_READONLY = AGS_SCOPE + "result.readonly"
SCORE = AGS_SCOPE + "score"
MEMBERSHIP_READONLY = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES = (LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE, MEMBERSHIP_READONLY)

MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"

ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})
