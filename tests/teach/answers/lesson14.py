"""Answers to the exercises of lesson 14."""


class Dual:
    def __init__(self, data, slope=0.0):
        self.data, self.slope = data, slope

    def __add__(self, other):
        return type(self)(self.data + other.data, self.slope + other.slope)

    def __mul__(self, other):
        return type(self)(self.data * other.data, self.slope * other.data + self.data * other.slope)


def multiplied(slope):
    """A class whose products have another slope."""
    return type("Dual", (Dual,), {"__mul__": lambda self, other: Dual(self.data * other.data, slope(self, other))})


class InPlace(Dual):
    def __mul__(self, other):
        self.slope = self.slope * other.data + self.data * other.slope
        self.data *= other.data
        return self


class SlopeInPlace(Dual):
    def __mul__(self, other):
        self.slope = self.slope * other.data + self.data * other.slope
        return Dual(self.data * other.data, self.slope)


class Texts(Dual):
    def __mul__(self, other):
        return self.data * other.data


def one_by_one(f, numbers):
    slopes = []
    for i in range(len(numbers)):
        duals = [Dual(x, 1.0 if j == i else 0.0) for j, x in enumerate(numbers)]
        slopes.append(f(*duals).slope)
    return slopes


def with_zeros(f, numbers):
    duals = [Dual(x) for x in numbers]
    return tuple(f(*duals[:i], Dual(x, 1.0), *duals[i + 1 :]).slope for i, x in enumerate(numbers))


def all_at_once(f, numbers):
    return [f(*[Dual(x, 1.0) for x in numbers]).slope for _ in numbers]


def the_value(f, numbers):
    return [f(*map(Dual, numbers)).data for _ in numbers]


def by_small_steps(f, numbers):
    h = 1e-7
    moved = [f(*[x + h * (j == i) for j, x in enumerate(numbers)]) for i in range(len(numbers))]
    return [(y - f(*numbers)) / h for y in moved]


def ones_stay(f, numbers):
    duals, slopes = [Dual(x) for x in numbers], []
    for dual in duals:
        dual.slope = 1.0
        slopes.append(f(*duals).slope)
    return slopes


def by_value(f, numbers):
    return [f(*[Dual(x, 1.0 if x == one else 0.0) for x in numbers]).slope for one in numbers]


def changes_the_list(f, numbers):
    found = one_by_one(f, numbers)
    numbers.clear()
    return found


ANSWERS = {
    "dual products": (
        [Dual, multiplied(lambda a, b: a.data * b.slope + b.data * a.slope)],
        [
            (multiplied(lambda a, b: 0.0), "no slope was given to the new Dual"),
            (multiplied(lambda a, b: a.slope * b.data - a.data * b.slope), "are added, and not subtracted"),
            (
                multiplied(lambda a, b: float(a.slope * b.data + a.data * b.slope)),
                "of nodes; do x * x and x * x * x hold nodes?",
            ),
            (multiplied(lambda a, b: abs(a.slope * b.data + a.data * b.slope)), "should be -1.688"),
            (multiplied(lambda a, b: a.slope * b.data + round(a.data * b.slope)), "gives -1.938, should be -1.688"),
            (multiplied(lambda a, b: a.slope * b.slope), "the product of the slopes"),
            (multiplied(lambda a, b: a.slope + b.slope), "the sum of the slopes"),
            (multiplied(lambda a, b: a.slope * a.data + b.slope * b.data), "mind whose slope"),
            (multiplied(lambda a, b: a.slope * b.data), "the slope of the second is left out"),
            (InPlace, "leaves its operands as they are"),
            (SlopeInPlace, "gives 'Dual(3, 2)', should be 'Dual(3, 1)': a product is a new Dual"),
            (Texts, "AttributeError"),
            (Dual(2, 1), "give check your class itself"),
        ],
    ),
    "gradient by forward mode": (
        [one_by_one, with_zeros],
        [
            (all_at_once, "only one input has the slope 1"),
            (the_value, "that is the value of f"),
            (lambda f, numbers: one_by_one(f, numbers)[::-1], "the last first"),
            (lambda f, numbers: [f(*map(Dual, numbers)).slope for _ in numbers], "nobody had the slope 1"),
            (lambda f, numbers: [f(*map(Dual, numbers)) for _ in numbers], "the results themselves"),
            (lambda f, numbers: one_by_one(f, numbers)[:1], "one slope is asked for each input"),
            (by_small_steps, "give it Duals"),
            (ones_stay, "the inputs before still have the slope 1"),
            (by_value, "where a and b are equal"),
            (changes_the_list, "has changed the list"),
        ],
    ),
    "three derivatives": (
        [{"f′": 27, "f″": 18, "f‴": 6}, {"f‴": 6.0, "f″": 3 * 6.0, "f′": 3 * 3.0**2}],
        [
            ({"f′": 9, "f″": 18, "f‴": 6}, "comes down as a factor"),
            ({"f′": 27, "f″": 6, "f‴": 6}, "a is 3"),
            ({"f′": 27, "f″": 18, "f‴": 0}, "the derivative after this one"),
            ({"f′": 27, "f″": 27, "f‴": 6}, "differentiate it once more"),
        ],
    ),
}
