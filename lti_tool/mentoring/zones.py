"""Time zones by name, as the IANA database spells them ("Europe/Berlin")."""

from zoneinfo import ZoneInfo


def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of that name, or None when there is none.

    Source: `ZoneInfo` raises KeyError for unknown names, ValueError for unsafe ones ("../x") and OSError for
        folders of the database ("Europe").
    """
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
