"""Answers to the exercises of lesson 2."""

import numbers


class Node:
    def __init__(self, data, label=""):
        self.data, self.label = data, label


class Shows(Node):
    def __repr__(self):
        return f"Value({self.label}: {self.data})" if self.label else f"Value({self.data})"


class LeavesOut(Node):
    def __repr__(self):
        return f"Value({self.data})"


class AlwaysBoth(Node):
    def __repr__(self):
        return f"Value({self.label}: {self.data})"


class Prints(Node):
    def __repr__(self):
        print(f"Value({self.data})")


class WrongWayRound(Node):
    def __repr__(self):
        return f"Value({self.data}: {self.label})" if self.label else f"Value({self.data})"


class ChangesItself(Shows):
    def __repr__(self):
        self.data = str(self.data)
        return super().__repr__()


class ReturnsTheError(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            return TypeError("a Value holds a number")
        super().__init__(data, label)


class Careful(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            raise TypeError("a Value holds a number")
        super().__init__(data, label)


class Converts(Node):
    def __init__(self, data, label=""):
        super().__init__(float(data), label)


class RaisesText(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            raise "a Value holds a number"  # noqa: B016
        super().__init__(data, label)


class OtherError(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            raise ValueError("a Value holds a number")
        super().__init__(data, label)


class TooCareful(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, int):
            raise TypeError("a Value holds a number")
        super().__init__(data, label)


class Forgets(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            raise TypeError("a Value holds a number")


class InOneLine(Node):
    def __repr__(self):
        return "Value(" + (self.label + ": " if self.label else "") + str(self.data) + ")"


class Rounds(Node):
    def __repr__(self):
        return f"Value({self.label + ': ' if self.label else ''}{self.data:g})"


class FirstLetter(Node):
    def __repr__(self):
        return f"Value({self.label[0]}: {self.data})" if self.label else f"Value({self.data})"


class ShowsZeroBare(Node):
    def __repr__(self):
        return f"Value({self.label}: {self.data})" if self.label and self.data else f"Value({self.data})"


class Misnamed(Node):
    def _repr_(self):
        return f"Value({self.data})"


class ByType(Node):
    def __init__(self, data, label=""):
        if type(data) in (int, float):
            super().__init__(data, label)
        else:
            raise TypeError(f"a number, please, and not {type(data).__name__}")


class ByKind(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, numbers.Real):
            raise TypeError(f"a number, please, and not {data!r}")
        super().__init__(float(data), label)


class BlackList(Node):
    def __init__(self, data, label=""):
        if data is None or isinstance(data, (str, list, Node)):
            raise TypeError("a number")
        super().__init__(data, label)


class NoZero(Node):
    def __init__(self, data, label=""):
        if not data or not isinstance(data, (int, float)):
            raise TypeError("a number")
        super().__init__(data, label)


class WholeNumbers(Node):
    def __init__(self, data, label=""):
        if not isinstance(data, (int, float)):
            raise TypeError("a number")
        super().__init__(round(data, 2), label)


ANSWERS = {
    "one node or two": (
        [{"b": 5, "c": 2}, {"c": 2.0, "b": 5.0}],
        [
            ({"b": 2, "c": 2}, "two names of one node"),
            ({"b": 5, "c": 5}, "a call of its own"),
            ({"b": -5, "c": 2}, "its sign is not"),
            ((5, 2), "expected a dict with 'b' and 'c', got a tuple"),
            ({"b": 5, "c": "2"}, "c: expected a number, got a str"),
        ],
    ),
    "shows its name": (
        [Shows, InOneLine],
        [
            (Rounds, "should be 'Value(2.123456789)'"),
            (FirstLetter, "should be 'Value(x1: -0.1234567891)'"),
            (ShowsZeroBare, "should be 'Value(zero: 0.0)'"),
            (Misnamed, "a method _repr_, which Python never calls: it calls __repr__"),
            (LeavesOut, "the label is left out"),
            (AlwaysBoth, "repr(Value(2.5)) gives 'Value(: 2.5)', should be 'Value(2.5)'"),
            (Prints, "raised TypeError: __repr__ returned non-string"),
            (WrongWayRound, "the label comes first"),
            (ChangesItself, "the data of a node that has been shown gives '2.5', should be 2.5"),
            (Shows(2), "give check your class itself; got a Shows"),
        ],
    ),
    "numbers only": (
        [Careful, ByType, ByKind],
        [
            (BlackList, "Value((1, 2)) raises nothing, should raise TypeError"),
            (NoZero, "Value(0).data raised TypeError"),
            (WholeNumbers, "gives 0.12, should be 0.1235"),
            (Node, "Value(None) raises nothing, should raise TypeError"),
            (Converts, 'Value("3") raises nothing, should raise TypeError'),
            (RaisesText, "raises what is no exception: raise TypeError(…), with the sentence in it"),
            (OtherError, "raised ValueError: a Value holds a number, should raise TypeError"),
            (TooCareful, 'Value(-0.5, "b").data raised TypeError'),
            (ReturnsTheError, "should raise TypeError: raise, and not return"),
            (Forgets, "Value(2).data raised AttributeError"),
        ],
    ),
}
