"""Describe the machine that a benchmark ran on: processor, memory, system, and the versions that count."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("duckdb", "numpy", "scipy", "scikit-learn", "scikit-learn-intelex", "faiss-cpu", "pyspark")


def machine() -> dict[str, str]:
    """Return what a reader has to know to compare figures.

    Returns
    -------
    dict
        Texts by name.
    """
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f} GB",
        "system": _system(),
        "Python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        "Java": _java(),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, kernel {platform.release().split('-')[0]}"
    except OSError:
        return platform.platform()


def _version(package) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _java() -> str:
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return "not installed"
    return told.splitlines()[0]
