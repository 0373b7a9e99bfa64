"""The page's files joined without a bundler: what is left out, in which order they stand, and what is refused."""

import asyncio

import pytest

from cgviz.live import javascript, modules
from cgviz.live.modules import join, reach, read
from cgviz.live.script import compact, tokens


@pytest.fixture
def files(tmp_path):
    """Writes files, and returns what one of them becomes joined with all that it needs."""

    def joined(entry="main", **texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return join(reach(tmp_path / f"{entry}.js"))

    return joined


@pytest.mark.parametrize("path", sorted(javascript.STATIC.rglob("*.js")), ids=lambda path: path.stem)
def test_the_tokens_of_a_file_are_the_file(path):
    text = path.read_text(encoding="utf-8")
    assert "".join(token.text for token in tokens(text)) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('const a = "// no";   // yes', 'const a="// no";'),
        ("const a = '/* no */' /* yes */;", "const a='/* no */';"),
        ("f(`// ${b /* yes */ + `}${c}`} /* no */`)", "f(`// ${b+`}${c}`} /* no */`)"),
        ("const a = /[/]\\/ \\// .test(b) // yes", "const a=/[/]\\/ \\// .test(b)"),
        ("a = b / c / d; // e", "a=b/c/d;"),
        ("x = (a) / 2 // half", "x=(a)/2"),
        ("return /  x/ in y", "return/  x/ in y"),
        ("a + +b - -c - --d", "a+ +b- -c- --d"),
        ("a + ++b", "a+ ++b"),
        ("a++ / b / c // d", "a++/b/c"),
        ("a / /b/.length", "a/ /b/.length"),
        ("`${`${a}`}` / b / c", "`${`${a}`}`/b/c"),
        ("1 .toFixed()", "1 .toFixed()"),
        ("let x\n  /* one\n two */\n\n  ++y", "let x\n++y"),
        ("return /* a\n b */ x", "return\nx"),
        ("a ? .5 : b ?? c?.d", "a?.5:b??c?.d"),
        ('const s = "it\'s \\" //"', 'const s="it\'s \\" //"'),
        ("a = 1e-5 - 2.5e+7", "a=1e-5-2.5e+7"),
        ("x = { a: /}/ }", "x={a:/}/}"),
        ("äöü in ∂ ", None),
    ],
)
def test_what_only_readers_need_is_left_out_and_nothing_else(text, left):
    if left is None:
        with pytest.raises(ValueError, match="line 1 is not understood from here on: '∂ '"):
            list(tokens(text))
        return
    assert compact(list(tokens(text))) == left
    assert compact(list(tokens(left))) == left


def test_files_stand_in_the_order_of_their_imports_each_once(files):
    text = files(
        main='import { b } from "./b.js";\nimport { a } from "./a.js";\nuse(a, b);\nexport default b;',
        b='import { a } from "./a.js";\n\nexport const b = a + 1;',
        a="// first\nexport const a = 1;",
    )
    assert text == "const a=1;\nconst b=a+1;\nuse(a,b);"


def test_what_a_file_declares_at_its_top_is_known(tmp_path):
    path = tmp_path / "a.js"
    path.write_text(
        "const a = { x: 1, y: [2, 3] }, b = (c, d) => { const e = 1; };\nlet f, g = [1, 2], h;\n"
        "const { i, j } = k(l);\nconst [m, n] = o;\nfunction p(q) { var r; }\nasync function s() {}\nfunction* t() {}\n"
        "class U extends V { w() {} }\nif (x) { let y; }\n"
        "for (const z of a) {}\nexport class W {}\nexport const [A] = B;",
        encoding="utf-8",
    )
    found = read(path)
    assert found.declared == (*"abfghijmnpst", "U", "W", "A") and found.exports == ("W", "A")


def test_a_name_that_two_files_declare_is_refused_and_a_file_without_exports_stands_alone(files):
    one, two = "const near = 1;\nexport const one = near;", "let near = 2;\nexport const two = near;"
    main = 'import { one } from "./one.js";\nimport { two } from "./two.js";\nconst near = one + two;'
    with pytest.raises(ValueError) as refused:
        files(main=main, one=one, two=two)
    assert str(refused.value) == (
        "'near' is declared in one.js and in two.js, which share one scope when they are joined: "
        "give one of the two another name"
    )
    assert files(main=main, one=one, two=two.replace("near", "far")).endswith("\n{\nconst near=one+two;\n}")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"main": 'import { a } from "./a.js";', "a": 'import { b } from "./b.js";\nexport const a = b;'}
            | {"b": 'import { a } from "./a.js";\nexport const b = a;'},
            "the page's files import one another in a circle: a.js → b.js → a.js",
        ),
        (
            {"main": 'import { b } from "./a.js";', "a": "export const a = 1;\nconst b = 2;"},
            "main.js imports 'b' from a.js, which does not export it",
        ),
        ({"main": 'import { a } from "./none.js";'}, "main.js imports from none.js, and there is no such file"),
        (
            {"main": 'import { a as b } from "./a.js";', "a": "export const a = 1;"},
            "main.js: a name is imported as it is exported: `as` would be lost when files are joined",
        ),
        ({"main": 'import a from "./a.js";'}, 'main.js: import as in `import { name } from "./file.js";`'),
        ({"main": 'import { a } from "left-pad";'}, 'main.js: import as in `import { name } from "./file.js";`'),
        ({"main": 'import * as a from "./a.js";'}, 'main.js: import as in `import { name } from "./file.js";`'),
        (
            {"main": "const a = 1;\nexport { a };"},
            "main.js: export a name where it is declared: `export const name = …`",
        ),
        (
            {"main": "export default { a: 1 };"},
            "main.js: say what is exported as `export default name;`, at the end of the file",
        ),
        ({"main": "f((a) => {\n  b;\n"}, "main.js: it ends before '{' is closed"),
        ({"main": "a);"}, "main.js: line 1 is not understood from here on: ');'"),
        ({"main": "a = 1;\nb = `c;"}, "main.js: line 2 is not understood from here on: '`c;'"),
        (
            {"main": "const { a: b } = c;"},
            "main.js: what is taken apart at the top of a file keeps its names: const a b c …",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused_in_a_sentence(files, texts, said):
    with pytest.raises(ValueError) as refused:
        files(**texts)
    assert str(refused.value) == said


def test_a_later_part_declares_no_name_that_it_takes_from_the_view(tmp_path):
    path = tmp_path / "far.js"
    path.write_text("const nearest = 1;\nexport const far = nearest;", encoding="utf-8")
    with pytest.raises(ValueError, match=r"'nearest' is declared in inputs\.js and in far\.js"):
        join([read(path)], {"nearest": tmp_path / "inputs.js"})


def test_the_files_are_read_ahead_where_a_kernel_has_nothing_else_to_do(tmp_path):
    paths = [tmp_path / f"{name}.js" for name in "ab"]
    for path in paths:
        path.write_text(f"export const {path.stem} = 1;\n", encoding="utf-8")
    before = modules._module.cache_info().misses

    async def kernel():
        modules.read_ahead([*paths, tmp_path / "gone.js"])
        at_once = modules._module.cache_info().misses
        for _ in range(5):
            await asyncio.sleep(0)
        return at_once

    assert asyncio.run(kernel()) == before
    assert modules._module.cache_info().misses == before + 2
    modules.read_ahead([tmp_path / "gone.js"])  # no loop runs: nobody waits for anything
