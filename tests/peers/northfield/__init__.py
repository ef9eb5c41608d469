"""Northfield: an LMS made of the classes of `lti1p3platform` (MIT, a package not written by us), over HTTP.

The package signs launches, checks preflights, tokens and scopes, and shapes every answer. What it leaves to whoever
uses it is here: addresses, one course, a gradebook in memory. Line items and results go out as the package makes them
(version 0.1.8): an object `{content, has_next}` where the specification has a list.
"""
