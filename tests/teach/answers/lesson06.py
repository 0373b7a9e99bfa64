"""Answers to the exercises of lesson 6."""


class Node:
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op

    def wrap(self, other):
        if isinstance(other, (int, float)):
            other = type(self)(other)
            other._constant = True
        return other if hasattr(other, "_prev") else NotImplemented

    def __add__(self, other):
        other = self.wrap(other)
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")


class Right(Node):
    def __mul__(self, other):
        other = self.wrap(other)
        if other is NotImplemented:
            return NotImplemented
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")

    def __rmul__(self, other):
        return self.wrap(other) * self


class Turned(Right):
    def __rmul__(self, other):
        return self * other


class NoWrap(Right):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")


class Sum(Right):
    def __rmul__(self, other):
        return self + other


class Bare(Right):
    def __rmul__(self, other):
        return other * self.data


class Forgets(Right):
    def __rmul__(self, other):
        return type(self)(other * self.data)


class Scales(Right):
    def __rmul__(self, other):
        self.data *= other
        return self


class ZeroIsSpecial(Right):
    def __mul__(self, other):
        return type(self)(0) if isinstance(other, int) and not other else super().__mul__(other)


class NoReturn(Right):
    def __rmul__(self, other):
        self.wrap(other) * self


class Symbol(Right):
    def __rmul__(self, other):
        return type(self)(other * self.data, _prev=(self.wrap(other), self), _op="+")


class Endless(Right):
    def __rmul__(self, other):
        return other * self


RIGHT = {"a + c": "__add__", "a + 10": "__add__", "10 + a": "__radd__", "child + parent": "__add__"}
RIGHT |= {"parent + child": "__radd__"}


class Minutes:
    def __init__(self, count):
        self.count = count

    def __add__(self, other):
        if isinstance(other, (int, float)):
            return type(self)(self.count + other)
        if isinstance(other, Minutes):
            return type(self)(self.count + other.count)
        return NotImplemented

    def __radd__(self, other):
        return self + other


class NumbersOnly(Minutes):
    def __add__(self, other):
        return NumbersOnly(self.count + other)


class MinutesOnly(Minutes):
    def __add__(self, other):
        return MinutesOnly(self.count + other.count)


class NothingOnTheLeft(Minutes):
    def __radd__(self, other):
        return NotImplemented


class PlainNumber(Minutes):
    def __add__(self, other):
        return self.count + (other.count if isinstance(other, Minutes) else other)


class Raises(Minutes):
    def __add__(self, other):
        done = super().__add__(other)
        if done is NotImplemented:
            raise TypeError("no")
        return done


class InPlace(Minutes):
    def __add__(self, other):
        done = super().__add__(other)
        if done is not NotImplemented:
            self.count = done.count
        return done and self


class OneReturnMissing(Minutes):
    def __radd__(self, other):
        self + other


class Renamed:
    def __init__(self, minutes):
        self.minutes = minutes

    def __add__(self, other):
        return Renamed(self.minutes + getattr(other, "minutes", other))


class Whole(Minutes):
    def __add__(self, other):
        done = super().__add__(other)
        return done if done is NotImplemented else Whole(int(done.count))


class Same(Right):
    __rmul__ = Right.__mul__


class DoesNotHandOn(Right):
    def __mul__(self, other):
        other = self.wrap(other)
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")


class ByTry(Minutes):
    def __add__(self, other):
        try:
            return type(self)(self.count + (other.count if isinstance(other, Minutes) else other))
        except TypeError:
            return NotImplemented


class HasCount(Minutes):
    def __add__(self, other):
        if hasattr(other, "count"):
            return type(self)(self.count + other.count)
        return super().__add__(other)


class WholeOnly(Minutes):
    def __add__(self, other):
        return NotImplemented if isinstance(other, float) else super().__add__(other)


class NeverBelowZero(Minutes):
    def __init__(self, count):
        super().__init__(max(0, count))


class RefusesZero(Minutes):
    def __add__(self, other):
        return super().__add__(other) if other else NotImplemented


def product(takes, right=lambda self, other: self * other):
    """A class that multiplies with what `takes` says, and answers NotImplemented to all else."""

    def times(self, other):
        return Right.__mul__(self, other) if takes(other) else NotImplemented

    return type("Value", (Right,), {"__mul__": times, "__rmul__": right})


