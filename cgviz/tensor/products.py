"""NumPy's products of Tensors: dot, outer, tensordot, einsum …, made of rows."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..ops.rows import mul
from ..text import a_shape
from . import array_rows as rows
from . import matrices
from .arguments import enter, enter_as, is_default, one_axis, operand, place, places
from .reductions import total
from .rule_errors import ShapeError
from .shapes import pad, place_numbers


@enter("dot", "*a *b out", "dot")
def dot(a: Any, b: Any) -> Any:
    """The sum of products over the last axis of `a` and the last but one of `b`, its only one if it has one."""
    a, b = operand(a), operand(b)
    if not a.shape or not b.shape:
        return mul(a, b)
    if len(a.shape) <= 2 and len(b.shape) <= 2:
        return rows.times(a, b)
    return tensordot(a, b, (-1, -2 if len(b.shape) > 1 else -1))


@enter("linalg.matmul", "*x1 *x2")
def matmul(x1: Any, x2: Any) -> Any:
    """The product of matrices."""
    return rows.times(operand(x1), operand(x2))


@enter("linalg.multi_dot", "*arrays out")
def multi_dot(arrays: Sequence) -> Any:
    """The product of several matrices, from left to right."""
    listed = [operand(x) for x in arrays]
    if len(listed) < 2:
        raise ValueError(f"np.linalg.multi_dot takes at least two arrays, got {len(listed)}")
    if len(listed) > 2:
        for i, x in enumerate(listed):
            if len(x.shape) != 2 and not (len(x.shape) == 1 and i in (0, len(listed) - 1)):
                raise ShapeError(
                    f"np.linalg.multi_dot takes matrices, at both ends also vectors; got {a_shape(x.shape)}"
                )
    first, *rest = listed
    for x in rest:
        first = dot(first, x)
    return first


@enter("inner", "*a *b")
def inner(a: Any, b: Any) -> Any:
    """The sum of products over the last axes."""
    a, b = operand(a), operand(b)
    return tensordot(a, b, (-1, -1)) if a.shape and b.shape else mul(a, b)


@enter("vdot", "*a *b")
def vdot(a: Any, b: Any) -> Any:
    """The sum of products of all numbers."""
    return rows.times(_flat(a), _flat(b))


@enter("outer", "*a *b out")
def outer(a: Any, b: Any) -> Any:
    """Each number of `a` times each of `b`, as a matrix."""
    return mul(rows.column(_flat(a)), _flat(b))


def linalg_outer(x1: Any, x2: Any, /) -> Any:
    """The same by the arguments of `np.linalg.outer`."""
    for x in map(operand, (x1, x2)):
        if len(x.shape) != 1:
            raise ShapeError(f"np.linalg.outer takes vectors, got {a_shape(x.shape)}: np.outer takes any")
    return outer(x1, x2)


enter_as("linalg.outer", linalg_outer)


def _flat(x: Any) -> Any:
    x = operand(x)
    return rows.reshape((x.size,))(x)


@enter("tensordot linalg.tensordot", "*a *b axes")
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """The sum of products over as many last axes of `a` as first of `b`, or over the axes that are named of each."""
    a, b = operand(a), operand(b)
    if isinstance(axes, (tuple, list)):
        if len(axes) != 2:
            raise TypeError(f"the axes of tensordot are a number, or a pair: those of each operand; got {axes!r}")
        of_a, of_b = places(axes[0], len(a.shape)), places(axes[1], len(b.shape))
    else:
        n = one_axis(axes)
        if not 0 <= n <= min(len(a.shape), len(b.shape)):
            raise IndexError(f"tensordot cannot sum over {n} axes of {a_shape(a.shape)} and {a_shape(b.shape)}")
        of_a, of_b = tuple(range(len(a.shape) - n, len(a.shape))), tuple(range(n))
    letters = iter(string.ascii_letters)
    first, second = [[next(letters) for _ in x.shape] for x in (a, b)]
    if len(of_a) != len(of_b):
        raise ShapeError(f"tensordot needs as many axes of the first as of the second, got {of_a} and {of_b}")
    for i, k in zip(of_a, of_b, strict=True):
        if a.shape[i] != b.shape[k]:
            raise ShapeError(
                f"cannot sum over axis {i} of the first ({a_shape(a.shape)}) with axis {k} of the second "
                f"({a_shape(b.shape)}): their sizes differ"
            )
        second[k] = first[i]
    kept = [c for c in first + second if (c in first) != (c in second)]
    return matrices.einsum(f"{''.join(first)},{''.join(second)}->{''.join(kept)}")(a, b)


@enter("linalg.vecdot", "*x1 *x2 axis")
def vecdot(x1: Any, x2: Any, axis: int = -1) -> Any:
    """The sum of products along an axis."""
    x1, x2 = operand(x1), operand(x2)
    sizes = [x.shape[place(axis, len(x.shape))] for x in (x1, x2)]
    if sizes[0] != sizes[1]:
        raise ShapeError(
            f"np.linalg.vecdot needs as many numbers of the first as of the second along the axis, got {sizes[0]} and "
            f"{sizes[1]}"
        )
    return total(mul(x1, x2), axis=axis)


@enter("kron", "*a *b")
def kron(a: Any, b: Any) -> Any:
    """Each number of `a` times the whole of `b`, as blocks."""
    a, b = operand(a), operand(b)
    n = max(len(a.shape), len(b.shape))
    a, b = (rows.reshape((1,) * (n - len(x.shape)) + x.shape)(x) for x in (a, b))
    apart = tuple(size for pair in zip(a.shape, (1,) * n, strict=True) for size in pair)
    within = tuple(size for pair in zip((1,) * n, b.shape, strict=True) for size in pair)
    blocks = mul(rows.reshape(apart)(a), rows.reshape(within)(b))
    return rows.reshape(tuple(p * q for p, q in zip(a.shape, b.shape, strict=True)))(blocks)


def einsum(subscripts: Any, *operands: Any, **options: Any) -> Any:
    """Einstein's sum, as `np.einsum` takes it: ``"ij,jk->ik"``; a letter twice in one operand is its diagonal."""
    unknown = {name for name, value in options.items() if name != "optimize" and not is_default("einsum", name, value)}
    if unknown:
        raise TypeError(f"np.einsum of a Tensor takes no {', '.join(sorted(unknown))}")
    if not isinstance(subscripts, str):
        raise TypeError("np.einsum of a Tensor takes the subscripts as text, such as 'ij,jk->ik'")
    xs = [operand(x) for x in operands]
    terms, result = _terms(subscripts, xs)
    spare = iter(c for c in string.ascii_letters if c not in "".join(terms) + result)
    for i, term in enumerate(tuple(terms)):
        for c in dict.fromkeys(term):
            for _ in range(term.count(c) - 1):  # ii becomes ij with the identity ij beside it
                twin, n = next(spare), xs[i].shape[term.index(c)]
                at = terms[i].rindex(c)
                terms[i] = terms[i][:at] + twin + terms[i][at + 1 :]
                terms.append(c + twin)
                xs.append(np.eye(n))
    return matrices.einsum(f"{','.join(terms)}->{result}")(*xs)


