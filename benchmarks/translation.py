"""Seconds and peak memory of a training step of pix2pix and of CycleGAN, by `fit`, by hand, and in PyTorch.

    python benchmarks/translation.py                                    # 256x256, batches of 1, the published networks
    python benchmarks/translation.py --torch                            # PyTorch too, which this alone needs: pip install torch
    python benchmarks/translation.py --systems pix2pix --size 64 --filters 8

Every way runs in a process of its own, so that its peak of resident memory is its own. The processes wait for their turns: rounds
of all ways follow each other, so that whatever else the machine does hits all of them. Medians over rounds are printed, without
the first step of each way, with tracing.

- `by hand`: the same networks, losses and optimizers in a `tf.function`, as TensorFlow's tutorials write these systems: one pass,
  from which every player's gradients are taken.
- `fit`: `keras_gans.Pix2Pix.fit`, whose generator waits for the discriminator's step and is judged anew, as published, and
  `keras_gans.CycleGAN.fit`, with its pools of images.
- `fit, simultaneous`: pix2pix with the order of the tutorial.
- `torch`: the layers, losses and order of updates of `fit` in eager PyTorch, without pools.
"""

import argparse
import os
import statistics
import sys
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import numpy as np
import turns

WAYS = {
    "pix2pix": ("by hand", "fit", "fit, simultaneous", "torch"),
    "CycleGAN": ("by hand", "fit", "torch"),
}
PLAYERS = {"pix2pix": (1, 1), "CycleGAN": (2, 2)}  # generators and discriminators


def make_networks(system, args):
    """Generators, and discriminators, of Keras."""
    from keras_gans import networks

    shape, (generators, discriminators) = (args.size, args.size, 3), PLAYERS[system]
    if system == "pix2pix":
        build, options = networks.pix2pix, {}
    else:
        build, options = networks.cyclegan, {"blocks": args.blocks}
    made = [build.generator(shape, filters=args.filters, **options) for _ in range(generators)]
    return made, [build.discriminator(shape, filters=args.filters) for _ in range(discriminators)]


def adam():
    import keras

    return keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-8)


def by_fit(system, images, args, **options):
    """A function that trains for some steps, and returns the seconds of each."""
    import keras
    import tensorflow as tf

    import keras_gans

    generators, discriminators = make_networks(system, args)
    kind = {"pix2pix": keras_gans.Pix2Pix, "CycleGAN": keras_gans.CycleGAN}[system]
    gan = kind(*generators, *discriminators)
    gan.compile(adam(), adam(), **options)
    ends = []
    clock = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: ends.append(time.perf_counter()))
    data = tf.data.Dataset.from_tensors(images).repeat()

    def run(steps):
        ends.clear()
        gan.fit(data, steps_per_epoch=steps + 1, verbose=0, shuffle=False, callbacks=[clock])
        return list(np.diff(ends))

    return run


def by_hand(system, images, args):
    import tensorflow as tf

    generators, discriminators = make_networks(system, args)
    players = [*generators, *discriminators]
    optimizers = [adam() for _ in players]
    for player, optimizer in zip(players, optimizers, strict=True):
        optimizer.build(player.trainable_variables)
    losses = {"pix2pix": pix2pix_losses, "CycleGAN": cyclegan_losses}[system](*generators, *discriminators)

    @tf.function
    def step(source, target):
        with tf.GradientTape(persistent=True) as tape:
            values = losses(source, target)
        for player, optimizer, value in zip(players, optimizers, values, strict=True):
            optimizer.apply(tape.gradient(value, player.trainable_variables), player.trainable_variables)
        return values

    source, target = (tf.constant(part) for part in images)
    return timed(lambda: [float(value) for value in step(source, target)])


def pix2pix_losses(generator, discriminator):
    """A function of a batch: the losses of generator and discriminator."""
    import tensorflow as tf

    def losses(source, target):
        fake = generator(source, training=True)
        real_scores, fake_scores = (discriminator([images, source], training=True) for images in (target, fake))
        g_loss = tf.reduce_mean(tf.nn.softplus(-fake_scores)) + 100 * tf.reduce_mean(tf.abs(target - fake))
        d_loss = tf.reduce_mean(tf.nn.softplus(-real_scores)) + tf.reduce_mean(tf.nn.softplus(fake_scores))
        return g_loss, d_loss / 2

    return losses


