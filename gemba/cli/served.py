"""What each process of the server loads: the application, bound to the life of the process that started it."""

from config.wsgi import application
from gemba.cli.parents import end_with_parent

__all__ = ["application"]

end_with_parent()
