"""What stands around the code, the workflow, the forms, the citation, the hooks: as pyproject and the locks say."""

from __future__ import annotations

import ast
import json
import re
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from trove_classifiers import classifiers

import cgviz

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADDRESS = PROJECT["urls"]["Repository"]
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
YAMLS = [*sorted((ROOT / ".github").rglob("*.yml")), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"]


def read(*parts):
    return (ROOT.joinpath(*parts)).read_text(encoding="utf-8")


def pythons():
    return [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]


# --- one address, one version ---


def test_every_mention_of_the_repository_is_of_the_one_address():
    owner, name = ADDRESS.removeprefix("https://github.com/").split("/")
    texts = {
        path: path.read_text(encoding="utf-8") for path in [*YAMLS, *ROOT.glob("*.md"), *ROOT.glob("lessons/*.md")]
    }
    texts[ROOT / "pyproject.toml"] = read("pyproject.toml")
    mentioned = Counter()
    for path, text in texts.items():
        for host, *found in re.findall(r"(mybinder\.org/v2/gh|github\.com)/([\w.-]+)/([\w.-]+)", text):
            if "mybinder" in host or found[1] == name or path.suffix != ".md":
                mentioned[tuple(found)] += 1
    assert set(mentioned) == {(owner, name)}
    assert mentioned.total() > 15  # the badges, the citation, the forms


def spoken():
    """Whatever the project says in text, by file: pages, code, settings, forms."""
    folders = ("cgviz", "docs", "lessons", "benchmarks", "binder", "tools", ".ci", ".github", "tests")
    ends = {".py", ".md", ".js", ".mjs", ".css", ".toml", ".yml", ".yaml", ".txt", ".cff", ".json", ".pyi", ".svg", ""}
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))]
    paths += [path for path in sorted(ROOT.glob("*")) if path.suffix != ".lock"]
    for path in paths:
        if path.is_file() and path.suffix in ends and not {"__pycache__", "_lessons", "my-lessons"} & set(path.parts):
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_every_file_has_the_one_address_and_the_one_name_on_the_package_index():
    owner, name = ADDRESS.removeprefix("https://github.com/").split("/")
    addresses, packages = Counter(), Counter()
    for _, text in spoken():
        addresses.update(re.findall(rf"(?:github\.com|mybinder\.org/v2/gh)/([\w.-]+)/{name}\b", text))
        packages.update(re.findall(r"install \\?[\"']?([\w-]+)\\?\[lessons", text))
    assert set(addresses) == {owner} and addresses.total() > 20
    assert set(packages) == {PROJECT["name"]} and packages.total() > 2
    assert f"ours is called `{PROJECT['name']}`" in read("README.md")


