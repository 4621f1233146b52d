"""Evaluates a generator: figures with their protocols as JSON lines, and a report with pictures as one HTML file.

python examples/evaluate.py runs/dcgan/dcgan.keras                       # what examples/dcgan.py saved
python examples/evaluate.py runs/dcgan/serving/1 --metrics fid kid --analyses samples truncation
python examples/evaluate.py https://tfhub.dev/deepmind/biggan-128/2 --data tfds:imagenette --extractor inception

The model is a saved GAN, the folder of an exported one, or a hub module. With the extractor "classifier", a small network learns
the labels of the data first: the honest choice for what is not a photograph.
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import metrics
from keras_gans.evaluation import ANALYSES
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import load_generator
from keras_gans.metrics import features

METRICS = {
    "fid": metrics.FID,
    "kid": metrics.KID,
    "is": metrics.InceptionScore,
    "precision_recall": metrics.PrecisionRecall,
    "density_coverage": metrics.DensityCoverage,
    "swd": lambda extractor: metrics.SlicedWasserstein(),
    "ms_ssim": lambda extractor: metrics.MSSSIM(),
}


def make_extractor(name, data, steps):
    if name == "efficientnet":
        return features.EfficientNetLite0()
    if name == "inception":
        return features.Inception()
    model, accuracy = features.train_classifier(data, steps=steps)
    print(f"Accuracy of the classifier: {accuracy:.3f}")
    return features.ClassifierFeatures(model)


def print_figures(figures):
    """Names and numbers; lists and dicts, such as the points of a curve, are in the files."""
    for name, value in figures.items():
        if np.isscalar(value):
            print(f"{name:40} {value:.6g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="file, folder or handle; without it, this help is shown")
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "digits", "fashion_mnist" or "tfds:NAME"')
    parser.add_argument("--metrics", nargs="*", default=["fid", "kid", "precision_recall"], choices=METRICS, metavar="METRIC")
    parser.add_argument("--analyses", nargs="*", default=["samples", "neighbors"], choices=ANALYSES, metavar="ANALYSIS")
    parser.add_argument("--extractor", default="classifier", choices=["classifier", "efficientnet", "inception"])
    parser.add_argument("--classifier-steps", type=int, default=1500)
    parser.add_argument("--num-samples", type=int, default=5000)
    parser.add_argument("--truncation", type=float)
    parser.add_argument("--statistics", default="moving", choices=["moving", "batch", "standing"], help="of batch normalization")
    parser.add_argument("--image-range", nargs=2, type=float, help="of a hub module's images: 0 1 for ProGAN's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", default="runs/evaluation")
    args = parser.parse_args()
    if args.model is None:
        parser.print_help()
        print(f"\nmetrics: {' '.join(METRICS)}\nanalyses: {' '.join(ANALYSES)}")
        return

    keras.utils.set_random_seed(args.seed)
    generator = load_generator(args.model, image_range=args.image_range)
    data = keras_gans.data.load(args.data, size=generator.image_shape[:2], seed=0)
    extractor = make_extractor(args.extractor, data, args.classifier_steps)
    chosen = [METRICS[name](extractor) for name in args.metrics]
    arguments = {"num_samples": args.num_samples, "truncation": args.truncation, "statistics": args.statistics, "seed": args.seed}
    result = evaluate(generator, data, chosen, analyses=args.analyses, extractor=extractor, output=args.output, **arguments)
    print_figures(result.figures)
    for name, analysis in result.analyses.items():
        print_figures({f"{name}: {figure}": value for figure, value in analysis.figures.items()})
    for title, reasons in {"skipped": result.skipped, "failed": result.failed}.items():
        for name, reason in reasons.items():
            print(f"{name} {title}: {reason}")
    print(f"Protocols are in {args.output}/results.jsonl, pictures in {args.output}/report.html")


if __name__ == "__main__":
    main()