OnlyInts = product(lambda other: isinstance(other, (int, Node)))
OnlyFloats = product(lambda other: isinstance(other, (float, Node)))
IntsOnTheLeft = product(
    lambda other: True, lambda self, other: self * other if isinstance(other, int) else NotImplemented
)


class ByPlace(Right):
    def __mul__(self, other):
        other = self.wrap(other)
        return type(self)(self.data * other.data, (self, other), "*")


class InWhole(Right):
    def __mul__(self, other):
        return super().__mul__(int(other) if isinstance(other, float) else other)


def minutes(numbers=(int, float), right=(int, float)):
    """A class that adds these numbers, and on its right those."""

    def add(self, other):
        if isinstance(other, (*numbers, Minutes)):
            return type(self)(self.count + getattr(other, "count", other))
        return NotImplemented

    def add_on_the_right(self, other):
        return type(self)(self.count + other) if isinstance(other, right) else NotImplemented

    methods = {"__init__": Minutes.__init__, "__add__": add} | ({"__radd__": add_on_the_right} if right else {})
    made = type("Minutes", (), methods)
    made.__add__ = lambda self, other: made(self.count + other.count) if isinstance(other, made) else add(self, other)
    return made


ANSWERS = {
    "products with numbers": (
        [Right, Turned, Same],
        [
            (OnlyInts, "Value.__mul__ returns NotImplemented for a float, which is a number as well"),
            (OnlyFloats, "Value.__mul__ returns NotImplemented for an int, which is a number as well"),
            (IntsOnTheLeft, "Value.__rmul__ returns NotImplemented for a float, which is a number as well"),
            (ByPlace, "the result has its operands for a label"),
            (InWhole, "a * b * 0.5 should hold -3, yours holds 0"),
            (DoesNotHandOn, "hand it on, if other is NotImplemented"),
            (NoWrap, "a * 10 raised AttributeError: 'int' object has no attribute 'data'"),
            (Sum, "10 * a should hold 20, yours holds 12"),
            (Bare, "gives the number 20, and should give a Bare"),
            (Forgets, "does not remember its operands"),
            (Scales, "gives a itself"),
            (NoReturn, "is a return missing?"),
            (Symbol, "remembers the operation '+', should be '*'"),
            (ZeroIsSpecial, "a * 0: the result does not remember its operands"),
            (Endless, "calls itself until Python stops it"),
        ],
    ),
    "who is asked": (
        [RIGHT, dict(reversed(RIGHT.items()))],
        [
            (RIGHT | {"a + c": "__radd__"}, "both are of the same class"),
            (RIGHT | {"a + 10": "__radd__"}, "and it knows numbers"),
            (RIGHT | {"10 + a": "__add__"}, "the number 10 says NotImplemented"),
            (RIGHT | {"child + parent": "__radd__"}, "has inherited __add__"),
            (RIGHT | {"parent + child": "__add__"}, "so it goes first"),
            (RIGHT | {"a * c": "__mul__"}, "there is no a * c here"),
            (RIGHT | {"parent + child": "b"}, "expected '__add__' or '__radd__', got 'b'"),
        ],
    ),
    "minutes": (
        [Minutes, ByTry, minutes()],
        [
            (minutes(right=()), "'int' and 'Minutes': Python asks Minutes.__radd__, and there is none"),
            (minutes((int,)), "Minutes.__add__ returns NotImplemented for a float, which is a number as well"),
            (minutes((float,)), "Minutes.__add__ returns NotImplemented for an int, which is a number as well"),
            (minutes(right=(int,)), "Minutes.__radd__ returns NotImplemented for a float, which is a number as well"),
            (HasCount, 'Minutes(5) + "ten" raised TypeError'),
            (WholeOnly, "Minutes(5) + 0.5 raised TypeError"),
            (NeverBelowZero, "Minutes(-1.5) + Minutes(0.25)"),
            (RefusesZero, "raised TypeError"),
            (NumbersOnly, "the number of the other one is other.count"),
            (MinutesOnly, "'int' object has no attribute 'count'"),
            (NothingOnTheLeft, "10 + Minutes(5) raised TypeError"),
            (PlainNumber, "is Minutes as well"),
            (Raises, "return NotImplemented"),
            (InPlace, "changes the Minutes that are added"),
            (OneReturnMissing, "10 + Minutes(5) gives None: is a return missing?"),
            (Renamed, "Minutes(5) has no attribute count"),
            (Whole, "has the count 5, should be 5.5"),
        ],
    ),
}
