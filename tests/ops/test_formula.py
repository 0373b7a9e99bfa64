import re

import pytest
import sympy

from cgviz import DomainError, Value, explain, log, steps, table, tanh, trace
from cgviz.live.serialization import structure
from cgviz.ops import rows
from cgviz.ops.formula import Formula, Tex
from cgviz.ops.op import OPS
from tests.formulas import FORMULAS, a, b, exactly

LETTERS = {1: "x", 2: "ab"}
TEXT = {
    "add": ("a + b", "1", "1"),
    "sub": ("a - b", "1", "-1"),
    "mul": ("a · b", "b", "a"),
    "div": ("a / b", "1 / b", "-a / b²"),
    "neg": ("-x", "-1"),
    "power": ("a^b", "b · a^(b - 1)", "y · log(a)"),
    "abs": ("|x|", "sign(x)"),
    "exp": ("exp(x)", "y"),
    "log": ("log(x)", "1 / x"),
    "log1p": ("log1p(x)", "1 / (1 + x)"),
    "sqrt": ("sqrt(x)", "1 / (2 · y)"),
    "sin": ("sin(x)", "cos(x)"),
    "cos": ("cos(x)", "-sin(x)"),
    "tan": ("tan(x)", "1 + y²"),
    "arctan": ("arctan(x)", "1 / (1 + x²)"),
    "maximum": ("max(a, b)", "([a > b] + [a ≥ b]) / 2", "([b > a] + [b ≥ a]) / 2"),
    "minimum": ("min(a, b)", "([b > a] + [b ≥ a]) / 2", "([a > b] + [a ≥ b]) / 2"),
    "tanh": ("tanh(x)", "1 - y²"),
    "sigmoid": ("sigmoid(x)", "y · (1 - y)"),
    "relu": ("relu(x)", "[x > 0]"),
    "leaky_relu": ("leaky_relu(x)", "max([x > 0], 0.01)"),
    "softplus": ("softplus(x)", "sigmoid(x)"),
    "sign": ("sign(x)", "0"),
    "greater": ("[a > b]", "0", "0"),
    "greater_equal": ("[a ≥ b]", "0", "0"),
    "share": ("([a > b] + [a ≥ b]) / 2", "0", "0"),
    "lower": ("x - 1", "1"),
    "log_or_zero": ("log(a)", "1 / a", "0"),
    "unsaturated": ("1 - a²", "-2 · a", "0"),
    "complement": ("1 - a", "-1", "0"),
}
TEX = {
    "div": (r"\frac{a}{b}", r"\frac{1}{b}", r"\frac{-a}{b^2}"),
    "power": ("a^{b}", r"b \cdot a^{b - 1}", r"y \cdot \ln\left(a\right)"),
    "abs": (r"\left|x\right|", r"\operatorname{sign}\left(x\right)"),
    "sqrt": (r"\sqrt{x}", r"\frac{1}{2 \cdot y}"),
    "sigmoid": (r"\sigma\left(x\right)", r"y \cdot \left(1 - y\right)"),
    "relu": (r"\operatorname{relu}\left(x\right)", "[x > 0]"),
    "leaky_relu": (r"\operatorname{leaky\ relu}\left(x\right)", r"\max\left([x > 0], 0.01\right)"),
    "softplus": (r"\operatorname{softplus}\left(x\right)", r"\sigma\left(x\right)"),
}


def written(op, cls):
    xs = [cls.name(letter) for letter in LETTERS[op.arity]]
    return (str(op(*xs)), *(str(rule(cls.one(), cls.name("y"), *xs)) for rule in op.vjps))


def balanced(tex):
    depth = 0
    for ch in tex.replace(r"\{", "").replace(r"\}", ""):
        depth += (ch == "{") - (ch == "}")
        if depth < 0:
            return False
    return depth == 0 and tex.count(r"\left") == tex.count(r"\right")


@pytest.mark.parametrize("name", TEXT)
def test_a_row_and_its_local_derivatives_are_written_as_a_person_would(name):
    assert written(OPS[name], Formula) == TEXT[name]


SIGNS = {"·": "*", "^": "**", "²": "**2"}
NOTATIONS = {
    r"\|(\w+)\|": r"abs(\1)",
    r"\[(\w+) > (\w+)\]": r"greater(\1, \2)",
    r"\[(\w+) ≥ (\w+)\]": r"greater_equal(\1, \2)",
}


def read_back(text):
    """A formula in text as Python, or None where it is written in signs that Python does not have."""
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    for pattern, python in NOTATIONS.items():
        text = re.sub(pattern, python, text)
    try:
        return compile(text, "<formula>", "eval")
    except SyntaxError:
        return None


def by_sympy(name):
    return lambda *xs: FORMULAS[name].subs(dict(zip((a, b), xs, strict=False)), simultaneous=True)


@pytest.mark.parametrize("name", OPS)
def test_what_is_written_of_a_row_is_what_sympy_says(name):
    op, formula = OPS[name], FORMULAS[name]
    names = {row: by_sympy(row) for row in FORMULAS} | {"max": by_sympy("maximum"), "min": by_sympy("minimum")}
    names |= {"x": a, "a": a, "b": b, "y": formula}
    text, *slopes = map(read_back, written(op, Formula))
    meant = [formula, *(sympy.diff(formula, x) for x in (a, b)[: op.arity])]
    for code, expected in zip((text, *slopes), meant, strict=True):
        if code is None:
            continue
        got = sympy.sympify(eval(code, dict(names)))
        for xs in op.samples:
            assert exactly(got, xs) == pytest.approx(exactly(expected, xs), rel=1e-3, abs=1e-12), (
                xs
            )  # four digits are written


