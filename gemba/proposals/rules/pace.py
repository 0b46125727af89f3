"""How often one address may ask for what costs work; kept in the memory of the process, forgotten with it."""

from collections import defaultdict, deque
from threading import Lock


class Pace:
    """At most `most` askings of one address in `seconds`."""

    # So many addresses at once are no people: they are forgotten together.
    MOST_ADDRESSES = 10_000

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def lets(self, address: str, at: float) -> bool:
        """Count an asking and tell whether it may be answered."""
        with self._lock:
            if len(self._asked) > self.MOST_ADDRESSES:
                self._asked.clear()
            asked = self._asked[address]
            while asked and asked[0] <= at - self.seconds:
                asked.popleft()
            if len(asked) >= self.most:
                return False
            asked.append(at)
            return True

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._asked.clear()
