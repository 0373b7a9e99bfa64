"""Where the site's files come from: by their hashes, and with a sentence where they do not."""

import hashlib

import pytest

from cgviz.site import pins, supply
from cgviz.site.assembly import packages
from cgviz.site.supply import Supply
from cgviz.start.install import NetworkError, SetupError

GOOD = hashlib.sha256(b"good").hexdigest()


@pytest.fixture
def places(tmp_path):
    own, kept = tmp_path / "own", tmp_path / "kept"
    own.mkdir()
    return own, kept, Supply(own, kept)


def test_a_file_of_the_own_folder_is_taken(places):
    own, kept, found = places
    (own / "a.whl").write_bytes(b"good")
    assert found.fetch("a.whl", GOOD, "nowhere:/") == own / "a.whl"
    assert not kept.exists()


def test_a_file_with_another_hash_is_refused_in_one_sentence(places):
    own, _, found = places
    (own / "a.whl").write_bytes(b"bad")
    with pytest.raises(SetupError) as refused:
        found.fetch("a.whl", GOOD, "nowhere:/")
    assert str(own / "a.whl") in str(refused.value)
    assert hashlib.sha256(b"bad").hexdigest()[:16] in str(refused.value)
    assert GOOD[:16] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_was_fetched_is_kept_and_not_asked_for_again(places, monkeypatch):
    _, kept, found = places
    asked = []
    monkeypatch.setattr(supply, "download", lambda url: asked.append(url) or b"good")
    for _ in range(2):
        assert found.fetch("a.whl", GOOD, "there:/full/") == kept / "a.whl"
    assert asked == ["there:/full/a.whl"]
    (kept / "a.whl").write_bytes(b"broken since")
    found.fetch("a.whl", GOOD, "there:/full")
    assert len(asked) == 2


def test_what_comes_with_another_hash_is_not_kept(places, monkeypatch):
    _, kept, found = places
    monkeypatch.setattr(supply, "download", lambda url: b"a page that asks who you are")
    with pytest.raises(SetupError, match=r"what was fetched as a\.whl is another file"):
        found.fetch("a.whl", GOOD, "there:/")
    assert not kept.exists()


def test_without_a_network_it_says_what_helps():
    with pytest.raises(NetworkError, match=r"^a\.whl could not be fetched \(.+\): check the network .* --wheels\.$"):
        supply.download("http://127.0.0.1:9/a.whl")


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SetupError, match=r"there is no folder .*gone: --wheels takes"):
        Supply(tmp_path / "gone", tmp_path)


# --- what is pinned ---


def test_every_release_has_all_packages_that_its_packages_need():
    found = pins.read()
    assert len(found["releases"]) >= 2
    for release in found["releases"].values():
        assert set(pins.closure(release, [*pins.ALWAYS, *pins.SCIENCE])) == set(release)
        assert all(len(each["sha256"]) == 64 for each in release.values())
    assert set(found["core"]) == set(pins.CORE)


@pytest.fixture
def releases(monkeypatch):
    """Two releases of a package: the newer one wanted, the older one as good."""

    def pinned(content, version):
        digest = hashlib.sha256(content).hexdigest()
        return {"version": version, "file_name": f"n-{version}.whl", "sha256": digest, "imports": ["n"], "depends": []}

    found = {"releases": {"2": {"n": pinned(b"new", "2")}, "1": {"n": pinned(b"old", "1")}}}
    monkeypatch.setattr(pins, "read", lambda: found)


def test_the_release_is_that_of_the_files_which_are_there(places, releases):
    own, _, found = places
    (own / "n-1.whl").write_bytes(b"old")
    path, entry = packages(found, "nowhere:/", ["n"])["n"]
    assert (path, entry["version"], entry["install_dir"]) == (own / "n-1.whl", "1", "site")
    (own / "n-2.whl").write_bytes(b"new")
    assert packages(found, "nowhere:/", ["n"])["n"][0] == own / "n-2.whl"


def test_what_is_nowhere_is_fetched_in_the_preferred_release(places, releases, monkeypatch):
    _, kept, found = places
    monkeypatch.setattr(supply, "download", lambda url: b"new")
    assert packages(found, "there:/", ["n"])["n"][0] == kept / "n-2.whl"