def cyclegan_losses(forward, backward, judge_b, judge_a):
    """A function of a batch: the losses of both generators and both discriminators."""
    import tensorflow as tf

    def distance(x, y):
        return tf.reduce_mean(tf.abs(x - y))

    def losses(a, b):
        fake_b, fake_a = forward(a, training=True), backward(b, training=True)
        cycle = 10 * (distance(a, backward(fake_b, training=True)) + distance(b, forward(fake_a, training=True)))
        generated, judged = [], []
        sides = ((forward, judge_b, b, fake_b), (backward, judge_a, a, fake_a))
        for generator, judge, real, fake in sides:
            real_scores, fake_scores = judge(real, training=True), judge(fake, training=True)
            identity = 5 * distance(real, generator(real, training=True))
            generated.append(tf.reduce_mean((fake_scores - 1) ** 2) + cycle + identity)
            judged.append((tf.reduce_mean((real_scores - 1) ** 2) + tf.reduce_mean(fake_scores**2)) / 2)
        return *generated, *judged

    return losses


def by_torch(system, images, args):
    import torch

    generators, discriminators = torch_networks(system, args)
    made, judged = (torch.nn.ModuleList(part) for part in (generators, discriminators))
    g_optimizer, d_optimizer = (torch.optim.Adam(part.parameters(), 2e-4, (0.5, 0.999)) for part in (made, judged))
    source, target = (torch.from_numpy(part.transpose(0, 3, 1, 2)).contiguous() for part in images)

    def update(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    def pix2pix():
        (generator,), (discriminator,) = generators, discriminators
        bce = torch.nn.functional.softplus

        def scores(images):
            return discriminator(torch.cat([source, images], 1))

        fake = generator(source)
        judged.requires_grad_(True)
        update(d_optimizer, (bce(-scores(target)).mean() + bce(scores(fake.detach())).mean()) / 2)
        judged.requires_grad_(False)
        update(g_optimizer, bce(-scores(fake)).mean() + 100 * (target - fake).abs().mean())

    def cyclegan():
        (forward, backward), (judge_b, judge_a) = generators, discriminators
        fake_b, fake_a = forward(source), backward(target)
        pairs = [(backward(fake_b), source), (forward(fake_a), target)]
        same = [(forward(target), target), (backward(source), source)]
        judged.requires_grad_(False)
        loss = ((judge_b(fake_b) - 1) ** 2).mean() + ((judge_a(fake_a) - 1) ** 2).mean()
        loss = loss + 10 * sum((x - y).abs().mean() for x, y in pairs) + 5 * sum((x - y).abs().mean() for x, y in same)
        update(g_optimizer, loss)
        judged.requires_grad_(True)
        sides = ((judge_b, target, fake_b), (judge_a, source, fake_a))
        losses = [((judge(real) - 1) ** 2).mean() + (judge(fake.detach()) ** 2).mean() for judge, real, fake in sides]
        update(d_optimizer, sum(losses) / 2)

    return timed({"pix2pix": pix2pix, "CycleGAN": cyclegan}[system])


def torch_networks(system, args):
    """The networks of `make_networks` in PyTorch; their weights are drawn otherwise, which costs no time."""
    from torch import cat
    from torch import nn

    n = args.filters

    def norm(channels):
        return nn.InstanceNorm2d(channels) if system == "CycleGAN" else nn.BatchNorm2d(channels, eps=1e-5)

    def patch_gan(channels):
        widths, bias = (n, 2 * n, 4 * n, 8 * n), system == "CycleGAN"
        layers = [nn.Conv2d(channels, n, 4, 2, 1), nn.LeakyReLU(0.2)]
        for before, width, stride in zip(widths, widths[1:], (2, 2, 1), strict=False):
            layers += [nn.Conv2d(before, width, 4, stride, 1, bias=bias), norm(width), nn.LeakyReLU(0.2)]
        return nn.Sequential(*layers, nn.Conv2d(8 * n, 1, 4, 1, 1))

    class Level(nn.Module):
        """One level of the U-Net, with those inside it: halved, and doubled again, beside what came in."""

        def __init__(self, channels, width, made, inside, level, levels):
            super().__init__()
            first, last = level == 0, level == levels - 1
            down = [nn.Conv2d(channels, width, 4, 2, 1, bias=False)]
            down = down if first else [nn.LeakyReLU(0.2), *down, *([] if last else [norm(width)])]
            up = [nn.ReLU(), nn.ConvTranspose2d(width if last else 2 * width, made, 4, 2, 1, bias=first)]
            up += [nn.Tanh()] if first else [norm(made)]
            up += [nn.Dropout(0.5)] if not first and level >= levels - 3 else []
            self.path, self.first = nn.Sequential(*down, *([] if inside is None else [inside]), *up), first

        def forward(self, x):
            return self.path(x) if self.first else cat([x, self.path(x)], 1)

    def u_net():
        levels = args.size.bit_length() - 1
        widths = [n * min(8, 2**level) for level in range(levels)]
        inside = None
        for level in reversed(range(levels)):
            channels, made = (3, 3) if level == 0 else (widths[level - 1], widths[level - 1])
            inside = Level(channels, widths[level], made, inside, level, levels)
        return inside

    class Block(nn.Module):
        def __init__(self, channels):
            super().__init__()
            layers = []
            for activate in (True, False):
                layers += [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), norm(channels)]
                layers += [nn.ReLU()] if activate else []
            self.path = nn.Sequential(*layers)

        def forward(self, x):
            return x + self.path(x)

    def resnet():
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(3, n, 7), norm(n), nn.ReLU()]
        for width in (n, 2 * n):
            layers += [nn.Conv2d(width, 2 * width, 3, 2, 1), norm(2 * width), nn.ReLU()]
        layers += [Block(4 * n) for _ in range(args.blocks)]
        for width in (4 * n, 2 * n):
            layers += [nn.ConvTranspose2d(width, width // 2, 3, 2, 1, 1), norm(width // 2), nn.ReLU()]
        return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(n, 3, 7), nn.Tanh())

    generators, discriminators = PLAYERS[system]
    if system == "pix2pix":
        return [u_net() for _ in range(generators)], [patch_gan(6) for _ in range(discriminators)]
    return [resnet() for _ in range(generators)], [patch_gan(3) for _ in range(discriminators)]


def timed(step):
    def run(steps):
        seconds = []
        for _ in range(steps):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
        return seconds

    return run


def serve(system, way, args):
    """Prepares one way in this process, and serves medians of a round's steps."""
    images = tuple(np.random.default_rng(0).uniform(-1, 1, (2, args.batch_size, args.size, args.size, 3)).astype("float32"))
    if way == "fit, simultaneous":
        run = by_fit(system, images, args, update_rule="simultaneous")
    else:
        run = {"fit": by_fit, "by hand": by_hand, "torch": by_torch}[way](system, images, args)
    run(1)
    turns.serve(lambda: statistics.median(run(args.steps)))


def measure(system, ways, args):
    """Prints a line for each way."""
    names = ("size", "filters", "blocks", "batch_size", "steps")
    sizes = [f"--{name.replace('_', '-')}={getattr(args, name)}" for name in names]
    print(f"{system}, {args.size}x{args.size}, filters={args.filters}, batch of {args.batch_size}")
    turns.measure(__file__, ways, [*sizes, "--systems", system], args.rounds, {"torch": args.torch})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", nargs="*", default=list(WAYS), choices=WAYS)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=9, help="residual blocks of CycleGAN")
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--steps", type=int, default=3, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--torch",
        nargs="?",
        const=sys.executable,
        metavar="PYTHON",
        help="measure PyTorch too, of another Python if one is named",
    )
    parser.add_argument("--only", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        serve(*args.systems, args.only, args)
        return
    for system in args.systems:
        measure(system, [way for way in WAYS[system] if way != "torch" or args.torch], args)


if __name__ == "__main__":
    main()
