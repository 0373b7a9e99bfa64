"""The command that photographs the live view writes the pictures that were asked for, and each page is in order."""

import subprocess
import sys
from pathlib import Path


def test_the_pictures_asked_for_are_written(tmp_path, browser):
    command = [sys.executable, Path(__file__).with_name("contact_sheet.py"), "--folder", tmp_path]
    asked = ["--size", "phone", "--theme", "dark", "--tool", "explain", "--tool", "side by side"]
    done = subprocess.run([*command, *asked], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    pictures = {"dark-explain-phone.png", "dark-side-by-side-phone.png", "dark.png", "dark.html"}
    assert {path.name for path in tmp_path.iterdir()} == pictures
    assert all(path.stat().st_size > 5_000 for path in tmp_path.glob("*.png"))
