import math
from fractions import Fraction

import numpy as np
import pytest

from cgviz.text import Piece, exact, kind, number, shorten


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (-8.0, "-8"),
        (2 / 3, "0.6667"),
        (12345.678, "1.235e+04"),
        (0.04, "0.04"),
        (1e-9, "1e-09"),
        (5e-324, "4.941e-324"),
        (0.0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (True, "1"),
        (Fraction(1, 4), "0.25"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (10**400, "1e+400"),
        (None, ""),
        ("word", "word"),
        (1j, "1j"),
        (np.float32(1.5), "1.5"),
        (np.array(2.5), "2.5"),
        (np.zeros((2, 3)), "2×3 array"),
    ],
)
def test_a_number_is_written_with_four_significant_digits(x, written):
    assert number(x) == written


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (2.0, "2"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (123456789.0, "123456789"),
        (1e15, "1000000000000000.0"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_an_exact_number_keeps_every_digit(x, written):
    assert exact(x) == written
    assert math.isnan(x) or float(written) == x


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("a", 24, "a"),
        ("one\ntwo\t three", 24, "one two three"),
        ("  edges  ", 24, "edges"),
        ("a" * 24, 24, "a" * 24),
        ("a" * 25, 24, "a" * 23 + "…"),
        ("α" * 10_000, 5, "αααα…"),
        ("a\x00b\x1b[31m", 24, "a�b�[31m"),
        ("<script>", 24, "<script>"),
        ("😀", 24, "😀"),
        ("", 24, ""),
    ],
)
def test_a_name_is_cut_to_one_short_line(text, longest, short):
    assert shorten(text, longest) == short


@pytest.mark.parametrize(
    ("obj", "said"),
    [(None, "None"), (1, "an int"), ("x", "a str"), ([], "a list"), (int, "a type"), (object(), "an object")],
)
def test_a_stranger_is_named_with_its_article(obj, said):
    assert kind(obj) == said


def test_a_piece_gets_parentheses_only_where_it_binds_less_tightly_than_its_place():
    total = Piece("a + b", 1)
    assert (f"{total}", f"{total:1}", f"{total:2}", f"{Piece('c'):9}") == ("a + b", "a + b", "(a + b)", "c")
    assert str(total) == "a + b"
