"""The first page of a PDF as a picture, drawn by a process of its own with little time and memory.

A file that people send may be broken or made to hurt: what it breaks is that process, and the paper goes out without
the picture. This file imports nothing of Гемба, so that the process starts at once.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS, MEGABYTES, PPI = 15, 2048, 150
# A square in which a sheet lying and a sheet standing find room; what is left white around it is cut off.
_DRAW = """#set page(width: 420mm, height: 420mm, margin: 0mm)
#image("sent.pdf", page: 1, width: 100%, height: 100%, fit: "contain")
"""


def first_page_of(pdf: bytes, *, seconds: int = SECONDS) -> bytes:
    """Draw the first page as PNG, without white edges; nothing when it is blank or cannot be read in the time."""
    if not pdf.startswith(b"%PDF"):
        return b""
    try:
        made = subprocess.run(
            [sys.executable, "-I", __file__], input=pdf, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return made.stdout if made.returncode == 0 else b""


def _hold() -> None:
    try:
        import resource
    except ImportError:  # a system without it keeps the time limit alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _draw() -> None:
    import typst
    from PIL import Image, ImageOps

    _hold()
    with tempfile.TemporaryDirectory(prefix="gemba-page-") as folder:
        root = Path(folder)
        (root / "sent.pdf").write_bytes(sys.stdin.buffer.read())
        (root / "main.typ").write_text(_DRAW, encoding="utf-8")
        made = typst.compile(str(root / "main.typ"), root=str(root), format="png", ppi=PPI)
    sheet = Image.open(io.BytesIO(made)).convert("RGB")
    written = ImageOps.invert(sheet).getbbox()
    if written:
        sheet.crop(written).save(sys.stdout.buffer, "PNG", compress_level=1)


if __name__ == "__main__":
    _draw()
