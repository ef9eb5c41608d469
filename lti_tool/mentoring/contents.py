"""Contents: the texts of training, guides and documents, made from files that an institution's staff can edit.

    training/mentor/training.toml          a training and the topics of its quiz; another folder is another training
    training/mentor/tr1/module.toml        a module; modules come in the order of their folders' names
    training/mentor/tr1/10-title.md        a page: `# Title`, then Markdown; its key is the name after the number
    training/mentor/tr1/40-sc1.toml        a scenario
    training/mentor/quiz/10-role.toml      questions of the quiz
    guides/10-first-meeting.toml           a conversation guide
    documents/help.md                      a document: edition and date between lines of `+++`, then a page

Texts in, values out; everything that is wrong is named at once, with file and place. A link inside the texts is written
`see:PLACE`, and PLACE is `tr1` (a module), `tr1/title` (a step), `guides/first-meeting` or `documents/help`.
`docs/contents.md` explains the files to those who write them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lti_tool.mentoring.enrolment import Editions
from lti_tool.mentoring.guides import Document, Guide
from lti_tool.mentoring.quiz_texts import parse_quiz
from lti_tool.mentoring.sources import (
    LETTERS,
    MISSING,
    Source,
    Table,
    each,
    in_folder,
    key_of,
    naturally,
    twice,
    version_of,
)
from lti_tool.mentoring.training import Module, Page, Place, Reply, ReplyKind, Scenario, Step, Training

_TITLE = re.compile(r"\A\s*# +(?P<title>\S.*?) *\n")
_LINK = re.compile(r"\]\(see:([^)\s]*)\)")
_FRONT = re.compile(r"^\+\+\+ *$", re.MULTILINE)
_HOMES = re.compile(
    r"training/[a-z0-9-]+/training\.toml|training/[a-z0-9-]+/[a-z0-9-]+/[^/]+|guides/[^/]+\.toml|documents/[^/]+\.md"
)


CODE_OF_CONDUCT, CONSENT = "code-of-conduct", "consent"  # the documents that people agree to
_WHOLE = re.compile(r"[1-9][0-9]{0,5}")


class ContentsWrong(Exception):
    """The texts have faults; each is named with its file."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("The texts have faults:\n" + "\n".join(f"  - {line}" for line in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All texts in one language, with English where a translation lacks something."""

    language: str
    trainings: Mapping[str, Training]
    guides: tuple[Guide, ...]
    documents: Mapping[str, Document]

    @property
    def editions(self) -> Editions:
        """The editions of what people agree to."""
        consent, conduct = self.documents[CONSENT], self.documents[CODE_OF_CONDUCT]
        return Editions(consent=int(consent.edition), conduct=int(conduct.edition))

    def guide(self, key: str) -> Guide | None:
        """The guide of that key; None where there is none."""
        return next((one for one in self.guides if one.key == key), None)

    def places(self) -> Iterator[Place]:
        """Everything a link inside the texts may lead to."""
        for training in self.trainings.values():
            yield from (Place(module.key) for module in training.modules)
            yield from (place for place, _step in training.steps())
        yield from (Place(f"guides/{one.key}") for one in self.guides)
        yield from (Place(f"documents/{key}") for key in self.documents)


def parse_contents(language: str, files: Mapping[str, Source]) -> Contents:
    """Make one language's contents from its files, by path.

    Raises: ContentsWrong, naming every fault.
    """
    problems = [f"{path}: nothing reads a file of this name here" for path in files if not _has_a_home(path)]
    guides = each(files, "guides/", _guide, problems)
    documents = each(files, "documents/", _document, problems)
    trainings = sorted({path.split("/")[1] for path in files if path.startswith("training/")})
    contents = Contents(
        language=language,
        trainings={key: _training(key, files, problems) for key in trainings},
        guides=tuple(guides),
        documents={one.key: one for one in documents},
    )
    problems += twice("guides/", (one.key for one in guides))
    problems += twice("documents/", (one.key for one in documents))
    modules = (module for training in contents.trainings.values() for module in training.modules)
    problems += twice("training/", (f"module {module.key}" for module in modules))
    if not problems:  # else a file that could not be read would look like a broken link
        problems += _broken_links(contents, files)
    if problems:
        raise ContentsWrong(problems)
    return contents


def _has_a_home(path: str) -> bool:
    return _HOMES.fullmatch(path) is not None and key_of(path) is not None


def _training(key: str, files: Mapping[str, Source], problems: list[str]) -> Training:
    folder = f"training/{key}/"
    path = f"{folder}training.toml"
    source = files.get(path, MISSING)
    table = Table.read(path, source.text, problems)
    inside = [path for path in files if path.startswith(folder)]
    names = naturally({path.split("/")[2] for path in inside if path.count("/") > 2} - {"quiz"})
    modules = tuple(_module(name, f"{folder}{name}/", files, problems) for name in names)
    training = Training(
        key=key,
        title=table.text("title"),
        summary=table.text("summary"),
        modules=modules,
        quiz=parse_quiz(table, folder, files, source.language, problems),
        application=_application(table, modules),
        language=source.language,
        version=version_of(*(f"{path} {files[path].version}" for path in sorted(inside))),
    )
    table.close()
    return training


