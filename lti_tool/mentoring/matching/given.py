"""Reading what somebody wrote into a file: every value is checked, and what is wrong is named by its place."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

_Read = TypeVar("_Read")


class InputWrong(ValueError):
    """Something in the input cannot be; the message names the place."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)


def an_object(value: Any, place: str) -> Mapping[str, Any]:
    """Return an object.

    Raises: InputWrong when it is none.
    """
    if not isinstance(value, dict):
        raise InputWrong(place, f"an object is expected, not {shown(value)}")
    return value


def only_keys(value: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    """Refuse keys that mean nothing, so that a mistyped one is not passed over.

    Raises: InputWrong.
    """
    for key in value:
        if key not in known:
            raise InputWrong(f"{place}.{key}" if place else key, f"not known here; known are {', '.join(known)}")


def a_list(value: Any, place: str, length: int | None = None, of: str = "entries") -> list[Any]:
    """Return a list, of that length where one is given.

    Raises: InputWrong.
    """
    if not isinstance(value, list):
        raise InputWrong(place, f"a list is expected, not {shown(value)}")
    if length is not None and len(value) != length:
        raise InputWrong(place, f"{length} {of} are expected, not {len(value)}")
    return value


def a_whole_number(value: Any, place: str, least: int | None = None, most: int | None = None) -> int:
    """Return a whole number within limits.

    Raises: InputWrong.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputWrong(place, f"a whole number is expected, not {shown(value)}")
    if least is not None and value < least:
        raise InputWrong(place, f"{value} is less than {least}")
    if most is not None and value > most:
        raise InputWrong(place, f"{value} is more than {most}")
    return value


def a_number(value: Any, place: str) -> float:
    """Return a finite number.

    Raises: InputWrong.
    """
    if not isinstance(value, (int, float)) or isinstance(value, (bool, NotANumber)):
        raise InputWrong(place, f"a number is expected, not {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if number - number != 0:
        raise InputWrong(place, "the number is too large")
    return number


def a_text(value: Any, place: str) -> str:
    """Return a text.

    Raises: InputWrong.
    """
    if not isinstance(value, str):
        raise InputWrong(place, f"a text is expected, not {shown(value)}")
    return value


def each(values: Sequence[Any], place: str, read: Callable[[Any, str], _Read]) -> list[_Read]:
    """Return every entry of a list, read."""
    return [read(value, f"{place}[{number}]") for number, value in enumerate(values)]


class NotANumber(float):
    """NaN or infinity, as JSON that is not quite JSON writes them."""

    def __new__(cls, text: str) -> "NotANumber":
        """Return the constant as a number that is known to be none."""
        return super().__new__(cls, text.replace("Infinity", "inf"))


def shown(value: Any) -> str:
    """Return how a value stands in the file, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."
