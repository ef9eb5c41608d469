"""Other people's matchers, in an environment of their own (`.venv-matching`)."""
