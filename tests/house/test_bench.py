"""What `make bench` measures with can be loaded: nothing else would say so before somebody measures."""

from tests.bench import __main__ as bench


def test_every_section_of_the_bench_loads() -> None:
    assert {"scores", "ledgers"} <= bench.SECTIONS.keys()
