"""Roles mean what the vocabulary says, and only context roles give rights in a course."""

import pytest

from lti_tool.lti.claims import LtiRole, Standing, Vocabulary, is_test_user, parse_roles, standing

MEM = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INST = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYS = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([MEM + "#Instructor"], Standing.INSTRUCTOR),
        (["Instructor"], Standing.INSTRUCTOR),
        (["urn:lti:role:ims/lis/Instructor"], Standing.INSTRUCTOR),
        ([MEM + "#Administrator"], Standing.INSTRUCTOR),
        ([MEM + "/Instructor#PrimaryInstructor"], Standing.INSTRUCTOR),
        ([MEM + "#Instructor", MEM + "/Instructor#TeachingAssistant"], Standing.TEACHING_ASSISTANT),
        ([MEM + "/Instructor#TeachingAssistantSection"], Standing.TEACHING_ASSISTANT),
        ([MEM + "/Instructor#Grader"], Standing.TEACHING_ASSISTANT),
        (["TeachingAssistant"], Standing.TEACHING_ASSISTANT),
        ([MEM + "#Learner", MEM + "/Instructor#TeachingAssistant"], Standing.TEACHING_ASSISTANT),
        ([MEM + "#ContentDeveloper"], Standing.DESIGNER),
        ([MEM + "#Learner"], Standing.LEARNER),
        (["Learner"], Standing.LEARNER),
        ([MEM + "#Member"], Standing.LEARNER),
        ([MEM + "/Learner#GuestLearner"], Standing.LEARNER),
        ([MEM + "/Learner#Instructor"], Standing.LEARNER),
        ([MEM + "#Learner", MEM + "#Instructor"], Standing.INSTRUCTOR),
        ([MEM + "#Mentor"], Standing.OBSERVER),
        ([MEM + "/Manager#Observer"], Standing.OBSERVER),
        ([INST + "#Administrator"], Standing.ADMINISTRATOR),
        ([SYS + "#SysAdmin"], Standing.ADMINISTRATOR),
        (["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], Standing.ADMINISTRATOR),
        ([INST + "#Administrator", MEM + "#Learner"], Standing.LEARNER),
        ([INST + "#Instructor", MEM + "#Learner"], Standing.LEARNER),
        ([INST + "#Instructor"], Standing.NONE),
        ([INST + "#Faculty", SYS + "#User"], Standing.NONE),
        ([SYS + "#None", INST + "#None"], Standing.NONE),
        ([MEM + "#Officer"], Standing.NONE),
        (["http://example.invalid/roles#Instructor"], Standing.NONE),
        (["http://example.invalid/vocab/lis/v2/membership#Instructor"], Standing.NONE),
        (["instructor"], Standing.NONE),
        ([], Standing.NONE),
    ],
)
def test_the_standing_follows_from_the_roles(values: list[str], expected: Standing) -> None:
    assert standing(parse_roles(values)) is expected


def test_a_sub_role_keeps_its_principal() -> None:
    (role,) = parse_roles([MEM + "/Learner#Instructor"])

    assert role == LtiRole(vocabulary=Vocabulary.CONTEXT, principal="Learner", sub="Instructor")


def test_an_unknown_role_is_kept_and_gives_nothing() -> None:
    (role,) = parse_roles(["http://example.invalid/roles#Helper"])

    assert role.vocabulary is Vocabulary.UNKNOWN
    assert role.principal == "http://example.invalid/roles#Helper"


def test_a_role_given_twice_counts_once() -> None:
    roles = parse_roles(["Learner", MEM + "#Learner", MEM + "#Learner"])

    assert len(roles) == 1


def test_the_test_user_of_canvas_is_recognised() -> None:
    assert is_test_user(parse_roles([MEM + "#Learner", TEST_USER]))
    assert not is_test_user(parse_roles([MEM + "#Learner"]))
