"""Promises of the matching."""
