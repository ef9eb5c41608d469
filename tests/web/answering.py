"""Filling in the questionnaire as it is on the page, whatever it asks."""

from typing import Any

from bs4 import BeautifulSoup


def answers(page: BeautifulSoup, **given: Any) -> dict[str, Any]:
    """Valid answers to every question on the page; those given by name count more."""
    filled: dict[str, Any] = {}
    for box in page.select("input[type=checkbox]"):
        chosen = filled.setdefault(str(box["name"]), [])
        if len(chosen) < 3:
            chosen.append(str(box["value"]))
    for choice in page.select("input[type=radio]"):
        filled.setdefault(str(choice["name"]), str(choice["value"]))
    for number, field in enumerate(page.select("select")):
        offered = [str(one["value"]) for one in field.select("option") if one["value"]]
        filled[str(field["name"])] = offered[number % len(offered)]
    for field in page.select("input[type=number], input[inputmode=numeric]"):
        filled[str(field["name"])] = "2"
    return filled | given


def ticked(page: BeautifulSoup, name: str) -> list[str]:
    """What is ticked or chosen in a question."""
    boxes = [str(one["value"]) for one in page.select(f"input[name={name}][checked]")]
    chosen = [str(one["value"]) for one in page.select(f"select[name^={name}] option[selected]") if one["value"]]
    return boxes + chosen
