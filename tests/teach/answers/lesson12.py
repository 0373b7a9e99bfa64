"""Answers to the exercises of lesson 12."""

import numpy as np


def both(g, x, w):
    return g @ w.T, x.T @ g


def by_elements(g, x, w):
    for_x, for_w = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            for k in range(x.shape[1]):
                for_x[i, k] += g[i, j] * w[k, j]
                for_w[k, j] += g[i, j] * x[i, k]
    return [for_x, for_w]


def axis_by_axis(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


def at_once(g, shape):
    longer = (1,) * (g.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i in range(g.ndim) if longer[i] < g.shape[i])
    return g.sum(axis=axes, keepdims=True).reshape(shape)


def first_axes_only(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g


def forgets_to_keep(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis)
    return g


def means(g, shape):
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    return g


def one_copy(g, shape):
    while g.ndim > len(shape):
        g = g[0]
    return g


def everything(g, shape):
    return g if g.shape == shape else np.full(shape, g.sum())


ANSWERS = {
    "slopes of a matrix product": (
        [both, by_elements],
        [
            (lambda g, x, w: (g * w, g * x), "your function raised ValueError"),
            (lambda g, x, w: (g @ w, x @ g), "rows of length 1 on its left, columns of length 3 on its right"),
            (lambda g, x, w: (g @ w.T, x.T @ np.ones(g.shape)), "the gradient of w has the right shape, but is"),
            (lambda g, x, w: (g @ w.T, x.T @ np.abs(g), x.fill(0))[:2], "has changed x"),
            (lambda g, x, w: (x.T @ g, g @ w.T), "should have (2, 3): that of x comes first, then that of w"),
            (lambda g, x, w: (np.ones(g.shape) @ w.T, x.T @ g), "g is left out"),
            (lambda g, x, w: both(g, x, w) and None, "is a return missing?"),
            (lambda g, x, w: g @ w.T, "should be two arrays"),
            (lambda g, x, w: (g @ w.T, g.T @ x), "the gradient of w has the shape (1, 3), should have (3, 1)"),
            (both(np.ones((2, 1)), np.ones((2, 3)), np.ones((3, 1))), "expected a function"),
        ],
    ),
    "unbroadcast": (
        [axis_by_axis, at_once],
        [
            (lambda g, shape: g, "has the shape (2, 3), should have (3,)"),
            (lambda g, shape: np.abs(axis_by_axis(g, shape)), "has the right shape, but is"),
            (lambda g, shape: axis_by_axis(g[0] if g.ndim == 3 else g, shape), "[[3.0], [1.0], [11.0]], should be"),
            (first_axes_only, "has the shape (2, 3), should have (1, 3)"),
            (forgets_to_keep, "has the shape (3,), should have (1, 3)"),
            (means, "these are the means"),
            (one_copy, "one of the copies"),
            (everything, "the sum of the whole gradient"),
            (lambda g, shape: g.sum(), "should have (2, 3)"),
            (lambda g, shape: g.reshape(shape), "raised ValueError"),
        ],
    ),
    "slopes of the scores": (
        [(0.5, -0.75, 0.25), [0.5, -3 / 4, 1 / 4], np.array([0.5, -0.75, 0.25])],
        [
            ((0.5, 0.25, 0.25), "that is p"),
            ((0.5, 0.75, 0.25), "p − 1"),
            ((-0.5, 0.25, 0.25), "its sign"),
            ((0.25, -0.75, 0.5), "which of the scores"),
            ((0.5, -0.75), "3"),
        ],
    ),
}
