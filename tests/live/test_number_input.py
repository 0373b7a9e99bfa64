import pytest

from cgviz.live.controls.number_input import parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0.1234567", 0.1234567), ("3,5", 3.5), ("1e-3", 0.001), ("-2", -2.0), ("+7", 7.0), ("5.", 5.0)),
        *((",5", 0.5), ("1E5", 1e5), ("\t2 ", 2.0), ("5e-324", 5e-324)),
    ],
)
def test_plain_numbers_are_read_exactly(text, number):
    assert parse_number("a", text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a: the box was empty; write a number such as 0.5"),
        ("  ", "a: the box was empty; write a number such as 0.5"),
        ("abc", "a: 'abc' is not a number; write one such as 0.5"),
        ("1/2", "a: '1/2' is not a number; write it as 0.5"),
        ("-1 / 3", "a: '-1 / 3' is not a number; write it as -0.3333333333"),
        ("1/0", "a: '1/0' is not a number; write one such as 0.5"),
        ("nan", "a: 'nan' is not a number; write one such as 0.5"),
        ("-inf", "a: '-inf' is not a number; write one such as 0.5"),
        ("1e400", "a: '1e400' is too large; the largest number is about 1.8e308"),
        ("1,000.5", "a: '1,000.5' is not a number; write one such as 0.5"),
        ("x" * 99, "a: 'xxxxxxxxxxxxxxxxxxxxxxx…' is not a number; write one such as 0.5"),
    ],
)
def test_all_else_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ValueError) as caught:
        parse_number("a", text)
    assert str(caught.value) == sentence
