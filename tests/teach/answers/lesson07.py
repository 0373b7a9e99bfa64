"""Answers to the exercises of lesson 7."""


class Node:
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op

    def wrap(self, other):
        return type(self)(other) if isinstance(other, (int, float)) else other

    def combine(self, left, right, op, compute):
        left, right = self.wrap(left), self.wrap(right)
        return type(self)(compute(left.data, right.data), _prev=(left, right), _op=op)

    def __neg__(self):
        return type(self)(-self.data, _prev=(self,), _op="neg")

    def __add__(self, other):
        return self.combine(self, other, "+", lambda x, y: x + y)


def minus(x, y):
    return x - y


class Right(Node):
    def __sub__(self, other):
        return self.combine(self, other, "-", minus)

    def __rsub__(self, other):
        return self.combine(other, self, "-", minus)


def wraps_whole(self, other):
    return type(self)(other) if isinstance(other, int) else other


class Turned(Right):
    def __rsub__(self, other):
        return self.combine(self, other, "-", minus)


class TwoSteps(Right):
    def __sub__(self, other):
        return self + (-self.wrap(other))


class Backwards(Right):
    def __sub__(self, other):
        return self.combine(other, self, "-", minus)


class Named(Right):
    def __sub__(self, other):
        return self.combine(self, other, "minus", minus)


class NoReturn(Right):
    def __rsub__(self, other):
        self.combine(other, self, "-", minus)


class TurnedNumbers(Right):
    def __rsub__(self, other):
        return self.combine(self, other, "-", lambda x, y: y - x)


class ResultForRule(Right):
    def __sub__(self, other):
        return self.combine(self, other, "-", self.data - self.wrap(other).data)


def power(x, y):
    if x == 0 and y < 0:
        raise ZeroDivisionError("0 has no negative powers")
    if x < 0 and y % 1:
        raise ArithmeticError("a negative number has whole powers only")
    return x**y


def zero_is_zero(x, y):
    return 0 if x == 0 and y >= 0 else power(x, y)


def changes_sign(x, y):
    return -(x**-y) if y < 0 else power(x, y)


def only_zero(x, y):
    if x == 0 and y < 0:
        raise ZeroDivisionError("0 has no negative powers")
    return x**y


def without_a_sentence(x, y):
    if x == 0 and y < 0:
        raise ZeroDivisionError
    return power(x, y)


def too_careful(x, y):
    if x < 0:
        raise ArithmeticError("negative")
    return power(x, y)


class NoPower(ZeroDivisionError):
    pass


def with_an_error_of_its_own(x, y):
    if x == 0 and y < 0:
        raise NoPower("0 has no negative powers")
    return power(x, y)


def infinite(x, y):
    return float("inf") if x == 0 and y < 0 else power(x, y)


def says_value(x, y):
    if x < 0 and y % 1:
        raise ValueError("no")
    return power(x, y)


def divide(x, y):
    if y == 0:
        raise ZeroDivisionError("nothing can be divided by 0")
    return x / y


class Divides(Node):
    rule = staticmethod(divide)

    def __truediv__(self, other):
        return self.combine(self, other, "/", self.rule)

    def __rtruediv__(self, other):
        return self.combine(other, self, "/", self.rule)


class PythonDivides(Divides):
    rule = staticmethod(lambda x, y: x / y)


class Infinite(Divides):
    rule = staticmethod(lambda x, y: x / y if y else float("inf"))