def _application(table: Table, modules: tuple[Module, ...]) -> tuple[Scenario, ...]:
    steps = {f"{module.key}/{step.key}": step for module in modules for step in module.steps}
    named = {place: steps.get(place) for place in table.texts("application", optional=True)}
    for place, step in named.items():
        if not isinstance(step, Scenario):
            table.wrong(f"application names {place}, which is not a scenario of this training")
    return tuple(step for step in named.values() if isinstance(step, Scenario))


def _module(key: str, folder: str, files: Mapping[str, Source], problems: list[str]) -> Module:
    path = f"{folder}module.toml"
    source = files.get(path, MISSING)
    table = Table.read(path, source.text, problems)
    pages = {name: files[name] for name in in_folder(files, folder) if name != path}
    steps = tuple(each(pages, folder, _step, problems))
    problems += twice(folder, (step.key for step in steps))
    if not steps:
        problems.append(f"{folder}: has no pages")
    module = Module(
        key=key, title=table.text("title"), summary=table.text("summary"), steps=steps, language=source.language
    )
    table.close()
    return module


def _step(path: str, key: str, source: Source, problems: list[str]) -> Step:
    if path.endswith(".toml"):
        return _scenario(path, key, source, problems)
    title, body = _titled(path, source.text, problems)
    return Page(key=key, title=title, body=body, language=source.language, version=source.version)


def _titled(path: str, text: str, problems: list[str]) -> tuple[str, str]:
    """The title of a page and what stands below it."""
    found = _TITLE.match(text + "\n")
    body = text[found.end() :].strip() if found else ""
    if not found:
        problems.append(f"{path}: the first line must be the title, written as `# Title`")
    elif not body:
        problems.append(f"{path}: has nothing below the title")
    return (found["title"] if found else ""), body


def _scenario(path: str, key: str, source: Source, problems: list[str]) -> Scenario:
    table = Table.read(path, source.text, problems)
    replies = tuple(_reply(letter, one) for letter, one in zip(LETTERS, table.tables("replies"), strict=False))
    if sorted(one.kind for one in replies) != sorted(ReplyKind):
        table.wrong("needs three replies: one good, one well_meant, one poor")
    scenario = Scenario(
        key=key,
        title=table.text("title"),
        situation=table.text("situation"),
        replies=replies,
        wording=table.text("wording"),
        what_if=table.text("what_if"),
        what_then=table.text("what_then"),
        see=Place(table.text("see")),
        language=source.language,
        version=source.version,
    )
    table.close()
    return scenario


def _reply(letter: str, table: Table) -> Reply:
    kind = ReplyKind(table.one_of("kind", [one.value for one in ReplyKind]))
    reply = Reply(key=letter, kind=kind, text=table.text("text"), consequence=table.text("consequence"))
    table.close()
    return reply


def _guide(path: str, key: str, source: Source, problems: list[str]) -> Guide:
    table = Table.read(path, source.text, problems)
    guide = Guide(
        key=key,
        title=table.text("title"),
        purpose=table.text("purpose"),
        openers=table.texts("openers"),
        questions=table.texts("questions"),
        listen_for=table.text("listen_for"),
        say_back=table.text("say_back"),
        close=table.text("close"),
        text_version=table.text("text_version"),
        boundary=table.text("boundary", optional=True),
        language=source.language,
        version=source.version,
    )
    table.close()
    return guide


def _document(path: str, key: str, source: Source, problems: list[str]) -> Document:
    parts = _FRONT.split(source.text, maxsplit=2)
    if len(parts) != 3 or parts[0].strip():
        problems.append(f"{path}: must begin with edition and dated_on between two lines of +++")
        parts = ["", 'edition = "0"\ndated_on = 2000-01-01', source.text]
    table = Table.read(path, parts[1], problems)
    title, body = _titled(path, parts[2], problems)
    edition = table.text("edition")
    if key in {CODE_OF_CONDUCT, CONSENT} and not _WHOLE.fullmatch(edition):
        table.wrong(f"people agree to this text, so its edition must be a whole number such as 2, not {edition!r}")
    document = Document(
        key=key,
        title=title,
        body=body,
        edition=edition,
        dated_on=table.day("dated_on"),
        language=source.language,
        version=source.version,
    )
    table.close()
    return document


def _broken_links(contents: Contents, files: Mapping[str, Source]) -> Iterator[str]:
    known = set(contents.places())
    for path, source in sorted(files.items()):
        for place in _LINK.findall(source.text):
            if place not in known:
                yield f"{path}: the link see:{place} leads nowhere"
    for where, place in _references(contents):
        if place not in known:
            yield f"{where}: see = {place!r} leads nowhere"


def _references(contents: Contents) -> Iterator[tuple[str, str]]:
    """Where scenarios, questions and topics send people, each with a name for the fault."""
    for training in contents.trainings.values():
        for place, step in training.steps():
            if isinstance(step, Scenario):
                yield f"training/{training.key}/{place}", step.see
        if training.quiz:
            yield from ((f"training/{training.key}/quiz: {one.key}", one.see) for one in training.quiz.questions)
            yield from ((f"training/{training.key}/training.toml: {one.key}", one.see) for one in training.quiz.topics)
