"""How hypothesis tries values here: the same ones on every run, without a file of its own and without a stopwatch."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rules",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is not a fault of the rule
)
settings.load_profile("rules")
