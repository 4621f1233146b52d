"""Matches the files of two folders."""

import collections
import os


def find_partners(source, target, on_error):
    """Files of two folders that have the same name, whatever their endings are, or of two lists, at the same place.

    Args:
        source, target: `ImageFiles`.
        on_error: "raise" or "skip", files without a partner.

    Returns:
        Pair of `ImageFiles` of one length, and a string that says what was left out, "" if nothing.

    Raises:
        ValueError: if there are no pairs, if files have no partner, which it names, if two files of one folder have one name,
            or if two lists have the same names in another order.
    """
    rows = [_by_key(files) for files in (source, target)]
    if source.found != target.found and isinstance(source.keys[0], int):
        raise ValueError(
            f"Two lists of files must have one length: they are pairs by their places. Received: {source.found} sources and "
            f"{target.found} targets. Leave out files without a partner; or pass two folders whose files have the same names, "
            'with on_error="skip" for those without a partner.'
        )
    common = [key for key in source.keys if key in rows[1]]
    if not common:
        raise ValueError(
            "Expected files of the same names in both folders, such as 1.jpg and 1.png. Received: no name that is in both; "
            f"{source.names[0]!r}, {target.names[0]!r}. Rename them, or pass two lists of files in one order."
        )
    alone = [name for files, others in ((source, rows[1]), (target, rows[0])) for name in _without(files, others)]
    said = "; ".join(alone[:3]) + ("; ..." if len(alone) > 3 else "")
    if alone and on_error == "raise":
        raise ValueError(
            f"Expected a partner of the same name for each file. Received: {len(alone)} files without one: {said}. Remove them, "
            'or skip such files with on_error="skip".'
        )
    pair = [files.select([numbers[key] for key in common]) for files, numbers in zip((source, target), rows, strict=True)]
    if isinstance(common[0], int):
        _refuse_another_order(*pair)
    return *pair, f"; {len(alone)} skipped that have no partner: {said}" if alone else ""


def bare_names(names):
    """Names of files without their endings, and without what all of them begin and end with; a single one's own name."""
    stems = [os.path.splitext(os.fspath(name))[0] for name in names]
    if len(set(stems)) == 1:
        return [os.path.basename(stem) for stem in stems]
    start = len(os.path.commonprefix(stems))
    rests = [stem[start:] for stem in stems]
    end = len(os.path.commonprefix([rest[::-1] for rest in rests]))
    return [rest[: len(rest) - end] for rest in rests]


def _refuse_another_order(source, target):
    """Raises where two lists of files have the same names in another order, as `glob` gives them."""
    if set(source.names) & set(target.names):  # both directions, or other frames of one video
        return
    one, other = (bare_names(files.names) for files in (source, target))
    if one != other and len(set(one)) == len(one) and set(one) == set(other):
        row = next(row for row, names in enumerate(zip(one, other, strict=True)) if names[0] != names[1])
        raise ValueError(
            "Expected two lists of files in one order: they are pairs by their places. Received: the same names in another "
            f"order, {source.names[row]!r} and {target.names[row]!r} at place {row}. Sort both lists, or pass the folders."
        )


def _by_key(files):
    """The index of each key of files."""
    twice = [key for key, count in collections.Counter(files.keys).items() if count > 1]
    if twice:
        names = [os.fspath(name) for key, name in zip(files.keys, files.names, strict=True) if key == twice[0]]
        raise ValueError(
            f"Expected names that differ by more than their endings. Received: {names}. Remove or rename one of them."
        )
    return {key: index for index, key in enumerate(files.keys)}


def _without(files, others):
    return [name for key, name in zip(files.keys, files.names, strict=True) if key not in others]
