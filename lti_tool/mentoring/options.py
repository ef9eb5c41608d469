"""The lists people choose from in the questionnaire that every programme starts with.

A key is stored with each answer, so it stays when a label is reworded.
"""

from lti_tool.mentoring.questionnaire import PREFER_NOT_TO_SAY, Option
from lti_tool.mentoring.words import N_


def _options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(key=key, label=label) for key, label in pairs)


HELP_TOPICS = _options(
    ("getting_started", N_("Getting started here")),
    ("planning", N_("Planning my week")),
    ("study_methods", N_("Study methods")),
    ("reading", N_("Reading and note taking")),
    ("hard_topics", N_("This course’s hard topics")),
    ("writing", N_("Writing")),
    ("exams", N_("Exam preparation")),
    ("presentations", N_("Presentations")),
    ("group_work", N_("Group work")),
    ("campus_services", N_("Using campus services")),
    ("next_steps", N_("Choosing courses or next steps")),
    ("confidence", N_("Confidence and motivation")),
)

# Degrees from one statement to the other, the first of a pair of statements at "1" and the second at "5".
WAYS = {
    "planning": _options(
        ("1", N_("Plan ahead")),
        ("2", N_("Rather plan ahead")),
        ("3", N_("Plans and surprises alike")),
        ("4", N_("Rather see what comes")),
        ("5", N_("See what comes")),
    ),
    "feedback": _options(
        ("1", N_("Straight feedback")),
        ("2", N_("Rather straight feedback")),
        ("3", N_("Straight or gentle feedback, as it comes")),
        ("4", N_("Rather gentle feedback")),
        ("5", N_("Gentle feedback")),
    ),
    "talking": _options(
        ("1", N_("Talk it through")),
        ("2", N_("Rather talk it through")),
        ("3", N_("Talking and writing alike")),
        ("4", N_("Rather write it down")),
        ("5", N_("Write it down")),
    ),
    "focus": _options(
        ("1", N_("Stick to the task")),
        ("2", N_("Rather stick to the task")),
        ("3", N_("The task and small talk alike")),
        ("4", N_("Rather have time for small talk")),
        ("5", N_("Time for small talk")),
    ),
    "rhythm": _options(
        ("1", N_("Short and often")),
        ("2", N_("Rather short and often")),
        ("3", N_("Short or long, as it comes")),
        ("4", N_("Rather long and seldom")),
        ("5", N_("Long and seldom")),
    ),
}

STAGES = _options(
    ("first_term", N_("In my first term")),
    ("first_year", N_("In my first year")),
    ("second_year", N_("In my second year")),
    ("third_year", N_("In my third year")),
    ("later", N_("In a later year")),
    ("graduate", N_("In graduate studies")),
)

SITUATIONS = _options(
    ("first_in_family", N_("First in my family at university")),
    ("second_language", N_("Studying in a second language")),
    ("new_country", N_("New to this country")),
    ("caring", N_("Caring for someone")),
    ("working", N_("Working more than 15 hours a week")),
    ("returning", N_("Returning after a break")),
    ("commuting", N_("Commuting")),
    ("disability", N_("Studying with a disability or a long-term condition")),
    (PREFER_NOT_TO_SAY, N_("Prefer not to say")),
)

# What may matter most: each key is the beginning of the keys of the questions it doubles.
CRITERIA = _options(
    ("field", N_("The same field")),
    ("help_wanted", N_("Helps with what I need most")),
    ("situations", N_("Similar experiences")),
    ("interests", N_("Similar interests")),
    ("availability", N_("Times that fit")),
    ("way", N_("A similar way of working")),
    ("languages", N_("Language")),
    ("no_preference", N_("No preference")),
)

MEETING_MODES = _options(
    ("video", N_("Video call")),
    ("voice", N_("Voice call")),
    ("text", N_("Text chat or messages")),
    ("in_person", N_("In person")),
    ("shared_document", N_("A shared document")),
)

FREQUENCIES = _options(
    ("weekly", N_("Every week")),
    ("fortnightly", N_("Every two weeks")),
    ("monthly", N_("Once a month")),
    ("as_needed", N_("As needed")),
)

AIMS = _options(
    ("pass", N_("Passing comfortably")),
    ("top_result", N_("A top result")),
    ("career", N_("A career in the field")),
    ("further_study", N_("Further study")),
    ("finding_out", N_("Finding out whether this is for me")),
    ("balance", N_("Balance with work or family")),
    ("language", N_("Better English or another language")),
    ("people", N_("Meeting people")),
)

INTERESTS = _options(
    ("sport", N_("Playing sport")),
    ("watching_sport", N_("Watching sport")),
    ("running", N_("Running or cycling")),
    ("fitness", N_("Fitness or yoga")),
    ("hiking", N_("Hiking and the outdoors")),
    ("making_music", N_("Making music")),
    ("listening", N_("Listening to music")),
    ("dance", N_("Dance")),
    ("film", N_("Films and series")),
    ("theatre", N_("Theatre")),
    ("reading", N_("Reading")),
    ("writing", N_("Creative writing")),
    ("drawing", N_("Drawing and painting")),
    ("photography", N_("Photography")),
    ("crafts", N_("Crafts and making things")),
    ("cooking", N_("Cooking and baking")),
    ("gardening", N_("Plants and gardening")),
    ("animals", N_("Animals")),
    ("video_games", N_("Video games")),
    ("board_games", N_("Board and card games")),
    ("technology", N_("Technology and coding")),
    ("travel", N_("Travel")),
    ("languages", N_("Learning languages")),
    ("volunteering", N_("Volunteering and community")),
)

# Keys are ISO 639 codes.
LANGUAGES = _options(
    ("en", N_("English")),
    ("ar", N_("Arabic")),
    ("bn", N_("Bengali")),
    ("yue", N_("Chinese (Cantonese)")),
    ("cmn", N_("Chinese (Mandarin)")),
    ("nl", N_("Dutch")),
    ("fil", N_("Filipino")),
    ("fr", N_("French")),
    ("de", N_("German")),
    ("hi", N_("Hindi")),
    ("id", N_("Indonesian")),
    ("it", N_("Italian")),
    ("ja", N_("Japanese")),
    ("ko", N_("Korean")),
    ("fa", N_("Persian")),
    ("pl", N_("Polish")),
    ("pt", N_("Portuguese")),
    ("pa", N_("Punjabi")),
    ("ru", N_("Russian")),
    ("es", N_("Spanish")),
    ("sw", N_("Swahili")),
    ("ta", N_("Tamil")),
    ("tr", N_("Turkish")),
    ("uk", N_("Ukrainian")),
    ("ur", N_("Urdu")),
    ("vi", N_("Vietnamese")),
    ("ase", N_("American Sign Language")),
    ("bfi", N_("British Sign Language")),
)
