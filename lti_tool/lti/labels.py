"""The tool's name and what it is for in other languages, for an LMS's own menus and lists.

Only these two are translated here: an LMS asks for them at registration, all languages at once. The pages themselves
come from the one catalogue.
Source: OpenID Connect Registration 1.0, section 2.1 (members by language, `label#de`, tags of BCP 47).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands in an LMS's menu, and the sentence beside it."""

    name: str
    description: str


LABELS: Mapping[str, Label] = {
    "ar": Label(
        name="الإرشاد بين الأقران",
        description="إرشاد بين الطلاب داخل المقرر: الانضمام، وتكوين الثنائيات المناسبة، ومساندتها، واحتساب المشاركة.",
    ),
    "de": Label(
        name="Peer-Mentoring",
        description="Mentoring unter Studierenden im Kurs: mitmachen, passende Paare finden, begleiten, Teilnahme "
        "anrechnen.",
    ),
    "es": Label(
        name="Mentoría entre pares",
        description="Mentoría entre estudiantes en el curso: inscribirse, formar parejas, acompañarlas y reconocer "
        "la participación.",
    ),
    "fr": Label(
        name="Mentorat entre pairs",
        description="Le mentorat entre étudiants au sein du cours : s’inscrire, former des binômes, les accompagner et "
        "valoriser la participation.",
    ),
    "he": Label(
        name="חונכות עמיתים",
        description="חונכות בין סטודנטים בתוך הקורס: הצטרפות, התאמת זוגות, ליווי והכרה בהשתתפות.",
    ),
    "it": Label(
        name="Mentoring tra pari",
        description="Mentoring tra studenti all’interno del corso: iscriversi, formare le coppie, accompagnarle e "
        "riconoscere la partecipazione.",
    ),
    "ja": Label(
        name="ピアメンタリング",
        description="コース内の学生同士のメンタリング：参加、ペアの組み合わせ、活動の支援、参加状況の記録。",
    ),
    "nl": Label(
        name="Peermentoring",
        description="Mentoring tussen studenten binnen de cursus: meedoen, passende duo’s vormen, begeleiden en "
        "deelname waarderen.",
    ),
    "pt": Label(
        name="Mentoria entre pares",
        description="Mentoria entre estudantes dentro do curso: inscrever-se, formar pares, acompanhá-los e reconhecer "
        "a participação.",
    ),
    "zh": Label(
        name="同伴辅导",
        description="课程内的同学互助辅导：加入、匹配搭档、提供支持并记录参与情况。",
    ),
}
NAMES: Mapping[str, str] = {language: label.name for language, label in LABELS.items()}
DESCRIPTIONS: Mapping[str, str] = {language: label.description for language, label in LABELS.items()}
