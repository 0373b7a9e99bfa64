"""Cells as learners type them: a node that adds, and the exercise on products, whose body is left open."""

NODE = '''@grow
class Value:
    """Lesson 2: a node."""
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op
    def __add__(self, other):
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")
'''
PRODUCT = '''@grow
class Value(Value):
    """Exercise 3.1: products."""
    def __mul__(self, other):
        {}
'''
