"""A JupyterHub for a class on one machine: `docs/class.md` says how to install it and how large the machine should be.

    jupyterhub -f deploy/jupyterhub_config.py

Everybody who has an account on the machine may sign in (PAM, JupyterHub's usual way) once the teacher has named her.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub gives it)

TEACHERS = set(os.environ.get("CGVIZ_TEACHERS", "").split())
STUDENTS = set(os.environ.get("CGVIZ_STUDENTS", "").split())
MEMORY = 1000  # MB for each process of a student: a kernel with NumPy and matplotlib takes 140
IDLE = 20 * 60  # seconds after which a server that nobody uses is stopped; what is saved stays
TOGETHER = 2 * (os.cpu_count() or 1)  # servers that start at the same time: more only makes all of them slower

# A proxy with TLS stands before it where others than this machine are to reach it.
c.JupyterHub.bind_url = os.environ.get("CGVIZ_HUB", "http://127.0.0.1:8000")
c.Authenticator.admin_users = TEACHERS
c.Authenticator.allowed_users = STUDENTS

# The lessons are brought into the student's home at each start, and never over what she has changed.
c.Spawner.cmd = [sys.executable, "-m", "cgviz.start.hub"]
c.Spawner.environment = {
    "CGVIZ_MEMORY": str(MEMORY),
    "OPENBLAS_NUM_THREADS": "1",  # each kernel would else take a thread for every processor
    "OMP_NUM_THREADS": "1",
}
c.Spawner.start_timeout = 180  # the last of a full hall waits for those before her
c.Spawner.http_timeout = 120
c.JupyterHub.concurrent_spawn_limit = TOGETHER
c.Spawner.consecutive_failure_limit = 0  # one student's full disk must not stop the hub of the others

idle = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}", f"--cull-every={max(IDLE // 4, 1)}"]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.services = [{"name": "idle-culler", "command": idle}]
c.JupyterHub.load_roles = [{"name": "idle-culler", "scopes": scopes, "services": ["idle-culler"]}]

# Servers started before the class: `python deploy/open_servers.py`, with this token.
if token := os.environ.get("CGVIZ_HUB_TOKEN"):
    c.JupyterHub.services.append({"name": "early", "api_token": token})
    wanted = ["list:users", "read:users", "servers", "access:servers", "admin:users"]
    c.JupyterHub.load_roles.append({"name": "early", "scopes": wanted, "services": ["early"]})

state = Path(os.environ.get("CGVIZ_HUB_STATE", "/var/lib/jupyterhub"))
c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")
