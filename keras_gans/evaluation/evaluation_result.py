"""The result of an evaluation, and its two files."""

import datetime
import json
import math
import os

import numpy as np

from keras_gans.evaluation.report import html_blocks
from keras_gans.evaluation.report.report import Report
from keras_gans.utils.files import append_line
from keras_gans.utils.files import warned_of
from keras_gans.utils.paths import make_output_folder
from keras_gans.utils.paths import user_path

_KEPT = "The result object still has everything: `figures`, `records`, `analyses`; `report().write(path)` writes the page."


class EvaluationResult:
    """The result of `evaluate`: figures with their protocols, in memory and in files.

    If a file cannot be written, for example on a full disk, a warning names it; all results stay in memory.

    Attributes:
        generator: String, the name of what was evaluated.
        figures: Dict of floats, of all metrics.
        records: List of dicts, what `results.jsonl` holds: `generator`; `metric` or `analysis`, its name; `figures` and
            `protocol`, or `skipped` or `failed` with the reason; `time`, in UTC.
        analyses: Dict of the analyses' `AnalysisResult`s, whose `value` is what the function of `keras_gans.evaluation` returned.
        skipped, failed: Dicts of strings, the reasons, by the names of analyses and metrics.

    Example:

    ```python
    found = keras_gans.evaluation.evaluate(gan, images, [keras_gans.metrics.FID(extractor)], num_samples=20, progress=False)
    print(list(found.figures))  # ['fid']
    protocol = found.records[0]["protocol"]  # extractor, numbers of samples, seed, ...
    ```
    """

    def __init__(self, generator, folder=None):
        self.generator = generator
        if folder is not None and not isinstance(folder, (str, os.PathLike)):
            raise ValueError(f"`output` must be a folder, a path, or None. Received: output={folder!r}")
        self.folder = None if folder is None else user_path(folder, "output")
        self.figures, self.records, self.analyses, self.skipped, self.failed = {}, [], {}, {}, {}
        if folder is not None:
            make_output_folder(self.folder, "`output`")

    def add_metric(self, name, figures, protocol):
        """Records the figures of a metric, and writes their line."""
        self.figures |= figures
        self._record(metric=name, figures=figures, protocol=protocol)

    def add_analysis(self, name, analysis):
        """Records the `AnalysisResult` of an analysis, and writes its line."""
        self.analyses[name] = analysis
        self._record(analysis=name, figures=analysis.figures, protocol=analysis.protocol)

    def add_skipped(self, name, reason):
        """Records why an analysis does not apply, and writes its line."""
        self.skipped[name] = str(reason)
        self._record(analysis=name, skipped=str(reason))

    def add_failed(self, kind, name, error):
        """Records why a "metric" or an "analysis" failed, and writes its line."""
        self.failed[name] = f"{type(error).__name__}: {error}"
        self._record(**{kind: name}, failed=self.failed[name])

    def _record(self, **values):
        time = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        self.records.append({"generator": self.generator, **_plain(values), "time": time})
        if self.folder is not None:
            path = os.path.join(self.folder, "results.jsonl")
            with warned_of(path, _KEPT):
                append_line(path, json.dumps(self.records[-1], allow_nan=False))

    def report(self):
        """The `Report`: figures with their protocols, then a section for each analysis."""
        report = Report(f"Evaluation of {self.generator}")
        rows = [
            [name, value, _described(record["protocol"]) if number == 0 else ""]
            for record in self.records
            if "metric" in record and "figures" in record
            for number, (name, value) in enumerate(record["figures"].items())
        ]
        report.add("Figures", html_blocks.table(rows, header=["figure", "value", "protocol"]))
        for name, analysis in self.analyses.items():
            figures = {key: value for key, value in analysis.figures.items() if not isinstance(value, (list, dict))}
            table = [html_blocks.table(figures.items(), header=["figure", "value"])] if figures else []
            protocol = [html_blocks.paragraph(_described(analysis.protocol))] if analysis.protocol else []
            report.add(_title(name), *table, *analysis.blocks, *protocol)
        for title, reasons in (("Skipped", self.skipped), ("Failed", self.failed)):
            if reasons:
                report.add(title, html_blocks.table(reasons.items(), header=["what", "why"]))
        return report

    def write_report(self):
        """Writes `report.html`, if there is a folder."""
        if self.folder is not None:
            path = os.path.join(self.folder, "report.html")
            with warned_of(path, _KEPT):
                self.report().write(path)


def _title(name):
    return name.replace("_", " ").capitalize()


def _described(protocol):
    """A nested dict as text: "seed: 0, samples: generated 10, real 10"."""
    return "; ".join(
        f"{key}: {', '.join(f'{inner} {number}' for inner, number in value.items()) if isinstance(value, dict) else value}"
        for key, value in protocol.items()
    )


def _plain(value):
    """A value for JSON: Python numbers, with None for numbers that are not finite."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item") or hasattr(value, "numpy"):
        value = np.asarray(value).item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
