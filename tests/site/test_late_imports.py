"""What comes when it is imported: fetched, unpacked and found; or refused in one sentence."""

import hashlib
import io
import sys
import zipfile
from types import SimpleNamespace

import pytest

from cgviz.site import late_imports
from cgviz.site.late_imports import LateImports


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(f"{name}.py", text)
    return out.getvalue()


class Proxy(SimpleNamespace):
    def to_py(self):
        return vars(self)


@pytest.fixture
def page(monkeypatch, tmp_path):
    """A page of the browser as far as the finder asks it: the site's list, what is loaded, and a request."""
    contents = {
        "main.whl": archive(latemain="import latehelp; x = latehelp.y + 1"),
        "help.whl": archive(latehelp="y = 1"),
    }
    packages = {
        "late-main": {"file_name": "main.whl", "imports": ["latemain"], "depends": ["late-help", "there"]},
        "late-help": {"file_name": "help.whl", "imports": ["latehelp"], "depends": []},
        "there": {"file_name": "there.whl", "imports": ["there"], "depends": []},
    }
    for entry in packages.values():
        entry["sha256"] = hashlib.sha256(contents.get(entry["file_name"], b"")).hexdigest()
    asked = []

    class Request:
        def open(self, method, url, later):
            assert (method, later) == ("GET", False)
            self.url = url

        def send(self):
            asked.append(self.url)
            content = contents.get(self.url.removeprefix("site:/"))
            self.status = 404 if content is None else 200
            self.response = SimpleNamespace(to_bytes=lambda: content)

    loaded = Proxy(there="default")
    api = SimpleNamespace(
        lockfile=SimpleNamespace(packages=Proxy(**packages)), config=SimpleNamespace(packageBaseUrl="site:/")
    )
    monkeypatch.setitem(sys.modules, "pyodide_js", SimpleNamespace(_api=api, loadedPackages=loaded))
    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(XMLHttpRequest=SimpleNamespace(new=Request)))
    monkeypatch.setattr(late_imports, "PROVIDED", {"latemain": "Main", "lateother": "Other"})
    monkeypatch.setattr(late_imports.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(sys, "path", ["", *sys.path, str(tmp_path)])
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    late_imports.install()
    late_imports.install()
    yield SimpleNamespace(asked=asked, contents=contents)
    for name in ("latemain", "latehelp"):
        sys.modules.pop(name, None)


def test_an_import_fetches_what_it_needs_and_nothing_twice(page):
    import latemain

    assert latemain.x == 2
    assert sorted(page.asked) == ["site:/help.whl", "site:/main.whl"]
    assert sum(isinstance(finder, LateImports) for finder in sys.meta_path) == 1
    assert sys.path[-1] == ""


def test_a_site_without_it_says_so_each_time(page):
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="Other is needed here, and this site was built without it: open"):
            import lateother  # noqa: F401


def test_what_no_site_has_is_missing_as_ever(page):
    with pytest.raises(ModuleNotFoundError, match="^No module named 'nowhere_at_all'$"):
        import nowhere_at_all  # noqa: F401
    assert page.asked == []


@pytest.mark.parametrize(("content", "sentence"), [(None, "could not be fetched"), (b"other", "is not the one that")])
def test_a_file_that_does_not_come_whole_is_not_used(page, content, sentence):
    page.contents["main.whl"] = content
    with pytest.raises(ImportError, match=f"main.whl {sentence}.*load the page again"):
        import latemain  # noqa: F401
