"""The LMS's language, both directions: launches in, rosters read, scores sent.

Only this package imports pylti1p3, and it knows neither Flask nor the database: what it has to look up or remember it
asks for through the protocols `PlatformDirectory`, `LaunchMemory`, `LoginPeek` and `TokenCache`. LTI's own words
(context, membership, line item) stay in here; everybody else says course, member, gradebook.
"""
