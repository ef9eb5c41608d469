"""Attacks: each threat that is known against an LTI tool, tried against the whole application."""
