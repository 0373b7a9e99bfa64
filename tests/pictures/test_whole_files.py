"""What is written to a file is there whole, or what was there before still is."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cgviz import Value, draw, draw_dot
from cgviz.pictures.whole_files import write_whole

ROOT = Path(__file__).resolve().parents[2]
FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
from cgviz import Value, draw, draw_dot, film
L = Value(2.0, "a") * Value(-3.0, "b") + 1
L.backward()
try:
    {write}
except OSError as error:
    print(type(error).__name__, error)
else:
    print("written")
"""
WRITERS = {
    "a.svg": "draw(L).save('a.svg')",
    "a.html": "draw(L).save('a.html')",
    "a.png": "draw(L).save('a.png')",
    "b.svg": "draw_dot(L).render('b', format='svg')",
    "c.dot": "draw(L).save('c.dot')",
    "f.gif": "film(L, 'f.gif')",
    "command.svg": "import cgviz.cli; sys.exit(cgviz.cli.main(['draw', 'a*b', 'a=1', 'b=2', '-o', 'command.svg']))",
}


@pytest.mark.skipif(os.name == "nt", reason="the limit on a file's size that stands for a full disk is POSIX's")
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"the old one")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", FULL.format(write=WRITERS[name])], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert "too large" in done.stdout + done.stderr, done
    assert (tmp_path / name).read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is left aside"


def test_permissions_and_links_stay(tmp_path):
    (tmp_path / "real.svg").write_bytes(b"old")
    (tmp_path / "real.svg").chmod(0o640)
    (tmp_path / "link.svg").symlink_to("real.svg")
    draw(Value(2.0, "a") * 3).save(tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink()
    assert b"<svg" in (tmp_path / "real.svg").read_bytes()
    assert stat.S_IMODE((tmp_path / "real.svg").stat().st_mode) == 0o640


def test_what_is_no_file_is_written_to_as_it_is(tmp_path):
    write_whole("/dev/null", b"anything")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_name_may_be_as_long_as_one_can_be(tmp_path):
    name = "a" * 251 + ".svg"
    draw(Value(2.0, "a") * 3).save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="cannot write the picture: No such file"):
        draw(Value(2.0, "a") * 3).save(tmp_path / "nowhere" / "a.svg")
    assert draw_dot(Value(2.0, "a") * 3).render(tmp_path / "new" / "a", format="svg")
