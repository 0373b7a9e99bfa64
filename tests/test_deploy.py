"""The settings for hubs: they load, start what there is, and name nothing that the package does not have."""

import asyncio
import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"


class Settings:
    """As JupyterHub's `c`: every class is there, and holds what it is given."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].isupper():
            setattr(self, name, Settings())
            return getattr(self, name)
        raise AttributeError(name)


def load(name, monkeypatch, **variables):
    for key, text in variables.items():
        monkeypatch.setenv(key, text)
    c = Settings()
    code = compile((DEPLOY / name).read_text(encoding="utf-8"), name, "exec")
    exec(code, {"get_config": lambda: c, "__name__": "config"})
    return c


def starts(command):
    """The module that a server's command runs."""
    assert command[1] == "-m"
    return importlib.import_module(command[2])


@pytest.mark.parametrize("name", ["jupyterhub_config.py", "tljh.py"])
def test_a_student_s_server_is_started_by_our_module(name, monkeypatch):
    assert callable(starts(load(name, monkeypatch).Spawner.cmd).main)


def test_the_cluster_starts_the_same():
    values = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
    assert callable(starts(values["singleuser"]["cmd"]).main)
    assert values["cull"]["timeout"] >= 4 * values["cull"]["every"]


def test_only_who_is_named_may_sign_in_and_the_hub_listens_to_this_machine(monkeypatch):
    for name in ("CGVIZ_HUB", "CGVIZ_HUB_TOKEN", "CGVIZ_STUDENTS", "CGVIZ_TEACHERS"):
        monkeypatch.delenv(name, raising=False)
    c = load("jupyterhub_config.py", monkeypatch)
    assert c.Authenticator.allowed_users == c.Authenticator.admin_users == set()
    assert not hasattr(c.Authenticator, "allow_all")
    assert c.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    assert [service["name"] for service in c.JupyterHub.services] == ["idle-culler"]


def test_each_service_has_a_role_and_the_culler_is_a_program_of_its_package(monkeypatch):
    c = load("jupyterhub_config.py", monkeypatch, CGVIZ_HUB_TOKEN="t" * 32, CGVIZ_STUDENTS="ada ben")
    assert c.Authenticator.allowed_users == {"ada", "ben"}
    served = {name for role in c.JupyterHub.load_roles for name in role["services"]}
    assert served == {service["name"] for service in c.JupyterHub.services} == {"idle-culler", "early"}
    assert c.JupyterHub.services[0]["command"][:2] == [sys.executable, "-m"]


def test_the_memory_of_the_settings_is_one_that_the_server_takes(monkeypatch):
    from cgviz.start import hub

    c = load("jupyterhub_config.py", monkeypatch)
    assert re.fullmatch(r"[1-9]\d+", c.Spawner.environment[hub.MEMORY])


@pytest.mark.skipif(importlib.util.find_spec("jupyterhub") is None, reason="jupyterhub is not installed")
def test_jupyterhub_itself_takes_the_settings(tmp_path, monkeypatch):
    from jupyterhub.app import JupyterHub
    from jupyterhub.spawner import Spawner

    monkeypatch.setenv("CGVIZ_HUB_TOKEN", "t" * 32)
    app = JupyterHub(config_file=str(DEPLOY / "jupyterhub_config.py"))
    app.load_config_file(app.config_file)
    known = {"JupyterHub": JupyterHub, "Spawner": Spawner}
    for title, cls in known.items():
        assert set(app.config[title]) <= set(cls.class_trait_names())


@pytest.mark.skipif(importlib.util.find_spec("kubespawner") is None, reason="kubespawner is not installed")
def test_kubespawner_itself_takes_what_the_chart_hands_it(tmp_path, monkeypatch):
    from kubespawner import KubeSpawner

    cluster, context = {"server": "https://127.0.0.1:9"}, {"cluster": "none", "user": "none"}
    named = {"clusters": [{"name": "none", "cluster": cluster}], "users": [{"name": "none", "user": {}}]}
    named |= {"contexts": [{"name": "none", "context": context}], "current-context": "none"}
    (tmp_path / "config").write_text(yaml.safe_dump(named), encoding="utf-8")
    monkeypatch.setattr("kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "config"))

    single = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))["singleuser"]
    handed = {
        "cmd": single["cmd"],
        "environment": single["extraEnv"],
        "image": f"{single['image']['name']}:{single['image']['tag']}",
        "mem_guarantee": single["memory"]["guarantee"],
        "mem_limit": single["memory"]["limit"],
        "cpu_guarantee": single["cpu"]["guarantee"],
        "cpu_limit": single["cpu"]["limit"],
        "storage_capacity": single["storage"]["capacity"],
        "start_timeout": single["startTimeout"],
    }

    async def spawn():
        return KubeSpawner(_mock=True, **handed)

    spawner = asyncio.run(spawn())
    assert spawner.mem_guarantee < spawner.mem_limit


def test_starting_early_says_what_is_wrong(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(DEPLOY))
    early = importlib.import_module("open_servers")
    hub = early.Hub("http://127.0.0.1:9", "t")
    with pytest.raises(SystemExit, match=r"no hub answers at http://127.0.0.1:9/hub/api"):
        hub.start("ada")
    monkeypatch.delenv("CGVIZ_HUB_TOKEN", raising=False)
    monkeypatch.setattr(sys, "argv", ["open_servers", "ada"])
    with pytest.raises(SystemExit, match="CGVIZ_HUB_TOKEN is not set"):
        early.main()


def test_no_more_servers_start_at_once_than_the_hub_wants(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(DEPLOY))
    early = importlib.import_module("open_servers")
    monkeypatch.setattr(early, "PAUSE", 0)

    class Slow:
        def __init__(self):
            self.pending, self.done, self.most = [], [], 0

        def start(self, name):
            if len(self.pending) == 2:
                return False
            self.pending.append(name)
            self.most = max(self.most, len(self.pending))
            return True

        def ready(self, name):
            if name in self.pending and name == self.pending[0]:
                self.done.append(self.pending.pop(0))
            return name in self.done

    hub = Slow()
    assert early.open_servers(hub, list("abcde")) == []
    assert hub.done == list("abcde") and hub.most == 2
    assert "5 of 5 are ready" in capsys.readouterr().out
