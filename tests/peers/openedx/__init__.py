"""Open edX's own LTI 1.3 platform code, in an environment and a process of its own, spoken to over HTTP only."""
