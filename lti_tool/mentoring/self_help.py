"""What two people can try themselves when something between them is not working: a short script for each topic.

Every script is the same three things: a look at oneself, words to begin with, and what to agree on.
Source: product section 7.6; the wording is our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.mentoring.cases import Topic
from lti_tool.mentoring.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What to try, in the order to try it."""

    title: str
    looks: tuple[str, ...]  # before writing anything
    words: tuple[str, ...]  # to begin with
    agree_on: tuple[str, ...]


SCRIPTS: Mapping[Topic, Script] = {
    Topic.TIMES: Script(
        title=N_("We cannot find times, or one of us does not answer"),
        looks=(
            N_("When did each of you last write, and was there a question in it that could be answered in one line?"),
            N_("Is it an exam week, a holiday, or night where your partner is?"),
        ),
        words=(
            N_("“I know that weeks are full. Which suits you better, Tuesday at 17:00 or Thursday at 12:00?”"),
            N_("“If now is a bad time, just say so. Shall we go on in two weeks?”"),
        ),
        agree_on=(
            N_("One fixed time, even a short one, rather than finding a new one every week."),
            N_("How soon you answer each other, and by which way."),
            N_("What you do when one of you cannot come: say so the day before, and name the next time at once."),
        ),
    ),
    Topic.EXPECTATIONS: Script(
        title=N_("We expect different things of each other"),
        looks=(
            N_("What did you hope for when you joined? Have you ever said it aloud?"),
            N_("What do you think your partner hoped for? How do you know?"),
        ),
        words=(
            N_("“I would like to look again at what we want from this. For me, the most useful thing would be …”"),
            N_("“What has helped you so far, and what has not?”"),
        ),
        agree_on=(
            N_("One thing each of you would like to have by the end of the programme."),
            N_("What is not part of it: doing each other’s work, being there day and night."),
            N_("Who brings the topics, and who writes down what was agreed."),
        ),
    ),
    Topic.TONE: Script(
        title=N_("The way we talk to each other is not good"),
        looks=(
            N_("Writing sounds harder than it is meant. Read it again the next day, aloud and in a kind voice."),
            N_("What exactly was said or done? Keep to that, and leave out what it says about the person."),
        ),
        words=(
            N_("“When you wrote … I felt put down. I do not think you meant it so. What did you mean?”"),
            N_("“I may have sounded short last time. I am sorry. How was it for you?”"),
        ),
        agree_on=(
            N_("To talk rather than write about whatever is difficult."),
            N_("A word that either of you can say when it gets too much, and then you stop for the day."),
        ),
    ),
    Topic.BOUNDARIES: Script(
        title=N_("It is becoming too personal, too much or too close"),
        looks=(
            N_("You never have to explain why you do not want something. “I would rather not” is enough."),
            N_("If somebody threatens, insults or touches you against your will, do not try this. Report it."),
        ),
        words=(
            N_("“I would like us to keep to the course and how we study.”"),
            N_("“I am glad that you told me. I am not the right person for that. Let us find one who is.”"),
        ),
        agree_on=(
            N_("Which ways and which hours are all right for messages."),
            N_("What stays between the two of you, and what you take to somebody else."),
        ),
    ),
    Topic.LOAD: Script(
        title=N_("It is too much for me"),
        looks=(
            N_("Which part is too much: the meetings, the messages, or what the other person is going through?"),
            N_("A pause of a week or two is nothing bad. Your points wait for you."),
        ),
        words=(
            N_("“I have taken on more than I can do just now. Can we meet every other week until the exams?”"),
            N_("“I want to do this well, so I need a pause of two weeks. I will write to you on …”"),
        ),
        agree_on=(
            N_("What you leave out for now, and until when."),
            N_("If you mentor several people: with whom you go on, and whom the staff may find somebody else for."),
        ),
    ),
    Topic.OTHER: Script(
        title=N_("Something else"),
        looks=(
            N_("Say it in one sentence that starts with “I”. If that is hard, write it down first."),
            N_("What would be different in two weeks if it got better?"),
        ),
        words=(
            N_("“Something has been on my mind, and I would rather say it than let it grow. Do you have ten minutes?”"),
            N_("“What would you like to be different?”"),
        ),
        agree_on=(N_("One small thing that each of you changes, and a day on which you look at it again."),),
    ),
}
