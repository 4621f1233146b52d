"""Many trainings, each a line of JSON in a file: what was stopped goes on where it was, and a line is never computed twice."""

import concurrent.futures
import json
import multiprocessing
import os
import time


def run(function, jobs, path, workers, fresh=False):
    """Calls `function(**job)` for every job that has no line in the file yet.

    Args:
        function: Top-level function of the script that returns a dict of numbers and lists.
        jobs: List of dicts of strings and numbers.
        path: The file of results. Its folder is made.
        workers: Int, processes at a time, of one thread each. 0: in this process.
        fresh: Bool, whether every training gets a process of its own.

    Returns:
        List of dicts, job and result in one, of all `jobs`.
    """
    from keras_gans.utils.files import append_line  # here, so that processes say their threads before TensorFlow is imported

    done = _read(path)
    missing = [job for job in jobs if _key(job) not in done]
    print(f"{len(jobs) - len(missing)} of {len(jobs)} trainings are in {path}.", flush=True)
    for number, (job, result) in enumerate(_results(function, missing, workers, fresh), start=1):
        line = {**job, **result}
        append_line(path, json.dumps(line))
        shown = {key: value for key, value in line.items() if not isinstance(value, list)}
        print(f"{number}/{len(missing)}", json.dumps(shown), flush=True)
        done[_key(job)] = line
    return [done[_key(job)] for job in jobs]


def _results(function, jobs, workers, fresh):
    """Pairs of a job and its result, in the order in which they are done."""
    if workers == 0:
        yield from ((job, _timed(function, job)) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(
        workers, context, initializer=_one_thread, max_tasks_per_child=1 if fresh else None
    )
    with pool:
        futures = {pool.submit(_timed, function, job): job for job in jobs}
        for future in concurrent.futures.as_completed(futures):
            yield futures[future], future.result()


def _read(path):
    if not os.path.exists(path):
        return {}
    done = {}
    with open(path) as file:
        for number, text in enumerate(file, start=1):
            try:
                line = json.loads(text)
                done[_key(line)] = line
            except (ValueError, KeyError, TypeError):
                print(f"Line {number} of {path} is not a result, or half of one, and is left out: {text[:60]!r}", flush=True)
    return done


def _key(job):
    return job["technique"], job["data"], job["seed"]


def _timed(function, job):
    start = time.perf_counter()
    return {**function(**job), "seconds": round(time.perf_counter() - start, 1)}


def _one_thread():
    # TensorFlow reads them when it first computes. They need no import of it here.
    os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
