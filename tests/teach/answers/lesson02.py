"""Answers to the exercises of lesson 2."""


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
        [Shows],
        [
            (LeavesOut, "the label is left out"),
            (AlwaysBoth, "repr(Value(2.5)) gives 'Value(: 2.5)', should be 'Value(2.5)'"),
            (Prints, "raised TypeError: __repr__ returned non-string"),
            (WrongWayRound, "the label comes first"),
            (ChangesItself, "the data of a node that has been shown gives '2.5', should be 2.5"),
            (Shows(2), "give check your class itself; got a Shows"),
        ],
    ),
    "numbers only": (
        [Careful],
        [
            (Node, "Value(None) raises nothing, should raise TypeError"),
            (Converts, 'Value("3") raises nothing, should raise TypeError'),
            (OtherError, "raised ValueError: a Value holds a number, should raise TypeError"),
            (TooCareful, 'Value(-0.5, "b").data raised TypeError'),
            (ReturnsTheError, "should raise TypeError: raise, and not return"),
            (Forgets, "Value(2).data raised AttributeError"),
        ],
    ),
}
