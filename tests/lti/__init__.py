"""Promises of the LTI edge, kept against a real HTTP server that plays the LMS."""
