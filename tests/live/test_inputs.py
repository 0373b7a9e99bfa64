import pytest

from cgviz.live.controls.inputs import Inputs, controls


@pytest.fixture
def inputs():
    return Inputs(controls({"a": 2, "b": -3}))


def test_inputs_read_and_assign_like_a_dict(inputs):
    assert dict(inputs) == {"a": 2.0, "b": -3.0} and inputs == {"a": 2.0, "b": -3.0}
    inputs["a"] = 5
    inputs.update(b=1)
    assert (inputs["a"], inputs["b"], len(inputs), list(inputs), "z" in inputs) == (5.0, 1.0, 2, ["a", "b"], False)
    assert repr(inputs) == "{'a': 5.0, 'b': 1.0}"


def test_an_unknown_leaf_is_refused_with_those_that_are_known(inputs):
    for do in (lambda: inputs["z"], lambda: inputs.__setitem__("z", 1)):
        with pytest.raises(KeyError) as caught:
            do()
        assert caught.value.args == ("there is no leaf 'z'; the leaves are a, b",)


def test_leaves_cannot_be_deleted(inputs):
    with pytest.raises(TypeError, match="^the leaves of a graph cannot be deleted, only set to another number$"):
        del inputs["a"]
    assert dict(inputs) == {"a": 2.0, "b": -3.0}


def test_labels_are_equally_wide():
    made = controls({"a": 1, "rate": 2})
    assert {control.slider.style.description_width for control in made.values()} == {"5ch"}


def test_what_is_said_of_text_and_of_numbers_reaches_one_ear():
    said = []
    made = controls({"a": 2, "b": 3}, said=said.append)
    made["b"].box.value = "two"
    Inputs(made).update(a=2)
    assert said == ["b: 'two' is not a number; write one such as 0.5", ""]
