"""Check the Binder set-up without Docker: ask repo2docker for its plan, then do what it plans.

    python -m pip install jupyter-repo2docker packaging    (in an environment of its own)
    python binder/check.py --plan-only                     reads the configuration as mybinder.org does: seconds
    python binder/check.py                                 builds it and runs the badge's lesson: about a minute

Left to mybinder.org: solving its conda environment, its Ubuntu image, its proxy.
"""

import argparse
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget")


class Plan(NamedTuple):
    """What repo2docker would build."""

    python: str
    image: dict[str, str]  # Jupyter's packages in the image, with their versions
    pip_scripts: list[str]
    post_build: list[str]
    start: str | None


def plan(repo: Path) -> Plan:
    """Return repo2docker's plan for the clone `repo`; stops with a sentence when it would not work."""
    from packaging.specifiers import SpecifierSet
    from repo2docker.app import Repo2Docker
    from repo2docker.buildpacks import conda

    os.chdir(repo)
    app = Repo2Docker()
    packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
    pack = next((pack for pack in packs if pack.detect()), None) or sys.exit("repo2docker finds nothing to build")
    pack.platform = "linux/amd64"
    pack.render({})
    version = pack.python_version
    scripts = [step[1] for step in (*pack.get_preassemble_scripts(), *pack.get_assemble_scripts())]
    start = (pack.get_start_script() or "").replace("${REPO_DIR}/", "") or None
    print(f"{type(pack).__name__}, Python {version}, configured in {pack.binder_dir}/")

    needed = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    expect(version in SpecifierSet(needed), f"Binder would use Python {version}; cgviz needs {needed}")
    for script in (*pack.get_post_build_scripts(), *([start] if start else [])):
        content = Path(script).read_bytes()
        expect(content.startswith(b"#!"), f"{script} has no #! line")
        expect(b"\r" not in content, f"{script} has Windows line ends")
        expect(os.access(script, os.X_OK), f"{script} is not executable")
    lock = Path(conda.HERE) / f"environment.py-{version}-linux-64.lock"
    pins = dict(re.findall(r"/([^/]+)-([0-9][^-/]*)-[^-/]+\.(?:conda|tar\.bz2)", lock.read_text()))
    wanted = ("jupyterlab", "notebook", "ipywidgets", "ipykernel", "jupyter_server", "jupyterhub-singleuser")
    image = {name.removesuffix("-singleuser"): pins[name] for name in wanted if name in pins}
    print("the image has", ", ".join(f"{name} {found}" for name, found in image.items()))
    pip_scripts = [script.replace("\\\n", "\n") for script in scripts if "pip install" in script]
    expect(any("requirements.txt" in script for script in pip_scripts), "binder/requirements.txt is not used")
    return Plan(version, image, pip_scripts, pack.get_post_build_scripts(), start)


def badge(repo: Path) -> str:
    """Return the lesson that the README's badge opens; stops with a sentence when it is not there."""
    readme = (repo / "README.md").read_text(encoding="utf-8")
    found = re.search(r"mybinder\.org/v2/gh/[\w.-]+/[\w.-]+/HEAD\?urlpath=lab/tree/([^)\s]+)", readme)
    expect(found is not None, "README.md has no Binder badge that opens JupyterLab")
    expect((repo / found[1]).is_file(), f"the badge opens {found[1]}, which does not exist")
    print("the badge opens", found[1])
    return found[1]


def replay(plan: Plan, repo: Path, work: Path, python: str, lesson: str) -> None:
    """Do the plan's steps in a fresh environment, start the server as Binder does, and run the lesson."""
    env_dir, home = work / "env", work / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
    prefix = {"KERNEL_PYTHON_PREFIX": str(env_dir), "NB_PYTHON_PREFIX": str(env_dir)}
    env = {**kept, **prefix, "HOME": str(home), "PATH": f"{env_dir}/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

    def run(*command: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(command, check=True, env=env, cwd=repo, **options)

    def versions() -> set[str]:
        return set(run("pip", "freeze", capture_output=True, text=True).stdout.splitlines())

    with stage("the image's own packages"):
        subprocess.run([python, "-m", "venv", str(env_dir)], check=True)
        run("pip", "install", "-q", *(f"{name}=={version}" for name, version in plan.image.items()))
    before = versions()
    with stage("requirements.txt and postBuild"):
        for script in plan.pip_scripts:
            run("bash", "-euc", script, stdout=subprocess.DEVNULL)
        for script in plan.post_build:
            run(f"./{script}")
    expect(not before - versions(), f"requirements.txt changes packages of the image: {before - versions()}")
    run("pip", "check")
    with stage("the server, and the badge's address"), server(plan, env, repo, work) as url:
        page = urllib.request.urlopen(f"{url}/lab/tree/{lesson}?token=t", timeout=20).read()
        expect(b"jupyter-config-data" in page, "the badge's address does not open JupyterLab")
        expect(b'"news": {"disabled": true}' in page, "JupyterLab would ask about news over the first lesson")
    listed = run("jupyter", "labextension", "list", capture_output=True, text=True)
    for name in EXTENSIONS:
        line = next((line for line in (listed.stdout + listed.stderr).splitlines() if name in line), "missing")
        expect("OK" in line, f"JupyterLab's extension {name}: {line.strip()}")
    with stage(lesson):
        run("jupyter", "execute", "--kernel_name=python3", lesson, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def server(plan: Plan, env: dict[str, str], repo: Path, work: Path):
    """Start JupyterLab as Binder does and yield its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [f"./{plan.start}"] if plan.start else []
    command += ["jupyter", "lab", "--ip=127.0.0.1", f"--port={port}", "--no-browser", "--IdentityProvider.token=t"]
    command += ["--ServerApp.port_retries=0", *(["--allow-root"] if os.getuid() == 0 else [])]
    log = work / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=env, cwd=repo, stdout=out, stderr=out)
        try:
            url, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(f"{url}/api/status?token=t", timeout=5).read()
                    break
                except OSError:
                    ended = process.poll() is not None or time.monotonic() > end
                    expect(not ended, "the server does not start:\n" + log.read_text())
                    time.sleep(0.2)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def find_python(version: str) -> str | None:
    """Return an interpreter of that version: this one, one on the path, or one of pyenv's."""
    beside = sorted(Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python"))
    for python in (sys.executable, shutil.which(f"python{version}"), *map(str, beside)):
        ask = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        if python and subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip() == version:
            return python
    return None


@contextlib.contextmanager
def stage(title: str):
    """Print how long something took."""
    start = time.monotonic()
    yield
    print(f"{title}: {time.monotonic() - start:.0f} s", flush=True)


def expect(good: bool, otherwise: str) -> None:
    """Stop with a sentence unless something holds."""
    if not good:
        sys.exit(f"binder: {otherwise}")


def main() -> None:
    """Check the committed state of the checkout that this file is in."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--plan-only", action="store_true", help="do not build")
    reader.add_argument("--python", help="the interpreter to build with (it must be of the version that Binder uses)")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="binder-") as folder:
        repo = Path(folder) / "repo"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(repo)], check=True)  # what is committed, as Binder sees it
        lesson, found = badge(repo), plan(repo)
        if not options.plan_only:
            python = options.python or find_python(found.python)
            if python:
                replay(found, repo, Path(folder), python, lesson)
            else:
                print(f"not built: there is no Python {found.python} here (name one with --python)")
        os.chdir(ROOT)
    print("binder: good")


if __name__ == "__main__":
    main()
