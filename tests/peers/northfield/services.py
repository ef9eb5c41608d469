"""The package's services over the LMS's course and gradebook."""

# mypy: disable-error-code="import-untyped, misc"
# The package has no types, so that its classes are Any.

from itertools import count
from typing import Any

from flask import request as web_request
from lti1p3platform.exceptions import LineItemNotFoundException
from lti1p3platform.membership import Context
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService

from tests.peers.northfield.launch import Platform, Received
from tests.peers.northfield.lms import CONTEXT, PEOPLE, Northfield

MOST_ON_A_PAGE = 2  # members; smaller than the course, so that the roster has pages


class Members(NamesRoleProvisioningService):
    """The package's Names and Roles over the course."""

    def __init__(self, lms: Northfield, platform: Platform) -> None:
        super().__init__(Received(web_request), platform, lms.memberships_url)
        self._lms = lms

    def get_context_by_id(self) -> Context:
        """The only course."""
        return CONTEXT

    def get_member_data_page(self, page: int = 1, limit: int | None = None, **_filters: Any) -> dict[str, Any]:
        """One page, never larger than this LMS likes."""
        size = min(limit or MOST_ON_A_PAGE, MOST_ON_A_PAGE)
        everybody = [
            {"user_id": key, "roles": [one.role], "status": one.status, "name": one.name} for key, one in PEOPLE.items()
        ]
        self._lms.roster_pages += 1
        return {"content": everybody[(page - 1) * size : page * size], "has_next": page * size < len(everybody)}


class Grades(AssignmentsGradesService):
    """The package's Assignment and Grade Services over a gradebook in memory."""

    _numbers = count(1)

    def __init__(self, lms: Northfield, platform: Platform) -> None:
        super().__init__(Received(web_request), platform, lms.line_items_url)
        self._lms = lms

    def find_lineitems(self, **filters: Any) -> dict[str, Any]:
        """The columns that pass the filters; all on one page."""
        wanted = {
            name: filters[query] for query, name in (("resource_id", "resourceId"), ("tag", "tag")) if query in filters
        }
        found = [one for one in self._lms.line_items.values() if wanted.items() <= one.items()]
        return {"content": found, "has_next": False}

    def find_lineitem(self, line_item_id: str) -> dict[str, Any]:
        """One column."""
        if line_item_id not in self._lms.line_items:
            raise LineItemNotFoundException
        return self._lms.line_items[line_item_id]

    def create_lineitem(self, creation_data: dict[str, Any]) -> dict[str, Any]:
        """A new column."""
        key = str(next(self._numbers))
        self._lms.line_items[key] = creation_data | {"id": f"{self._lms.line_items_url}/{key}"}
        return self._lms.line_items[key]

    def update_lineitem(self, _update_data: dict[str, Any]) -> dict[str, Any]:
        """Nobody may change a column here."""
        raise LineItemNotFoundException

    def delete_lineitem(self, _line_item_id: str) -> None:
        """Nobody may delete a column here."""
        raise LineItemNotFoundException

    def update_score(self, line_item_id: str, score: dict[str, Any]) -> UpdateScoreStatus:
        """Take a score unless a newer one of this person is there."""
        self.find_lineitem(line_item_id)
        known = self._latest(line_item_id).get(score["userId"])
        if known and known["timestamp"] >= score["timestamp"]:
            return UpdateScoreStatus.OLD_TIMESTAMP
        self._lms.scores.append((line_item_id, score))
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id: str, **_filters: Any) -> dict[str, Any]:
        """The column as the gradebook shows it."""
        line_item = self.find_lineitem(line_item_id)
        results = [
            {
                "id": f"{line_item['id']}/results/{user_id}",
                "scoreOf": line_item["id"],
                "userId": user_id,
                "resultScore": score["scoreGiven"] / score["scoreMaximum"] * line_item["scoreMaximum"],
                "resultMaximum": line_item["scoreMaximum"],
            }
            for user_id, score in self._latest(line_item_id).items()
        ]
        return {"content": results, "has_next": False}

    def _latest(self, line_item_id: str) -> dict[str, dict[str, Any]]:
        return {score["userId"]: score for column, score in self._lms.scores if column == line_item_id}
