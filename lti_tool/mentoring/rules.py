"""What is said when somebody asks for something that the rules do not allow."""

from typing import Any

from lti_tool.mentoring.words import Sentence


class ChangedMeanwhile(Exception):
    """Somebody else changed this first; nothing was saved, so that both versions can be shown.

    Shape: `current` is what stands there now, with its version.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("changed meanwhile")
        self.current = current


class RuleBroken(Exception):
    """A rule does not allow this; the sentence says why, in the reader's words."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence
