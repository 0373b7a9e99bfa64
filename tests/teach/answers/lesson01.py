"""Answers to the exercises of lesson 1."""

from cgviz import Value


def walk(rate=0.1, steps=50, sign=-1, both=True):
    """Where x and y are after some steps."""
    x, y = Value(0, "x"), Value(0, "y")
    for _ in range(steps):
        g = (x - 1) ** 2 + (y + 2) ** 2
        g.backward()
        x.data += sign * rate * x.grad
        y.data += sign * rate * y.grad if both else 0
    return {"x": x, "y": y}


ANSWERS = {
    "gradients of K": (
        [{"a": 1, "b": 2}, {"a": Value(1), "b": 2.0}],
        [
            ({"a": 2, "b": 2}, "what comes back through the sum"),
            ({"a": -1, "b": 2}, "what comes back from the product"),
            ({"a": 3, "b": 2}, "the other factor of the product is a + b"),
            ({"a": 1, "b": -1}, "the sum gets the other factor"),
            ({"a": 1, "b": 1}, "a sum copies what arrives"),
            ((1, 2), "expected a dict"),
        ],
    ),
    "two inputs": (
        [walk(), {"x": walk()["x"].data, "y": walk()["y"].data}],
        [
            (walk(both=False), "y has not moved"),
            (walk(steps=3), "x: yours is 0.488"),
            (walk(sign=1, steps=10), "x: yours is"),
            ({"x": 1, "y": -2}, "let the loop find it"),
            ({"x": 1, "y": 2}, "(y + 2)² is 0 where y is -2"),
            ({"x": -1, "y": 2}, "(x - 1)² is 0 where x is 1"),
        ],
    ),
}
