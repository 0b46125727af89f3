"""Geometry: nothing leaves the plot, gaps stay gaps."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gemba.ui import charts

values = st.lists(
    st.one_of(st.none(), st.decimals(min_value=-(10**9), max_value=10**9, places=3)), min_size=1, max_size=40
)


@given(values)
def test_every_point_lies_inside_the_plot(known):
    scale = charts.scale(known)
    assert scale.low < scale.high
    assert 2 <= len(scale.ticks) <= 9
    for point in charts.points(known, scale):
        assert 0 <= point.x <= 100
        assert -0.01 <= point.y <= 100.01


def test_steps_of_a_scale_are_round():
    assert [tick.value for tick in charts.scale([0, 61]).ticks] == [0, 20, 40, 60, 80]
    assert [tick.value for tick in charts.scale([Decimal("0.3"), Decimal("0.9")], from_zero=False).ticks][
        0
    ] == Decimal("0.2")


def test_a_missing_value_is_a_gap_and_no_false_line():
    found = charts.points([1, None, 3, 4], charts.scale([1, 3, 4]))
    assert [(a.value, b.value) for a, b in charts.segments(found)] == [(3, 4)]
    assert charts.spark([1, None, 3]).count("M") == 2


def test_nothing_measured_draws_nothing():
    assert charts.points([], charts.scale([])) == []
    assert charts.spark([None]) == ""
    assert charts.share(None, 5) == charts.share(5, 0) == 0
    assert charts.last_known([]) is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_labels_of_lines_do_not_cover_each_other(places):
    placed = sorted(charts.spread_labels([(str(n), y) for n, y in enumerate(places)]).values())
    assert all(b - a >= 8.9 for a, b in zip(placed, placed[1:], strict=False))
    assert placed[-1] <= 100.01
