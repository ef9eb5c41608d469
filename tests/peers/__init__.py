"""The tool against LTI platforms that were not written by us: the same launch, roster and score over HTTP."""
