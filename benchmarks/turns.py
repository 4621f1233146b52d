"""Ways of one computation that are measured in turns: each in a process of its own, whose peak of memory is its own."""

import json
import os
import resource
import statistics
import subprocess
import sys


def measure(script, ways, arguments, rounds, pythons=None):
    """Prints a line for each way: seconds, peak of resident memory, and the ratio to the first way.

    Rounds of all ways follow each other, so that whatever else the machine does hits all of them. The figures are medians.

    Args:
        script: Path of the script, which `serve`s a way when it gets `--only WAY` after the other arguments.
        ways: List of strings.
        arguments: List of strings.
        rounds: Int.
        pythons: Dict, ways to the Python that runs them. Default: this one.
    """
    processes, lines = {}, {way: [] for way in ways}
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        for way in ways:
            command = [(pythons or {}).get(way, sys.executable), script, *arguments, "--only", way]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
            processes[way] = subprocess.Popen(command, **pipes)
            _said(processes[way], way)  # before the next one starts
        for _ in range(rounds):
            for way, process in processes.items():
                print(file=process.stdin, flush=True)
                lines[way].append(_said(process, way))
    finally:
        for process in processes.values():
            process.stdin.close()
            process.wait()
    for way, figures in lines.items():
        seconds, peak = statistics.median(line[0] for line in figures), max(line[1] for line in figures)
        ratios = [line[0] / other[0] for line, other in zip(figures, lines[ways[0]], strict=True)]
        print(f"{way:24} {seconds:8.3f} s  {peak:6.2f} GiB  {statistics.median(ratios):.2f} x {ways[0]}", flush=True)


def serve(run, first=None):
    """In the process of a way: calls `first`, uncounted, then, for each line that it reads, `run`, which returns seconds.

    Args:
        run, first: Callables without arguments. Default of `first`: `run`.
    """
    (first or run)()
    print(json.dumps([]), flush=True)
    for _ in sys.stdin:
        print(json.dumps([run(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]), flush=True)


def _said(process, way):
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{way} failed; what it said is above. If it said nothing: killed, perhaps for its memory.")
    return json.loads(line)
