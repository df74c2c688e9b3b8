"""What was measured, as values."""

import dataclasses
import statistics
import typing


@dataclasses.dataclass
class Figure:
    """One line of the table: the median of `samples`, and what it has to reach, if anything."""

    row: str
    name: str
    unit: str
    samples: list[float]
    at_least: typing.Optional[float] = None
    at_most: typing.Optional[float] = None

    @property
    def value(self):
        return statistics.median(self.samples)

    @property
    def target(self):
        """In words; None when there is none."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return None if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def reached(self):
        """None when there is nothing to reach."""
        if self.target is None:
            return None
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.value <= self.at_most


def ratios(above, below):
    """Of the runs of each round."""
    return [one / other for one, other in zip(above.samples, below.samples)]
