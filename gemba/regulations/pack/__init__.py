"""A regulation pack: the strict file a methodologist writes and the product obeys. Pure Python, no Django."""

from gemba.regulations.pack.loading import PackError, PackProblem, load_pack
from gemba.regulations.pack.schema import Pack

__all__ = ["Pack", "PackError", "PackProblem", "load_pack"]
