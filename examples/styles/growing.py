"""Growing: is a GAN that begins with images of 4x4 better, and faster, than the same networks at full size from the start?

Fashion-MNIST in 32x32 (on Debian: apt-get install dataset-fashion-mnist), or MNIST's 5,000 digits (--data mnist_5k). ProGAN's
networks with widths from 64 at 4x4 to 8 at 32x32, 64 latents; its loss and rates; an average of 0.99, because that of 0.999
would remember three phases; steps of 32 images. "growing" holds each size for 10,000 images and fades the next one in during
10,000 more, so that 32x32 is all there after 60,000. "full size" has the same networks and the same recipe, with every size
there from the first step. Both have the same processor time; the first steps of each size, which TensorFlow traces, are not
counted. Seed s is that of weights, order and latents.

images: how many the discriminator has seen in that time
FID: between training images and generated ones, in the features of a LeNet, trained on real labels
SWD: the sliced Wasserstein distance of the paper, x 1000, at 32x32 and 16x16, of 2,048 held-out and generated images
curve: images, seconds and the FID of 2,000 samples on the way, to compare at equal images

"real" is what held-out images score in the place of generated ones.
"""

import os
import time

import keras
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import metrics
from keras_gans import networks

SHAPE, LATENTS, BATCH_SIZE = (32, 32, 1), 64, 32
WIDTHS = {"base_filters": 128, "max_filters": 64}
HOLD = FADE = 10_000
LOOKS, LOOK_SAMPLES = 8, 2000
DATA, SECONDS = "fashion_mnist", 600
UNTRAINED = ("real",)
ARMS = {"growing": 4, "full size": SHAPE[0]}  # the first size
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "images": ("images", 0),
    "FID": ("fid", 2),
    "SWD 32": ("sliced_wasserstein_32", 2),
    "SWD 16": ("sliced_wasserstein_16", 2),
}
PICTURES = ("growing",)


class Looks(keras.callbacks.Callback):
    """Stops a training that has had its seconds of processor time, and looks at it on the way: neither looks nor traces count.

    Args:
        seconds: Float.
        look: Callable without arguments, to a number.
    """

    def __init__(self, seconds, look):
        super().__init__()
        self.seconds, self.look = seconds, look
        self.used, self.start, self.size, self.curve = 0.0, None, None, []

    def on_train_batch_end(self, batch, logs=None):
        size, now = self.model.stage[0], time.process_time()
        if self.start is not None and size == self.size:
            self.used += now - self.start
        self.size = size
        if self.used >= self.seconds * (len(self.curve) + 1) / LOOKS:
            self.curve.append([int(self.model.images_seen), round(self.used), round(self.look(), 2)])
        self.model.stop_training = self.used >= self.seconds
        self.start = time.process_time()


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SHAPE[0], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the held-out images themselves, if `technique` is "real"."""
    known, images, labels, judge = common.begin(data, SHAPE[0], seed, samples, folder)
    if technique == "real":
        return rounded(figures(judge, known, images, known[: len(images)]).items())
    gan = build(ARMS[technique])
    gan.compile()
    reference = common.statistics(judge, known)
    looks = Looks(budget, lambda: common.fid(judge, reference, gan.generate(min(LOOK_SAMPLES, len(images)), seed=seed)))
    batches = keras_gans.data.images(known, batch_size=BATCH_SIZE, seed=seed, verbose=False)
    gan.fit(batches.repeat(), steps_per_epoch=10**6, callbacks=[looks], shuffle=False, verbose=0)
    gan.save(os.path.join(folder, f"growing_{data}_{technique}_{seed}.keras".replace(" ", "_")))
    made = gan.generate(len(images), seed=seed)
    line = rounded({"images": int(gan.images_seen), **figures(judge, reference, made, images)}.items())
    if seed == 0:
        common.keep(folder, "growing", technique, made[: len(common.first_of_each_class(labels))])
    return line | {"curve": looks.curve}


def figures(judge, known, made, images):
    swd = metrics.SlicedWasserstein()
    for real, fake in zip(common.parts(images[:2048]), common.parts(made[:2048]), strict=True):
        swd.update_state(real, fake)
    return {"fid": common.fid(judge, known, made)} | {name: float(value) for name, value in swd.result().items()}


def build(start):
    return keras_gans.ProGAN(
        networks.progan.generator(SHAPE, LATENTS, **WIDTHS),
        networks.progan.discriminator(SHAPE, **WIDTHS),
        growth=keras_gans.schedules.Growth(HOLD, FADE, start),
        ema=0.99,
    )
