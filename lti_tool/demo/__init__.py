"""The demo: starts the tool, its worker and the demo LMS, and drives them over HTTP."""
