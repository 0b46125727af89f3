"""`gemba regulation check` as a methodologist meets it: a process of its own, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def gemba(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, "-m", "gemba.cli.main", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_check_reports_acts_and_procedures() -> None:
    done = gemba("regulation", "check", "--json", "regulations/promyshlennovsky/2025-12-02.yaml")
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)
    codes = {finding["code"] for finding in report["findings"]}
    assert {"two-meanings", "no-coefficient", "no-bands"} <= codes


def test_a_broken_file_is_not_accepted_and_the_line_is_named(tmp_path: Path) -> None:
    text = (ROOT / "regulations/belovo/2022-10-18.yaml").read_text(encoding="utf-8")
    file = tmp_path / "broken.yaml"
    file.write_text(text.replace("scope: per_unit", "skope: per_unit", 1), encoding="utf-8")
    done = gemba("regulation", "check", str(file))
    assert done.returncode == 1
    line = next(
        n for n, words in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "skope" in words
    )
    assert f"строка {line}" in done.stdout and "возможно, имелось в виду «scope»" in done.stdout


def test_the_schema_is_a_json_schema_with_words() -> None:
    schema = json.loads(gemba("regulation", "schema").stdout)
    assert schema["properties"]["municipality"] and "additionalProperties" in schema
    assert "Пункт" in json.dumps(schema, ensure_ascii=False)
