"""What is shipped: the wheel, the sdist, the unit, and what is in the image, piece by piece."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from bot.errors import NOT_AGAIN
from bot.settings import Settings
from bot.systemd import Notifier

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
BUILDING = "build_meta as b; import sys; print(b.build_{what}(sys.argv[1]))"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist of the files that git knows, built with the commit named."""
    pytest.importorskip("setuptools")
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    known = subprocess.run(
        ("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        capture_output=True,
        check=True,
    )
    for name in filter(None, known.stdout.decode().split("\0")):
        if name.startswith("tests/") or not (ROOT / name).is_file():
            continue
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for what in ("wheel", "sdist"):
        subprocess.run(
            (sys.executable, "-c", f"from setuptools import {BUILDING.format(what=what)}", folder),
            cwd=source,
            env=os.environ | {"LYCEUM_COMMIT": COMMIT, "PYTHONPATH": ""},
            capture_output=True,
            check=True,
        )
    return folder


@pytest.mark.slow
def test_the_wheel_has_everything_and_runs_without_the_repository(
    built: Path, tmp_path: Path
) -> None:
    (wheel,) = built.glob("lyceum_bot-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    for pattern in ("bot/**/*.py", "storage/**/*.py", "recommender/**/*.py", "bot/**/*.ftl"):
        there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
        assert there - names == set()
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]

    def lyceum(*arguments: str) -> str:
        program = "import bot, sys; from bot.cli import app; print(bot.__file__, file=sys.stderr)"
        done = subprocess.run(
            (sys.executable, "-c", f"{program}; app(prog_name='lyceum')", *arguments),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "installed")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert str(tmp_path / "installed") in done.stderr, done.stderr
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert f"commit {COMMIT[:12]}" in lyceum("--version")
    (tmp_path / "c.csv").write_text("kind,title,url\narticle,A,https://example.org/a\n", "utf-8")
    assert "1 added" in lyceum("import", "catalog", "c.csv", "--guild", "7")
    assert "is whole" in lyceum("backup")


@pytest.mark.slow
def test_the_sdist_has_what_a_wheel_is_built_from(built: Path) -> None:
    (sdist,) = built.glob("lyceum_bot-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "setup.py", "storage/COMMIT", "LICENSE", "README.md"} <= names
    assert "storage/migrations/versions/0001_first.py" in names


def test_the_bill_names_every_locked_version_with_its_hashes() -> None:
    program = (sys.executable, DEPLOY / "sbom.py")
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    bill = json.loads(done.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    named = {(each["name"], each["version"]) for each in bill["components"]}
    assert named == set(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))
    hashes = [each["content"] for part in bill["components"] for each in part["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:(\w{64})", lock))
    refs = [each["bom-ref"] for each in bill["components"]]
    assert len(refs) == len(set(refs)) and set(bill["dependencies"][0]["dependsOn"]) <= set(refs)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    depended = {ref.partition("@")[0] for ref in bill["dependencies"][0]["dependsOn"]}
    assert len(depended) == len(project["dependencies"])


# ---------------------------------------------------------------------------- systemd


def test_the_unit_knows_the_exit_code_after_which_a_start_cannot_help() -> None:
    unit = (DEPLOY / "lyceum.service").read_text("utf-8")
    assert f"\nRestartPreventExitStatus={NOT_AGAIN}\n" in unit


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "lyceum.service").read_text("utf-8")
    here = re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", unit)
    (tmp_path / "lyceum.service").write_text(here, "utf-8")
    done = subprocess.run(
        ("systemd-analyze", "verify", "--man=no", tmp_path / "lyceum.service"),
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "lyceum.service" in line]
    assert ours == []


async def test_systemd_is_told_of_ready_alive_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        monkeypatch.setenv("WATCHDOG_USEC", "100000")
        notifier = Notifier()
        notifier.ready()
        for _ in range(3):
            notifier.beat(0.0)
        await asyncio.sleep(0.06)
        notifier.beat(0.0)
        notifier.stopping()
        said = [systemd.recv(100) for _ in range(4)]
        with pytest.raises(BlockingIOError):
            systemd.recv(100)
    assert said == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Notifier().ready()


# ---------------------------------------------------------------------------- the image


def test_what_the_image_is_made_of_is_there_and_its_settings_are_ours() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split())
    named = set(re.findall(r"\b([A-Z_]+)=", text)) & {
        name.upper() for name in Settings.model_fields
    }
    assert named >= {"DATABASE_PATH", "WEB_HOST"}
    assert "USER 10001" in text and "HEALTHCHECK" in text and "VOLUME /data" in text
    assert signal.SIGTERM.name in text
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert "read_only: true" in compose and "cap_drop: [ALL]" in compose
    assert ".env\n" in (ROOT / ".dockerignore").read_text("utf-8")
