"""The quiz of a training, made from its files: topics in `training.toml`, questions in the folder `quiz`."""

from collections import Counter
from collections.abc import Mapping

from lti_tool.mentoring.quiz import Quiz, QuizOption, QuizQuestion, Topic
from lti_tool.mentoring.sources import LETTERS, Source, Table, each, twice, version_of


def parse_quiz(
    training: Table, folder: str, files: Mapping[str, Source], language: str, problems: list[str]
) -> Quiz | None:
    """Return the quiz whose topics the training's table names; None where it names none."""
    topics = tuple(_topic(one) for one in training.tables("topics", optional=True))
    questions = tuple(one for several in each(files, f"{folder}quiz/", _questions, problems) for one in several)
    pass_percent = training.whole("pass_percent", 1, 100) if topics else 100
    problems += twice(f"{folder}training.toml", (f"topic {one.key}" for one in topics))
    problems += twice(f"{folder}quiz/", (f"question {one.key}" for one in questions))
    problems += _unbalanced(folder, topics, questions)
    if not topics or not questions:
        return None
    return Quiz(
        topics=topics,
        questions=questions,
        pass_percent=pass_percent,
        language=language,
        version=version_of(repr(topics), repr(questions), str(pass_percent)),
    )


def _unbalanced(folder: str, topics: tuple[Topic, ...], questions: tuple[QuizQuestion, ...]) -> list[str]:
    there = Counter(one.topic for one in questions)
    unknown = sorted(set(there) - {topic.key for topic in topics})
    return [f"{folder}quiz/: the topic {key!r} is not named in training.toml" for key in unknown] + [
        f"{folder}quiz/: topic {topic.key} asks {topic.drawn} questions, and there are {there[topic.key]}"
        for topic in topics
        if there[topic.key] < topic.drawn
    ]


def _topic(table: Table) -> Topic:
    topic = Topic(
        key=table.text("key"),
        title=table.text("title"),
        drawn=table.whole("drawn", 1, 100),
        must_be_all_right=table.flag("must_be_all_right"),
        see=table.text("see"),
    )
    table.close()
    return topic


def _questions(path: str, _key: str, source: Source, problems: list[str]) -> tuple[QuizQuestion, ...]:
    table = Table.read(path, source.text, problems)
    topic = table.text("topic")
    questions = tuple(_question(topic, one, source.language) for one in table.tables("questions"))
    table.close()
    return questions


def _question(topic: str, table: Table, language: str) -> QuizQuestion:
    answers = table.tables("answers")
    right = [letter for letter, one in zip(LETTERS, answers, strict=False) if one.flag("right")]
    if not 3 <= len(answers) <= 4:
        table.wrong("needs three or four answers")
    if len(right) != 1:
        table.wrong("needs exactly one answer with `right = true`")
    question = QuizQuestion(
        key=table.text("key"),
        topic=topic,
        wording=table.text("wording"),
        options=tuple(_option(letter, one) for letter, one in zip(LETTERS, answers, strict=False)),
        right=right[0] if right else "",
        see=table.text("see"),
        language=language,
    )
    table.close()
    return question


def _option(letter: str, table: Table) -> QuizOption:
    option = QuizOption(key=letter, text=table.text("text"), explanation=table.text("explanation"))
    table.close()
    return option
