"""Analyses of the images that the metrics saw: neighbors, class leakage, clusters, the discriminator's features."""

import numpy as np

from keras_gans.evaluation.analyses.clusters import clusters as find_clusters
from keras_gans.evaluation.analyses.discriminator_features import discriminator_features
from keras_gans.evaluation.analyses.extractor_outputs import outputs
from keras_gans.evaluation.analyses.leakage import class_leakage
from keras_gans.evaluation.analyses.linear_probe import linear_probe as probe
from keras_gans.evaluation.analyses.neighbors import nearest_neighbors
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks


def neighbors(sampled, k=5, rows=8, held_out=None):
    """The real images nearest to generated ones, in pixels and in features."""
    sampled.need(real="real images")
    found = {"pixels": nearest_neighbors(sampled.images, sampled.real, k, held_out=held_out)}
    if sampled.outputs is not None:
        sides = sampled.outputs["features"], sampled.real_outputs["features"]
        others = None if held_out is None else outputs(held_out, sampled.extractor)
        found["features"] = nearest_neighbors(*sides, k, extractor=_as_is("features"), held_out=others)
    figures, blocks = {}, []
    for space, result in found.items():
        figures[f"near_duplicates_{space}"] = result.near_duplicates
        figures[f"nearest_distance_{space}"] = float(np.median(result.distances[:, 0]))
        if held_out is not None:
            figures[f"held_out_near_duplicates_{space}"] = result.held_out_near_duplicates
            figures[f"nearer_than_held_out_{space}"] = result.rank
        if sampled.picturable:
            nearest = sampled.real[result.indices[:rows]]
            lines = np.concatenate([sampled.images[:rows, None], nearest], axis=1)
            caption = f"In {space}: a sample in the first column, beside it its {k} nearest real images"
            blocks.append(html_blocks.images(lines.reshape(-1, *lines.shape[2:]), columns=k + 1, caption=caption))
    protocol = sampled.sampling(samples={"generated": len(sampled.images), "real": len(sampled.real)})
    return AnalysisResult(figures, blocks, found, protocol | _extractor(sampled))


def leakage(sampled, pairs=5, columns=10):
    """Samples of one class that a classifier takes for another."""
    if sampled.classes is None:
        raise NotApplicable("The generator has no classes as its condition.")
    if sampled.outputs is None or "logits" not in sampled.outputs:
        raise NotApplicable("No metric has an extractor with logits: features.ClassifierFeatures has.")
    logits = sampled.outputs["logits"]
    if logits.shape[1] < sampled.classes:
        raise NotApplicable(f"The extractor tells {logits.shape[1]} classes apart, and the generator makes {sampled.classes}.")
    found = class_leakage(logits, sampled.asked[: len(logits)].astype(int), _as_is("logits"))
    figures = {"leakage": found.share}
    if sampled.labels is not None:
        labels = sampled.real_classes[: len(sampled.real)].astype(int)
        figures["leakage_of_real"] = class_leakage(sampled.real_outputs["logits"], labels, _as_is("logits")).share
    blocks = [html_blocks.matrix(found.confusion)]
    for intended, seen, share in found.pairs(pairs):
        caption = f"Asked for {intended}, seen as {seen}: {share:.1%} of class {intended}"
        if sampled.picturable:
            blocks.append(
                html_blocks.images(sampled.images[found.examples(intended, seen)[:columns]], columns=columns, caption=caption)
            )
        else:
            blocks.append(html_blocks.paragraph(caption))
    protocol = sampled.sampling(samples={"generated": len(logits)})
    return AnalysisResult(figures, blocks, found, protocol | _extractor(sampled))


def clusters(sampled, k=10, columns=8):
    """Groups of samples that look alike."""
    sampled.need(outputs="features, which need an extractor")
    features = sampled.outputs["features"]
    labels = None if sampled.classes is None else sampled.asked[: len(features)]
    found = find_clusters(features, k, sampled.seed, labels, nearest=columns)
    figures = {"largest": float(found.sizes[0] / len(features)), "smallest": float(found.sizes[-1] / len(features))}
    if found.purity is not None:
        figures["purity"] = found.purity
    blocks = [
        html_blocks.images(sampled.images[near], columns=columns, caption=f"Cluster {number}: {size} of {len(features)} samples")
        for number, (near, size) in enumerate(zip(found.nearest, found.sizes, strict=True))
        if sampled.picturable and size  # with fewer different samples than clusters, some are empty
    ]
    protocol = sampled.sampling(clusters=k, samples={"generated": len(features)})
    return AnalysisResult(figures, blocks, found, protocol | _extractor(sampled))


def linear_probe(sampled, classifier="svm", penalty=1.0):
    """What a linear classifier reads from the discriminator's features, half of the real images to train, half to test."""
    network = getattr(getattr(sampled.generator, "gan", None), "discriminator", None)
    if network is None:
        raise NotApplicable("The generator has no discriminator.")
    sampled.need(real="real images", labels="labels of real images")
    if len(network.inputs) > 1:
        raise NotApplicable("The discriminator takes a condition, which would tell the label.")
    features = discriminator_features(network).predict(sampled.real, verbose=0)
    labels, half = sampled.real_classes[: len(features)], len(features) // 2
    accuracy = probe(features[:half], labels[:half], features[half:], labels[half:], classifier, penalty, seed=sampled.seed)
    protocol = {"classifier": classifier, "penalty": penalty, "seed": sampled.seed, "features": features.shape[1]}
    return AnalysisResult(
        {"accuracy": accuracy}, [], accuracy, protocol | {"samples": {"train": half, "test": len(features) - half}}
    )


def _as_is(name):
    """What takes the place of an extractor where its outputs are there already."""
    return lambda rows: {name: rows}


def _extractor(sampled):
    return {} if sampled.extractor is None else sampled.extractor.protocol