enter_as("einsum", einsum)


def _terms(subscripts: str, xs: list) -> tuple[list[str], str]:
    """The letters of each operand and of the result, with letters for ``...`` too."""
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(xs):
        raise ValueError(f"the subscripts '{subscripts}' are for {len(terms)} operands, got {len(xs)}")
    free = [c for c in string.ascii_letters[::-1] if c not in subscripts]
    more = [len(x.shape) - len(term.replace("...", "")) for term, x in zip(terms, xs, strict=True)]
    dots = [n if "..." in term else 0 for n, term in zip(more, terms, strict=True)]
    if any(n != d or n < 0 for n, d in zip(more, dots, strict=True)):
        shapes = ", ".join(a_shape(x.shape) for x in xs)
        raise ShapeError(f"the subscripts '{subscripts}' do not fit the shapes {shapes}: a letter for each axis")
    letters = "".join(free[: max(dots, default=0)])
    if not arrow:
        flat = left.replace("...", "").replace(",", "")
        result = ("..." if "..." in left else "") + "".join(c for c in sorted(set(flat)) if flat.count(c) == 1)
    full = [term.replace("...", letters[len(letters) - n :]) for term, n in zip(terms, dots, strict=True)]
    result = result.replace("...", letters)
    if not re.fullmatch("[a-zA-Z]*", "".join(full) + result):
        raise ValueError(f"the subscripts of einsum are letters, commas, ... and ->, got '{subscripts}'")
    return full, result


@enter("trace", "*a offset axis1 axis2 dtype out", "trace")
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the diagonal."""
    return total(place_numbers("diagonal", a, offset=offset, axis1=axis1, axis2=axis2), axis=-1)


@enter("linalg.trace", "*x offset dtype")
def linalg_trace(x: Any, offset: int = 0) -> Any:
    """The sum of the diagonal of a matrix, or of each of a stack."""
    return trace(x, offset=offset, axis1=-2, axis2=-1)


@enter("convolve", "*a *v mode")
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """The convolution of two vectors."""
    a, v = _vector(a), _vector(v)
    if v.size > a.size:
        a, v = v, a
    n, m = a.size, v.size
    index = np.arange(n + m - 1)[:, None] - np.arange(m)[None, :] + m - 1
    full = rows.times(rows.getitem(index)(pad(a, m - 1)), v)
    cut = {"full": (0, n + m - 1), "same": ((m - 1) // 2, (m - 1) // 2 + n), "valid": (m - 1, n)}
    if mode not in cut:
        raise ValueError(f"the mode of convolve is 'full', 'same' or 'valid', got {mode!r}")
    return full if mode == "full" else rows.getitem(slice(*cut[mode]))(full)


def _vector(x: Any) -> Any:
    x = operand(x)
    if len(x.shape) > 1 or not x.size:
        raise ShapeError(f"convolve takes vectors, got {a_shape(x.shape)}")
    return rows.reshape((x.size,))(x)
