"""The training loop, as a notebook wants it: a progress bar, a history, and a network that is always whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex

from ..listing import Listing
from ..text import kind
from .parting import PartedError
from .sample_checks import whole
from .sample_training import SampleTraining
from .training import Training
from .training_step import DivergedError, State, Step


class History(Listing[Step]):
    """The steps of a training, as a list; `state` is where they have led to, and a `Step` is how each began.

    `notes` says what had no influence on the loss.

    A slice is a history of its steps: what its last one led to, the next one began with.

    >>> history = History([Step(1, 0.5, 0.75, 1.0), Step(2, 0.25, 1.0, 1.0)], State(2, 0.125, 1.0))
    >>> history
    History of 2 steps, the first from loss 0.500, accuracy 75.0 %
    after step 2: loss 0.125, accuracy 100.0 %
    >>> history[:1].state
    State(number=1, loss=0.25, accuracy=1.0)
    """

    def __init__(self, steps: Iterable[Step] = (), state: State | None = None, notes: Iterable[str] = ()) -> None:
        super().__init__(steps)
        self.state, self.notes = state, list(notes)

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        if not isinstance(place, slice):
            return found
        places = range(len(self))[place]
        return History(found, self._after(places[-1]) if places and places.step > 0 else None, self.notes)

    def __add__(self, other: list) -> History:
        found = super().__add__(other)
        if found is NotImplemented:
            return found
        return History(found, getattr(other, "state", None) if other else self.state, self.notes)

    def copy(self) -> History:
        return History(self, self.state, self.notes)

    def _after(self, place: int) -> State | None:
        """Where a step led to: the next one tells, if it is here."""
        if place + 1 == len(self):
            return self.state
        step, following = self[place], self[place + 1]
        return State(step.number, following.loss, following.accuracy) if following.number == step.number + 1 else None

    def __repr__(self) -> str:
        if self.state is None:
            return super().__repr__()
        count = f"{len(self)} step{'s' * (len(self) != 1)}"
        first = f", the first from {describe_step(self[0])}" if self else ""
        lines = [f"History of {count}{first}", f"after step {self.state.number}: {describe_step(self.state)}"]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def train(
    net: Any,
    xs: Any = None,
    ys: Any = None,
    steps: int = 100,
    *,
    data: Iterable[Any] | None = None,
    callback: Callable[[Step], Any] | None = None,
    progress: bool = True,
    **options: Any,
) -> History:
    """Train a network by gradient descent on all samples at once, and return what each step was, and what they came to.

    The arguments are those of `Training`, with the number of `steps`: of a network with its samples `xs` and labels
    `ys`, or, in place of these, ``train(loss_of, data=names)``, for a loss that is a function of one sample
    (`SampleTraining`). After each step the network has its new parameters, and `callback` is called with the `Step`.
    A progress bar shows loss and accuracy, unless `progress` is ``False``. Whatever ends the training early, Ctrl-C or
    the stop button too, leaves the network with the parameters of the last complete step.

    Raises what `Training`, its `step` and its `check` raise, with the steps before as the error's `history`; and
    `ValueError` if `steps` is no whole number of at least 1.

    >>> from cgviz.nn import MLP, moons
    >>> xs, ys = moons(100, noise=0.1, seed=1)
    >>> history = train(MLP(2, [8, 1], seed=1), xs, ys, steps=60, progress=False)
    >>> history[-1].number, history.state.accuracy > 0.9
    (60, True)
    """
    steps = whole(steps, "steps")
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be a function of a Step, got {kind(callback)}")
    if data is None:
        training: Training | SampleTraining = Training(net, xs, ys, **options)
    elif xs is None and ys is None:
        training = SampleTraining(net, data, **options)
    else:
        raise TypeError("train takes a network with xs and ys, or a function of a sample with data, but not both")
    coming = training.steps(steps)
    if callback is None and isinstance(training, SampleTraining):
        coming = training.steps(steps, write=False)  # nobody looks at the nodes before the end
    history = History()
    bar = _bar(steps) if progress else None
    try:
        for step in coming:
            history.append(step)
            if bar is not None:
                bar.set_postfix_str(describe_step(step if data is not None else training.state), refresh=False)
                bar.update()
            if callback is not None:
                callback(step)
        training.check()
    except (DivergedError, PartedError) as error:
        error.history = history[: training.done]
        raise
    finally:
        training.write()
        if bar is not None:
            bar.close()
    history.state, history.notes = training.state, training.notes
    return history


def describe_step(step: Step | State) -> str:
    """The loss and the accuracy in words.

    >>> describe_step(Step(7, 0.25, 0.985, 1.0))
    'loss 0.250, accuracy 98.5 %'
    """
    accuracy = "" if step.accuracy is None else f", accuracy {100 * step.accuracy:.1f} %"
    return f"loss {step.loss:.3f}{accuracy}" if 1e-3 <= step.loss < 1e4 else f"loss {step.loss:.2e}{accuracy}"


def _bar(steps: int) -> Any:
    """The bar of tqdm that fits: a widget in a notebook, elsewhere a line of text."""
    from tqdm.auto import tqdm

    return tqdm(total=steps, desc="training", unit="step")
