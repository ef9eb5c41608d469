"""The invented people and courses of Northfield College; each id is derived from a name, so every start is alike."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

_NORTHFIELD = uuid.uuid5(uuid.NAMESPACE_URL, "https://northfield.example/")
SECTIONS = ("Section A", "Section B")
NORTHFIELD, SOUTHFIELD = "northfield", "southfield"
TENANT_NAMES = {NORTHFIELD: "Northfield College", SOUTHFIELD: "Southfield College"}


class Role(StrEnum):
    """What a person is in one course; an administrator is in none."""

    TEACHER = "teacher"
    ASSISTANT = "teaching assistant"
    STUDENT = "student"
    OBSERVER = "observer"
    TEST_STUDENT = "test student"
    ADMINISTRATOR = "LMS administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some students of a course, made by the teacher in the LMS; every course has the same ones."""

    id: str
    name: str


GROUP_SET = Group(id="70", name="Lab groups")
GROUPS = tuple(Group(id=str(71 + number), name=f"Lab group {number + 1}") for number in range(4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in."""

    key: str
    given: str
    family: str
    locale: str = "en-GB"
    zone: str = "Europe/London"
    institution_role: str = "Student"
    sub: str = ""

    def __post_init__(self) -> None:
        if not self.sub:
            object.__setattr__(self, "sub", opaque_id("person", self.key))

    @property
    def name(self) -> str:
        """Answer the name as people read it."""
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """Answer an address under a domain that can never exist."""
        return f"{self.key}@northfield.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course offering; `context_id` is its opaque id for tools, `history` the ids of the courses it comes from."""

    key: str
    label: str
    title: str
    tenant: str = NORTHFIELD
    context_id: str = ""
    history: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.context_id:
            object.__setattr__(self, "context_id", opaque_id("course", self.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A person's place in a course."""

    number: int
    person: Person
    role: Role
    sections: tuple[str, ...] = ()
    observes: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """Answer the groups that a student is in: one for the lab, a few students each."""
        return (GROUPS[self.number % len(GROUPS)],) if self.role is Role.STUDENT else ()

    @property
    def section_ids(self) -> str:
        """Answer the ids of the person's sections, comma-separated as Canvas sends them."""
        return ",".join(section.lower().replace(" ", "-") for section in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class College:
    """Everybody and everything that exists before a tool arrives."""

    people: Mapping[str, Person]
    courses: Mapping[str, Course]
    seats: Mapping[str, tuple[Seat, ...]]
    administrators: Mapping[str, Person]

    @property
    def administrator(self) -> Person:
        """Answer the administrator of the first institution."""
        return self.administrators[NORTHFIELD]


def opaque_id(kind: str, key: str) -> str:
    """Answer an id that is stable between starts and says nothing about its owner."""
    return str(uuid.uuid5(_NORTHFIELD, f"{kind}/{key}"))


# key | given | family | locale | time zone
_STUDENTS = """
bob-birchwood|Bob|Birchwood|en-GB|Europe/London
dana-dewdrop|Dana|Dewdrop|en-US|America/New_York
zoe-angstrom|Zoë|Ångström & Søn|da|Europe/Copenhagen
finn-ofable|Finn|O'Fable|en-IE|Europe/Dublin
layla-qamar|ليلى|القمرية|ar|Africa/Cairo
nandu-pena|Ñandú|Peña-Sueño|es|Europe/Madrid
lucja-zdzblo|Łucja|Źdźbło|pl|Europe/Warsaw
ipek-dussel|İpek|Düşsel|tr|Europe/Istanbul
nefeli-fantasia|Νεφέλη|Φαντασία|el|Europe/Athens
mo-mong|Mơ|Nguyễn Mộng|vi|Asia/Ho_Chi_Minh
aoife-sceal|Aoife|Ní Scéal|ga|Europe/Dublin
ida-heart|Ida|Heart <3|en-GB|Europe/London
hugo-hypothetical|Hugo|Hypothetical|en-GB|Europe/London
ines-inkwell|Ines|Inkwell|pt|Europe/Lisbon
jonas-juniper|Jonas|Juniper|de|Europe/Berlin
kira-kaleidoscope|Kira|Kaleidoscope|de|Europe/Vienna
leo-lanternfish|Leo|Lanternfish|en-GB|Europe/London
mabel-marigold|Mabel|Marigold|en-GB|Europe/London
nils-nightjar|Nils|Nightjar|sv|Europe/Stockholm
olive-oddsocks|Olive|Oddsocks|en-GB|Europe/London
pippa-paperclip|Pippa|Paperclip|en-GB|Europe/London
quinn-quillfeather|Quinn|Quillfeather|en-US|America/Chicago
rosa-raincloud|Rosa|Raincloud|it|Europe/Rome
sven-snowglobe|Sven|Snowglobe|sv|Europe/Stockholm
tilda-teacup|Tilda|Teacup|en-GB|Europe/London
umar-umbrella|Umar|Umbrella|en-GB|Europe/London
vera-vellum|Vera|Vellum|nl|Europe/Amsterdam
wren-windmill|Wren|Windmill|nl|Europe/Amsterdam
xavi-xylophone|Xavi|Xylophone|ca|Europe/Madrid
yuki-yarnball|Yuki|Yarnball|ja|Asia/Tokyo
zane-zeppelin|Zane|Zeppelin|en-US|America/Los_Angeles
anouk-applecore|Anouk|Applecore|fr|Europe/Paris
bruno-breadcrumb|Bruno|Breadcrumb|fr|Europe/Paris
clea-cloudberry|Clea|Cloudberry|fi|Europe/Helsinki
dmitri-doodlebug|Dmitri|Doodlebug|en-GB|Europe/London
elif-echo|Elif|Echo|tr|Europe/Istanbul
felix-featherstone|Felix|Featherstone-Featherington-Fairweather|en-GB|Europe/London
gwen-gingham|Gwen|Gingham|cy|Europe/London
kwame-kitestring|Kwame|Kitestring|en-GB|Africa/Accra
priya-pinecone|Priya|Pinecone|en-IN|Asia/Kolkata
"""
_CHEMISTS = """
charlie-chalk|Charlie|Chalk|en-GB|Europe/London
basil-beaker|Basil|Beaker|en-GB|Europe/London
petra-pipette|Petra|Pipette|de|Europe/Berlin
tamsin-testtube|Tamsin|Testtube|en-GB|Europe/London
"""
_HISTORIANS = """
arlo-archive|Arlo|Archive|en-GB|Europe/London
bea-bygone|Bea|Bygone|en-GB|Europe/London
cosmo-chronicle|Cosmo|Chronicle|en-GB|Europe/London
"""


def invent(
    students: int, *, subject_form: str = "{id}", numeric_ids: bool = False, two_tenants: bool = False
) -> College:
    """Answer the college with this many students in its first course, and a second college beside it if asked.

    Shape: `subject_form` makes a person's id of `{id}`, the opaque one, or `{number}`.
    """
    form = "{number}" if numeric_ids else subject_form
    made = (_northfield(students), *([_southfield()] if two_tenants else []))
    people = [person for one in made for person in one.people.values()]
    known = {
        person.key: replace(person, sub=form.format(id=person.sub, number=number + 3))
        for number, person in enumerate(people)
    }
    courses = [course for one in made for course in one.courses.values()]
    subs = {person.sub: known[person.key].sub for person in people}
    return College(
        people=known,
        courses={
            course.key: replace(course, context_id=str(number + 2)) if numeric_ids else course
            for number, course in enumerate(courses)
        },
        seats={
            key: tuple(
                replace(seat, person=known[seat.person.key], observes=tuple(subs[sub] for sub in seat.observes))
                for seat in seats
            )
            for one in made
            for key, seats in one.seats.items()
        },
        administrators={key: known[person.key] for one in made for key, person in one.administrators.items()},
    )


def _northfield(students: int) -> College:
    biologists = list(_students(students))
    chemists = [_person(line) for line in _CHEMISTS.split("\n") if line]
    teacher = Person(key="alice-ashford", given="Alice", family="Ashford", institution_role="Instructor")
    chemist = Person(key="quentin-quicklime", given="Quentin", family="Quicklime", institution_role="Instructor")
    assistant = Person(key="theo-thimble", given="Theo", family="Thimble")
    parent = Person(key="olga-overlook", given="Olga", family="Overlook", institution_role="Observer")
    tester = Person(key="test-student", given="Test", family="Student")
    administrator = Person(key="iris-ironwood", given="Iris", family="Ironwood", institution_role="Administrator")
    first = [(teacher, Role.TEACHER), (assistant, Role.ASSISTANT), *((p, Role.STUDENT) for p in biologists)]
    first += [(parent, Role.OBSERVER), (tester, Role.TEST_STUDENT)]
    second = [(chemist, Role.TEACHER), *((p, Role.STUDENT) for p in [*chemists, *biologists[:1]])]
    observed = tuple(p.sub for p in biologists[1:2])
    everybody = [teacher, assistant, chemist, administrator, parent, tester, *biologists, *chemists]
    return College(
        people={person.key: person for person in everybody},
        courses={
            "biology-101": Course(key="biology-101", label="BIO 101", title="Biology 101"),
            "chemistry-101": Course(key="chemistry-101", label="CHEM 101", title="Chemistry 101"),
        },
        seats={"biology-101": _seats(first, observed), "chemistry-101": _seats(second, ())},
        administrators={NORTHFIELD: administrator},
    )


def _southfield() -> College:
    """Answer another institution on the same servers: its people and its course meet nobody of Northfield."""
    historians = [_person(line) for line in _HISTORIANS.split("\n") if line]
    teacher = Person(key="hattie-hornbeam", given="Hattie", family="Hornbeam", institution_role="Instructor")
    administrator = Person(key="saul-sandstone", given="Saul", family="Sandstone", institution_role="Administrator")
    course = Course(key="history-101", label="HIS 101", title="History 101", tenant=SOUTHFIELD)
    places = [(teacher, Role.TEACHER), *((person, Role.STUDENT) for person in historians)]
    return College(
        people={person.key: person for person in [teacher, administrator, *historians]},
        courses={course.key: course},
        seats={course.key: _seats(places, ())},
        administrators={SOUTHFIELD: administrator},
    )


def _person(line: str) -> Person:
    key, given, family, locale, zone = line.split("|")
    return Person(key=key, given=given, family=family, locale=locale, zone=zone)


def _students(count: int) -> Iterator[Person]:
    named = [_person(line) for line in _STUDENTS.split("\n") if line]
    yield from named[:count]
    for number in range(len(named) + 1, count + 1):
        given, family = named[number % 12 + 12].given, named[number % 7 + 24].family
        yield Person(key=f"student-{number}", given=given, family=f"{family} {number}")


def _seats(places: list[tuple[Person, Role]], observed: tuple[str, ...]) -> tuple[Seat, ...]:
    return tuple(
        Seat(
            number=number,
            person=person,
            role=role,
            sections=(SECTIONS[number % 2],) if role is Role.STUDENT else SECTIONS,
            observes=observed if role is Role.OBSERVER else (),
        )
        for number, (person, role) in enumerate(places)
    )
