"""What is answered."""

from gemba.organisation.views.signing import locked_out

__all__ = ["locked_out"]
