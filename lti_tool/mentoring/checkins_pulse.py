"""What a regular check-in asks of each side.

Every question may be left out. A mentee says how seven parts of life are, and which one the mentor should know about;
a mentor says how the mentee's goal moves and how they are themselves. Both say whether they are in touch.

Source: product section 7.1, CK2 and CK3, and requirements R27 and R42.
"""

from collections.abc import Sequence

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Audience, Option, Question, QuestionKind
from lti_tool.mentoring.words import N_

EVERYBODY = frozenset(EnrolmentRole)
MENTORS = frozenset({EnrolmentRole.MENTOR})
MENTEES = EVERYBODY - MENTORS  # two peers are both asked as mentees
STAFF_SEE = frozenset({Audience.SELF, Audience.INSTRUCTOR})
PARTNER_SEES = frozenset({Audience.SELF, Audience.PARTNER})
ALL_SEE = frozenset(Audience)

VERY_HARD = "5"
NOT_WELL = 2  # a rating of at most this says that it does not go well


def check_in_questions(role: EnrolmentRole) -> tuple[Question, ...]:
    """Return what a check-in asks somebody with that role, each question saying who sees its answer."""
    return tuple(question for question in _QUESTIONS if role in question.asked_of)


def options(pairs: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """Return options from keys and labels."""
    return tuple(Option(key=key, label=label) for key, label in pairs)


_HARDNESS = options(
    (
        ("1", N_("Fine")),
        ("2", N_("Mostly fine")),
        ("3", N_("So-so")),
        ("4", N_("Hard")),
        (VERY_HARD, N_("Very hard")),
    )
)
LIFE = (
    ("life_studying", N_("Studying")),
    ("life_planning", N_("Planning ahead")),
    ("life_people", N_("People here")),
    ("life_money", N_("Money or work")),
    ("life_health", N_("Health")),
    ("life_mood", N_("Mood")),
    ("life_direction", N_("Where I am heading")),
)
CONTACT = Question(
    key="contact",
    wording=N_("Have you been in contact since last time?"),
    kind=QuestionKind.SINGLE,
    options=options(
        (
            ("yes", N_("Yes, we talked or wrote")),
            ("tried", N_("I tried, without an answer yet")),
            ("no", N_("Not yet")),
        )
    ),
    asked_of=EVERYBODY,
    seen_by=STAFF_SEE,
)
BARRIERS = (
    ("time", N_("Not enough time")),
    ("topics", N_("We do not know what to talk about")),
    ("no_answer", N_("I get no answer")),
    ("not_a_fit", N_("We do not really fit")),
    ("technical", N_("Something technical")),
    ("access", N_("I could not take part fully")),
    ("personal", N_("Something personal")),
    ("other", N_("Something else")),
)
IN_THE_WAY = Question(
    key="in_the_way",
    wording=N_("Is something in the way?"),
    hint=N_("After sending you get two or three ideas for each."),
    kind=QuestionKind.MULTI,
    options=options(BARRIERS),
    asked_of=EVERYBODY,
    seen_by=STAFF_SEE,
)
FOR_STAFF = Question(
    key="for_staff",
    wording=N_("Is there anything only your instructor should know?"),
    kind=QuestionKind.TEXT,
    asked_of=EVERYBODY,
    maximum=1000,
    seen_by=STAFF_SEE,
)

TOPICS = Question(
    key="topics",
    wording=N_("What did you talk about?"),
    hint=N_("Leave this out if you have not talked yet."),
    kind=QuestionKind.MULTI,
    options=options(
        (
            ("getting_to_know", N_("Getting to know each other")),
            ("course", N_("This course")),
            ("studying", N_("How to study")),
            ("planning", N_("Planning and time")),
            ("exams", N_("Exams and assignments")),
            ("campus", N_("Finding our way around here")),
            ("future", N_("What comes next")),
            ("wellbeing", N_("How we are doing")),
            ("other", N_("Something else")),
        )
    ),
    asked_of=EVERYBODY,
    seen_by=ALL_SEE,
)

_QUESTIONS = (
    CONTACT,
    Question(
        key="going",
        wording=N_("How is it going between the two of you?"),
        kind=QuestionKind.LIKERT,
        options=options(
            (
                ("5", N_("Very well")),
                ("4", N_("Well")),
                ("3", N_("All right")),
                ("2", N_("Not so well")),
                ("1", N_("It is not working")),
            )
        ),
        asked_of=EVERYBODY,
        seen_by=STAFF_SEE,
    ),
    *(
        Question(
            key=key, wording=label, kind=QuestionKind.LIKERT, options=_HARDNESS, asked_of=MENTEES, seen_by=STAFF_SEE
        )
        for key, label in LIFE
    ),
    Question(
        key="tell_partner",
        wording=N_("Which one of these should your partner know about?"),
        hint=N_("Your partner then reads the word, such as “Mood”, and not how hard it is."),
        kind=QuestionKind.SINGLE,
        options=options(LIFE),
        asked_of=MENTEES,
        seen_by=ALL_SEE,
    ),
    TOPICS,
    Question(
        key="movement",
        wording=N_("How has your mentee’s goal moved?"),
        kind=QuestionKind.LIKERT,
        options=options(
            (
                ("-1", N_("Back a little")),
                ("0", N_("Not moved")),
                ("1", N_("A step on")),
                ("2", N_("A big step on")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="load",
        wording=N_("How much is this for you at the moment?"),
        kind=QuestionKind.LIKERT,
        options=options((("fine", N_("Fine")), ("a_lot", N_("A lot")), ("too_much", N_("Too much")))),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="need",
        wording=N_("Do you need something?"),
        kind=QuestionKind.MULTI,
        options=options(
            (
                ("idea", N_("An idea what to do next")),
                ("resource", N_("Material or a link")),
                ("talk", N_("A talk with the staff")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="concern",
        wording=N_("Are you worried about your mentee?"),
        hint=N_("Talk with your mentee first where you can. If somebody may be in danger, say that somebody must act."),
        kind=QuestionKind.SINGLE,
        options=options(
            (
                ("none", N_("No")),
                ("support", N_("A little: some support would be good")),
                ("urgent", N_("Yes: somebody must act soon")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="mentee_knows",
        wording=N_("If you are worried: does your mentee know that you tell the staff?"),
        kind=QuestionKind.SINGLE,
        options=options(
            (
                ("yes", N_("Yes, and it is all right with them")),
                ("will", N_("I will tell them first: please wait for my word")),
                ("no", N_("No")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="helped",
        wording=N_("What helped?"),
        hint=N_("One sentence is enough."),
        kind=QuestionKind.TEXT,
        asked_of=MENTEES,
        maximum=300,
        seen_by=PARTNER_SEES,
    ),
    Question(
        key="next_step",
        wording=N_("What is one next step you want to take?"),
        hint=N_("One sentence is enough."),
        kind=QuestionKind.TEXT,
        asked_of=EVERYBODY,
        maximum=300,
        seen_by=PARTNER_SEES,
    ),
    IN_THE_WAY,
    FOR_STAFF,
)
