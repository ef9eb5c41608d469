"""Rows, and the queries that fill mentoring's values. No decisions are made here."""