@pytest.mark.parametrize("name", OPS)
def test_every_row_writes_tex_with_balanced_braces(name):
    lines = written(OPS[name], Tex)
    assert all(map(balanced, lines))
    assert lines == TEX.get(name, lines)


@pytest.mark.parametrize(
    ("build", "text", "tex"),
    [
        (lambda a, b: (a + b) * a, "(a + b) · a", r"\left(a + b\right) \cdot a"),
        (lambda a, b: a - (b - a), "a - (b - a)", r"a - \left(b - a\right)"),
        (lambda a, b: a - b - a, "a - b - a", "a - b - a"),
        (lambda a, b: a / (b / a), "a / (b / a)", r"\frac{a}{\frac{b}{a}}"),
        (lambda a, b: (a * b) ** 2, "(a · b)²", r"\left(a \cdot b\right)^2"),
        (lambda a, b: (a**b) ** a, "(a^b)^a", r"\left(a^{b}\right)^{a}"),
        (lambda a, b: -(a + b), "-(a + b)", r"-\left(a + b\right)"),
        (lambda a, b: -(a * b), "-a · b", r"-a \cdot b"),
        (lambda a, b: a * a, "a²", "a^2"),
        (lambda a, b: a**2, "a²", "a^2"),
        (lambda a, b: a**3, "a^3", "a^{3}"),
        (lambda a, b: a**-1, "a^(-1)", "a^{-1}"),
        (lambda a, b: 1 * a, "a", "a"),
        (lambda a, b: a * 0, "0", "0"),
        (lambda a, b: -1 * a, "-a", "-a"),
        (lambda a, b: a + 0, "a", "a"),
        (lambda a, b: 0 + a, "a", "a"),
        (lambda a, b: a / 1, "a", "a"),
        (lambda a, b: a**1, "a", "a"),
        (lambda a, b: 2 * Formula.of(3) if type(a) is Formula else 2 * Tex.of(3), "6", "6"),
        (lambda a, b: rows.sin(a + b), "sin(a + b)", r"\sin\left(a + b\right)"),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(build, text, tex):
    assert str(build(Formula.name("a"), Formula.name("b"))) == text
    assert str(build(Tex.name("a"), Tex.name("b"))) == tex


def test_an_operation_that_fails_on_numbers_stays_a_formula():
    assert str(Formula.one() / Formula.of(0)) == "1 / 0"
    assert str(rows.log(Tex.of(-1))) == r"\ln\left(-1\right)"


@pytest.mark.parametrize(
    ("label", "tex"),
    [
        ("a", "a"),
        ("α", "α"),
        ("w1", "w_{1}"),
        ("w_12", "w_{12}"),
        ("loss", r"\text{loss}"),
        ("a_b", r"\text{a\_b}"),
        ("w_x1", r"\text{w\_x1}"),
        ("r% & #$", r"\text{r\% \& \#\$}"),
        ("{x}", r"\text{\{x\}}"),
        ("}{", r"\text{'\}\{'}"),
        ("\\frac{", r"\text{'∖frac\{'}"),
        ("a^b~c", r"\text{aˆb˜c}"),
        ("<script>", r"\text{‹script›}"),
        ("two\nlines", r"\text{two lines}"),
        ("😀", r"\text{😀}"),
        ("x" * 10_000, r"\text{" + "x" * 23 + "…}"),
    ],
)
def test_every_label_is_safe_in_tex(label, tex):
    assert str(Tex.name(label)) == tex
    assert balanced(tex)


@pytest.mark.parametrize(
    ("x", "tex"),
    [
        (1.5, "1.5"),
        (1e-9, r"1 \cdot 10^{-9}"),
        (-2.5e20, r"-2.5 \cdot 10^{20}"),
        (float("inf"), r"\infty"),
        (-float("inf"), r"-\infty"),
        (float("nan"), r"\text{NaN}"),
    ],
)
def test_numbers_in_tex_have_powers_of_ten_written_out(x, tex):
    assert Tex.digits(x) == tex


EXPRESSIONS = ("a+b", "a - b", "a·b", "-a", "a^2", "a²", "x ≥ 0", "the bias", "∂L/∂a", "(a) + (b)", "a=b")


@pytest.mark.parametrize("label", EXPRESSIONS)
def test_a_label_that_is_an_expression_is_put_in_parentheses_wherever_a_formula_is_made(label):
    one, c = Value(2.0, label), Value(3.0, "c")
    product = one * c
    product.label = "p"
    root = product - (one - c)
    root.label = "L"
    inside = f"({label})"
    assert f"{inside} * c" in table(root)
    text = f"{steps(root)}\n{explain(root)}"
    assert f"p = {inside} · c = 2 · 3 = 6" in text and f"∂p/∂{inside}" in text and f"∂L/∂{inside}" in text
    assert f"{inside}^3" in str(steps(one**3)) and f"{inside}²" in str(steps(one**3))
    assert str(Tex.name(label) ** 3.0).startswith(r"\left(")
    wire = structure(trace(root))
    assert wire["nodes"][0]["called"] == (label, 0)
    assert "tanh(" + label + ")" in str(steps(tanh(one)))  # a function has its own parentheses
    with pytest.raises(DomainError, match=re.escape(f"log({label})")):
        log(Value(-1.0, label))
    with pytest.raises(DomainError, match=re.escape(f"c / {inside}")):
        c / Value(0.0, label)


@pytest.mark.parametrize("label", ["a", "w1", "x̂", "h[0]", "W.T", "f(x, y)", "(a+b)", "größe_2", "a'", "σ₁", "🙂"])
def test_a_label_that_is_one_name_stays_as_it_is(label):
    assert str(Formula.name(label) * Formula("c")) == f"{label} · c"
    assert f"{label} * c" in table(Value(2.0, label) * Value(3.0, "c"))
