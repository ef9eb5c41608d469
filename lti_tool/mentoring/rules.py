"""What is said when somebody asks for something that the rules do not allow."""

from lti_tool.mentoring.words import Sentence


class RuleBroken(Exception):
    """A rule does not allow this; the sentence says why, in the reader's words."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence
