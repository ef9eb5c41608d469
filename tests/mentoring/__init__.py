"""Promises of the rules, tried on values alone."""
