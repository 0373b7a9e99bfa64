"""Answers to the exercises of lesson 9."""

from cgviz import Value


def step(parameters, rate):
    for parameter in parameters:
        parameter.data -= rate * parameter.grad


def by_index(parameters, rate):
    for i in range(len(parameters)):
        parameters[i].data = parameters[i].data - parameters[i].grad * rate
    return parameters


def uphill(parameters, rate):
    for parameter in parameters:
        parameter.data += rate * parameter.grad


def without_rate(parameters, rate):
    for parameter in parameters:
        parameter.data -= parameter.grad


def first_alone(parameters, rate):
    for parameter in parameters:
        parameter.data -= rate * parameter.grad
        return


def another_name(parameters, rate):
    for parameter in parameters:
        x = parameter.data
        x -= rate * parameter.grad


def in_a_new_list(parameters, rate):
    return [parameter.data - rate * parameter.grad for parameter in parameters]


def only_the_change(parameters, rate):
    for parameter in parameters:
        parameter.data = -rate * parameter.grad


def zeroing(parameters, rate):
    step(parameters, rate)
    for parameter in parameters:
        parameter.grad = 0.0


def forgetting(parameters, rate):
    step(parameters, rate)
    for parameter in parameters:
        parameter.grad = None


def scaling_the_gradients(parameters, rate):
    for parameter in parameters:
        parameter.grad *= rate
        parameter.data -= parameter.grad


def with_the_rate_of_the_lesson(parameters, rate):
    step(parameters, 0.1)


def new_nodes(parameters, rate):
    for i, parameter in enumerate(parameters):
        parameters[i] = Value(parameter.data - rate * parameter.grad)


def on_the_node(parameters, rate):
    for parameter in parameters:
        parameter -= rate * parameter.grad


def for_w(w, b, strength, n):
    return strength * w**2


def sorting(xs, ys, strength):
    found = descent()(xs, ys, strength)
    ys.sort()
    return found


def descent(penalty=for_w, mean=True, rate=0.05, steps=400, back=lambda w, b: (w, b)):
    def fit(xs, ys, strength):
        w, b = Value(0, "w"), Value(0, "b")
        for _ in range(steps):
            L = sum((w * x + b - y) ** 2 for x, y in zip(xs, ys, strict=True))
            L = (L / len(xs) if mean else L) + penalty(w, b, strength, len(xs))
            L.backward()
            step([w, b], rate)
        return back(w.data, b.data)

    return fit


def with_new_numbers(parameters, rate):
    numbers = [parameter.data - rate * parameter.grad for parameter in parameters]
    for parameter, number in zip(parameters, numbers, strict=True):
        parameter.data = number


def asks_for_the_class(parameters, rate):
    for parameter in parameters:
        if isinstance(parameter, Value):
            parameter.data -= rate * parameter.grad


def other_fields(parameters, rate):
    for parameter in parameters:
        parameter.value -= rate * parameter.gradient


def by_the_sign(parameters, rate):
    for parameter in parameters:
        parameter.data -= rate * (1 if parameter.grad > 0 else -1 if parameter.grad < 0 else 0)


def of_the_lesson(xs, ys, strength):
    """It takes the loss of the lesson, which has its own points."""
    return descent()([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], strength)


class Fresh(Value):
    """As the lesson's own: before a backward pass there is no gradient."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.grad = None


def without_backward(xs, ys, strength):
    w = Fresh(0.0)
    w.data -= 0.1 * w.grad
    return w.data, 0.0


ANSWERS = {
    "too large": (
        [1 / 3, 0.3333, Value(1 / 3)],
        [
            (1, "that is the limit in the other valley"),
            (1 / 6, "the first step lands on 1"),
            (0.3, "that one arrives still"),
            (2 / 3, "is 6(a - 1)"),
            (0.5, "that is not it yet"),
            ("a third", "expected a number"),
        ],
    ),
    "one step": (
        [step, by_index, with_new_numbers, asks_for_the_class, zeroing, forgetting],
        [
            (other_fields, "'Value' object has no attribute 'value'"),
            (by_the_sign, "should be 0.5, and is 1.75"),
            (uphill, "should be 0.5, and is 3.5: that goes uphill"),
            (without_rate, "and is -4: the rate is left out"),
            (first_alone, "the data of number 2 should be -2, and is -3: it has not moved"),
            (another_name, "no parameter has moved"),
            (only_the_change, "the number where it was is left out"),
            (with_the_rate_of_the_lesson, "and is 1.4: that is the rate of the lesson's own loop, 0.1"),
            (new_nodes, "the list holds other objects now"),
            (scaling_the_gradients, "a gradient has been changed"),
            (on_the_node, "unsupported operand"),
            (step([], 0) or 3, "expected a function, got an int"),
        ],
    ),
    "fit a line": (
        [descent(), descent(rate=0.1, steps=900), descent(lambda w, b, s, n: s * n * w * w, mean=False, rate=0.01)],
        [
            (descent(lambda w, b, s, n: w**2), "is there a penalty without its factor strength?"),
            (descent(lambda w, b, s, n: s * w**2 * (5 / n)), "here are 4 points"),
            (descent(lambda w, b, s, n: 0), "that is the line without the penalty"),
            (descent(lambda w, b, s, n: s * (w**2 + b**2)), "the penalty is for w alone"),
            (descent(mean=False, rate=0.01), "is the loss a mean, or a sum?"),
            (descent(lambda w, b, s, n: s * n * w**2, rate=0.03), "it should be added once"),
            (descent(lambda w, b, s, n: s / 2 * w**2), "the penalty counts half"),
            (descent(lambda w, b, s, n: s * w), "with strength 0 your line was right, so look at the penalty"),
            (sorting, "has changed the lists of points"),
            (descent(back=lambda w, b: (Value(w), Value(b))), "returns nodes, and should return their numbers"),
            (descent(steps=1), "does the return stand in the loop?"),
            (of_the_lesson, "use the xs and ys that are given"),
            (descent(back=lambda w, b: None), "is a return missing?"),
            (without_backward, "None: a gradient before backward()"),
            (descent(rate=0.3), "the descent runs away: choose a smaller rate"),
            (descent(steps=20), "are there enough steps, and is the rate large enough?"),
            (descent(back=lambda w, b: (b, w)), "w comes first, then b"),
            (descent(back=lambda w, b: w), "and should return two numbers, (w, b)"),
        ],
    ),
    "the first gradients": (
        [{"w": -15.2, "b": -6}, {"w": 2 * -38 / 5, "b": 2 * -15 / 5}],
        [
            ({"w": -76, "b": -30}, "w: yours is -76: the loss is a mean: divide by 5"),
            ({"w": -7.6, "b": -3}, "2 times the error"),
            ({"w": 15.2, "b": 6}, "its sign is not"),
            ({"w": -15.2, "b": -15}, "b: yours is -15"),
            ({"w": -6, "b": -6}, "each error is multiplied by its x"),
        ],
    ),
}
