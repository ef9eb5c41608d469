"""Peer Mentoring for LTI."""
