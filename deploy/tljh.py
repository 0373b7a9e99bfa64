"""The Littlest JupyterHub: put this file into `/opt/tljh/config/jupyterhub_config.d/`; `docs/class.md` has the rest.

Memory, idle servers and who may sign in are set with `tljh-config`.
"""

c = get_config()  # noqa: F821 (JupyterHub gives it)

# The lessons are brought into the student's home at each start, and never over what she has changed.
c.Spawner.cmd = ["/opt/tljh/user/bin/python", "-m", "cgviz.start.hub"]
c.Spawner.environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
c.Spawner.start_timeout = 180