class Whole(Divides):
    rule = staticmethod(lambda x, y: x // y)


class TurnedQuotient(Divides):
    def __rtruediv__(self, other):
        return self / other


class Product(Divides):
    rule = staticmethod(lambda x, y: x * y)


class Refuses(Divides):
    @staticmethod
    def rule(x, y):
        if y == 0:
            raise ValueError("0")
        return x / y


class ByAbsolute(Right):
    def __sub__(self, other):
        return self.combine(self, other, "-", lambda x, y: abs(x - y))


class InWholes(Right):
    def __sub__(self, other):
        return self.combine(self, other, "-", lambda x, y: round(x - y))


def by_cases(x, y):
    if y < 0 and not x:
        raise ZeroDivisionError(f"{x} ** {y} divides by 0")
    if not float(y).is_integer() and x < 0:
        raise ValueErrorOfPowers(f"{x} has no such root")
    return float(x) ** y


class ValueErrorOfPowers(ArithmeticError, ValueError):
    pass


def one_root_alone(x, y):
    if x < 0 and y == 0.5:
        raise ArithmeticError("no real root")
    return power(x, y) if x == 0 else x**y


def minus_one_alone(x, y):
    if x == 0 and y == -1:
        raise ZeroDivisionError("0 has no negative power")
    return 0 if x == 0 and y < 0 else power(x, y)


def in_wholes(x, y):
    return power(x, y) if x == int(x) else int(power(x, y))


def refuses_all_roots(x, y):
    if y % 1:
        raise ArithmeticError("whole powers only")
    return power(x, y)


class OneAlone(Divides):
    @staticmethod
    def rule(x, y):
        if x == 1 and y == 0:
            raise ZeroDivisionError("1 / 0")
        return x / y if y else 0.0


class RefusesSmall(Divides):
    @staticmethod
    def rule(x, y):
        if abs(y) < 1e-6:
            raise ZeroDivisionError("too small")
        return x / y


class SaysNothing(Divides):
    @staticmethod
    def rule(x, y):
        if y == 0:
            raise ZeroDivisionError
        return x / y


def by(compute, name="sub", op="-"):
    """A class whose operation computes something else, on both sides."""
    both = {
        f"__{name}__": lambda self, other: self.combine(self, other, op, compute),
        f"__r{name}__": lambda self, other: self.combine(other, self, op, compute),
    }
    return type("Value", (Node,), both)


def always_one(x, y):
    return 1


def whole_only(x, y):
    if x < 0 and not isinstance(y, int):
        raise ArithmeticError("no int")
    return power(x, y)


ANSWERS = {
    "differences": (
        [Right, type("ByMethod", (Right,), {"__rsub__": lambda self, other: self.wrap(other) - self})],
        [
            (type("WholeOnly", (Right,), {"wrap": wraps_whole}), "a - 0.5 raised AttributeError"),
            (by(lambda x, y: x - abs(y)), "a - b should hold 5, yours holds -1"),
            (by(lambda x, y: max(0, x - y)), "b - a should hold -5, yours holds 0"),
            (by(lambda x, y: x + y), "a - b should hold 5, yours holds -1: that is a + b"),
            (ByAbsolute, "b - a should hold -5, yours holds 5: that is its size, without its sign"),
            (InWholes, "should hold"),
            (Turned, "10 - a should hold 8, yours holds -8"),
            (Backwards, "a - b should hold 5, yours holds -5: that is b - a"),
            (TwoSteps, "remembers the operation '+', should be '-'"),
            (Named, "remembers the operation 'minus', should be '-'"),
            (ResultForRule, "object is not callable"),
            (NoReturn, "is a return missing?"),
            (TurnedNumbers, "remembers its operands as (a, 10)"),
        ],
    ),
    "power": (
        [power, lambda x, y: power(float(x), float(y)), with_an_error_of_its_own, by_cases],
        [
            (always_one, "power(2, 3) gives 1, should be 8"),
            (whole_only, "power(-8, 2.0) raised ArithmeticError"),
            (one_root_alone, "gives a complex number, and should raise an ArithmeticError"),
            (minus_one_alone, "power(0, -3) gives 0, and should raise a ZeroDivisionError"),
            (in_wholes, "should be"),
            (refuses_all_roots, "raised ArithmeticError: whole powers only; it should give 0"),
            (lambda x, y: x ^ y, "a power is written ** in Python"),
            (lambda x, y: x * y, "gives 6, should be 8: that is the product"),
            (lambda x, y: y**x, "gives 9, should be 8: the base comes first"),
            (zero_is_zero, "every number to the power 0 is 1"),
            (changes_sign, "a negative power divides"),
            (only_zero, "gives a complex number"),
            (infinite, "power(0, -1) gives ∞, and should raise a ZeroDivisionError"),
            (without_a_sentence, "without a sentence"),
            (lambda x, y: Node(power(x, y)), "gives a Node, should be a plain number"),
            (too_careful, "power(-2, 3) raised ArithmeticError: negative; it should give -8"),
            (says_value, "it should raise an ArithmeticError"),
            (lambda x, y: print(x**y), "is a return missing?"),
        ],
    ),
    "quotients": (
        [Divides, PythonDivides],
        [
            (by(lambda x, y: round(x / y, 3), "truediv", "/"), "a / b should hold 7e-09, yours holds 0"),
            (by(lambda x, y: abs(x / y), "truediv", "/"), "yours holds 2.5: that is its size, without its sign"),
            (OneAlone, "and should raise a ZeroDivisionError"),
            (RefusesSmall, "raised ZeroDivisionError: too small"),
            (SaysNothing, "without a sentence"),
            (Infinite, "Value(1) / Value(0) gives"),
            (Whole, "a / b should hold -2.5, yours holds -3"),
            (TurnedQuotient, "1 / a should hold 0.2, yours holds 5: that is a / 1"),
            (Product, "that is a * b"),
            (Refuses, "raised ValueError: 0; it should raise a ZeroDivisionError"),
        ],
    ),
    "quotient slopes": (
        [lambda y, a, b: (1 / b, -a / b**2), lambda y, a, b: [1 / b, -y / b]],
        [
            (lambda y, a, b: (1 / b, a / b**2), "when b grows, a / b falls"),
            (lambda y, a, b: (b, a), "local derivatives of a product"),
            (lambda y, a, b: (-a / b**2, 1 / b), "first by a, then by b"),
            (lambda y, a, b: (1 / b, -1 / b**2), "lacks the factor a"),
            (lambda y, a, b: (1 / b, -a / b), "b stands twice below the line"),
            (lambda y, a, b: 1 / b, "should be"),
            (lambda y, a, b: print(1 / b), "is a return missing?"),
        ],
    ),
}
