"""The result of an analysis."""

import dataclasses


@dataclasses.dataclass
class AnalysisResult:
    """The result of an analysis, for the files and for the user.

    figures     dict of numbers, or of lists of dicts of them
    blocks      list of HTML strings for the report
    value       the result in full
    protocol    dict, everything that the figures depend on
    """

    figures: dict
    blocks: list
    value: object = None
    protocol: dict = dataclasses.field(default_factory=dict)


class NotApplicable(Exception):
    """Says why an analysis does not apply to what is evaluated."""