def test_the_citation_is_of_this_version_and_licence():
    cited = yaml.safe_load(read("CITATION.cff"))
    assert (cited["version"], cited["license"]) == (cgviz.__version__, PROJECT["license"])
    assert cited["repository-code"] == ADDRESS
    assert [author["name"] for author in cited["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert set(cited["keywords"]) == set(PROJECT["keywords"])
    assert {"cff-version", "message", "title", "type"} <= set(cited)


def test_the_status_is_that_of_the_version():
    (status,) = (line for line in PROJECT["classifiers"] if line.startswith("Development Status"))
    before_one = int(cgviz.__version__.partition(".")[0]) == 0
    assert int(status.split()[3]) <= 4 if before_one else int(status.split()[3]) >= 5


def test_every_classifier_is_one():
    assert set(PROJECT["classifiers"]) <= classifiers


# --- what is imported is declared ---


PROVIDED = {
    "torch": "somebody who draws PyTorch's graphs has it",
    "nbformat": "JupyterLab's",
    "jupyterlab": "lessons",
    "jupyterlite_pyodide_kernel": "of the environment that builds the site",
    "packaging": "the same",
    "js": "Pyodide's, in a browser",
    "pyodide_js": "Pyodide's, in a browser",
}


def test_whatever_the_package_imports_stands_in_its_dependencies():
    """A package that another one brings along may go with it: it has to be named where it is imported."""
    imported = set()
    for path in Path(cgviz.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            imported |= {name.partition(".")[0] for name in names}
    called = {"PIL": "pillow"}
    foreign = {called.get(name, name.lower()) for name in imported - set(sys.stdlib_module_names) - {"cgviz"}}
    declared = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert foreign - set(PROVIDED) == declared


@pytest.mark.usefixtures("contributor")
def test_the_page_of_the_dependencies_has_a_row_and_a_reason_for_each():
    page = read("docs", "dependencies.md")
    measure = runpy.run_path(str(ROOT / "benchmarks" / "dependencies.py"))
    rows = {
        row[0]: row[1:]
        for row in re.findall(r"^\| (\S+) \| ([\d.]+) \| (\d+) \| (\d+) \| (.*) \|$", page, re.MULTILINE)
    }
    assert list(rows) == [*measure["required"](), *measure["extra"]()]
    for name, (*_, importers) in rows.items():
        module = measure["MODULES"].get(name, name)
        assert importers == ", ".join(f"`{part}`" for part in measure["importers"](module)), "--write it anew"
        assert re.search(rf"\*\*{name}\*\*", page, re.IGNORECASE), f"say why {name} is needed"


def test_sizes_and_times_are_measured():
    measure = runpy.run_path(str(ROOT / "benchmarks" / "dependencies.py"))
    assert measure["megabytes"]("numpy") > measure["megabytes"]("tqdm") > 0
    assert {"numpy", "contourpy"} <= measure["brought"]("matplotlib")
    assert measure["milliseconds"]("tqdm") > 0


# --- the workflow ---


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(read(".github", "workflows", "ci.yml"))


def test_the_workflow_runs_the_gate_and_the_command_of_the_readme(workflow):
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in workflow["jobs"].items()}
    assert ".ci/run" in commands["gate"]
    command = next(re.finditer(r"^(python3 -m cgviz test)$", read("README.md"), re.MULTILINE))[1]
    assert commands["test"] == [command.replace("python3", "python")]  # as that system's runner calls it
    systems = workflow["jobs"]["test"]["strategy"]["matrix"]["system"]
    assert {re.match("[a-z]+", name)[0] for name in systems} == {"macos", "windows"}


def test_the_workflow_tries_every_python_that_we_support(workflow):
    for job in workflow["jobs"].values():
        assert job["strategy"]["matrix"]["python"] == pythons()
        assert all(isinstance(version, str) for version in job["strategy"]["matrix"]["python"])  # 3.10 is no number


def test_the_workflow_is_pinned_may_only_read_and_ends(workflow):
    text = read(".github", "workflows", "ci.yml")
    used = re.findall(r"uses: (.*)", text)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text and "latest" not in text
    assert all(job["timeout-minutes"] for job in workflow["jobs"].values())


# --- the forms ---


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: path.name)
def test_a_file_is_yaml(path):
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_the_host_takes(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["type"] in ("input", "textarea", "dropdown", "checkboxes") for field in fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert all(field["attributes"]["options"] for field in fields if field["type"] == "dropdown")
    ids = [field["id"] for field in fields]
    assert len(ids) == len(set(ids))
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_the_forms_ask_for_the_version_by_a_command_that_prints_it():
    asked = [path for path in FORMS if "-m cgviz --version" in path.read_text(encoding="utf-8")]
    assert {path.stem for path in asked} == {"bug", "wrong-number"}
    done = subprocess.run([sys.executable, "-m", "cgviz", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert cgviz.__version__ in done.stdout


# --- the hooks ---


def test_the_hooks_have_the_versions_of_the_lock():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert repository["repo"] == "local"
    pins = [pin for hook in repository["hooks"] for pin in hook.get("additional_dependencies", ())]
    assert {pin.partition("==")[0] for pin in pins} == {"ruff", "mypy"}
    locked = read("requirements-dev.lock")
    assert [pin for pin in pins if f"\n{pin} " not in locked] == []


def test_the_hooks_of_the_page_are_scripts_of_the_lock_and_see_every_file():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    hooks = {hook["id"]: hook for hook in repository["hooks"] if hook["language"] == "system"}
    package, lock = (json.loads(read(name)) for name in ("package.json", "package-lock.json"))
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    for name, endings in {"eslint": ("js", "mjs"), "tsc": ("js", "ts")}.items():
        npm, run, silent, script = hooks[name]["entry"].split()
        assert (npm, run, silent) == ("npm", "run", "--silent") and name in package["scripts"][script]
        folders = [ROOT / "cgviz" / "live" / "static", ROOT / "tests" / "page"]
        files = [path for folder in folders for end in endings for path in folder.rglob(f"*.{end}")]
        paths = [path.relative_to(ROOT).as_posix() for path in files]
        assert len(paths) > 30
        assert [path for path in paths if not re.search(hooks[name]["files"], path)] == []


# --- the types and the coverage ---


BASELINE = runpy.run_path(str(ROOT / ".ci" / "mypy_baseline.py"))


@pytest.mark.usefixtures("contributor")
def test_mypy_finds_the_errors_that_are_known_and_no_other():
    text = BASELINE["output"]()
    assert BASELINE["faults"](text, BASELINE["read"](read("tests", "mypy_baseline.txt"))) == []


FOUND = "cgviz/a.py:1: error: No  [misc]\ncgviz/a.py:2: error: Not  [misc]\ncgviz/b.py:3: note: Hm\n"


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        ("2 cgviz/a.py", ()),
        ("1 cgviz/a.py", ("cgviz/a.py may have 1 errors:", "a.py:1: error: No", "a.py:2: error: Not")),
        ("3 cgviz/a.py", ("cgviz/a.py has 2 errors, no longer 3", "--write")),
        ("2 cgviz/a.py\n1 cgviz/b.py", ("cgviz/b.py has 0 errors, no longer 1",)),
        ("", ("cgviz/a.py may have 0 errors",)),
    ],
)
def test_the_baseline_of_mypy_holds_in_both_directions(allowed, told):
    sentences = BASELINE["faults"](FOUND, BASELINE["read"](allowed))
    assert len(sentences) == bool(told)
    assert all(piece in sentences[0] for piece in told)


@pytest.mark.parametrize(("before", "code"), [("1 cgviz/a.py", 1), ("2 cgviz/c.py", 0), ("9 cgviz/a.py", 0)])
def test_a_baseline_may_move_and_shrink_but_not_grow(before, code, tmp_path):
    path = tmp_path / "baseline.txt"
    path.write_text(before, encoding="utf-8")
    script = BASELINE["main"]
    script.__globals__.update(BASELINE=path, output=lambda: FOUND)
    try:
        assert script(["--write"]) == code
    finally:
        script.__globals__.update(BASELINE=BASELINE["BASELINE"], output=BASELINE["output"])
    assert path.read_text(encoding="utf-8") == (before if code else "  2 cgviz/a.py\n")


COVERAGE = runpy.run_path(str(ROOT / ".ci" / "core_coverage.py"))


def test_the_floors_of_the_coverage_are_of_modules_and_tests_that_are_there():
    assert all((ROOT / path).exists() for path in COVERAGE["TESTS"])
    assert all((ROOT / path).is_file() for name in COVERAGE["FLOORS"] for path in COVERAGE["files"](name))


def test_a_module_below_its_floor_is_named(capsys):
    names = COVERAGE["files"]("cgviz.graph")
    summary = {"num_statements": 8, "covered_lines": 7, "num_branches": 2, "covered_branches": 2}
    report = {"files": {name: {"summary": summary} for name in names}}
    assert COVERAGE["below"](report, {"cgviz.graph": 90}) == []
    (sentence,) = COVERAGE["below"](report, {"cgviz.graph": 91})
    assert sentence.startswith("cgviz.graph: 90.0 %")
    assert "floor 91 %" in capsys.readouterr().out


def test_the_gate_runs_both():
    gate = read(".ci", "run")
    assert ".ci/core_coverage.py" in gate


def test_node_runs_other_people_s_programs_below_the_project_as_it_would_elsewhere():
    """The environment stands in the project's folder, and JupyterLab in it, which runs scripts with Node.js."""
    assert "type" not in json.loads(read("package.json"))
    assert json.loads(read("cgviz", "live", "static", "package.json"))["type"] == "module"
