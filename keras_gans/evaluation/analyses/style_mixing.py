"""Images with the styles of one seed in some layers, and of another in all others."""

import numpy as np

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks
from keras_gans.utils.style_mixing import latents_of_seeds


def style_mixing_table(gan, seeds_a, seeds_b, layers="coarse", condition=None, truncation=None):
    """The table of StyleGAN's paper: a row for each image a, a column for each b, and their mixtures, all with the same noise.

    Args:
        gan: `keras_gans.StyleGAN`, `StyleGAN2`, or another GAN with `mix`; or what `hub.load` returns of its export.
        seeds_a, seeds_b: Lists of seeds, ints or pairs of ints.
        layers: Where the styles are those of b: "coarse", "middle", "fine", or a list of ints, as for `gan.mix`. Default:
            "coarse".
        condition, truncation: As for `gan.mix`.

    Returns:
        Float32 NumPy array `(len(seeds_a) + 1, len(seeds_b) + 1, height, width, channels)`: in the first column the images a, in
        the first row the images b, between them, in the corner, white.

    Raises:
        ValueError: if the GAN has no styles; and as `gan.mix`.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 4, "mapping_layers": 2, "style_width": 4}
    generator = keras_gans.networks.stylegan2.generator((8, 8, 1), latents=4, **small)
    gan = keras_gans.StyleGAN2(generator, keras_gans.networks.stylegan2.discriminator((8, 8, 1), 64, 4))
    table = keras_gans.evaluation.style_mixing_table(gan, [1, 2], [3, 4, 5], "coarse")
    print(table.shape)  # (3, 4, 8, 8, 1)
    keras_gans.utils.save_images("mixing.png", table.reshape(-1, *table.shape[2:]), columns=table.shape[1])
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948, figure 3.
    """
    if not hasattr(gan, "mix"):
        raise ValueError(f"A table of styles needs a GAN with styles, such as keras_gans.StyleGAN2. Received: {gan!r}")
    mixed = gan.mix(seeds_a, seeds_b, layers, condition, truncation)
    drawn = (latents_of_seeds(gan.latents, seeds) for seeds in (seeds_a, seeds_b))
    left, top = (gan.generate(condition=condition, latents=latents, truncation=truncation) for latents in drawn)
    corner = np.full_like(top[:1], max(gan.image_range))
    rows = np.concatenate([left[:, None], mixed], axis=1)
    return np.concatenate([np.concatenate([corner, top])[None], rows])


def style_mixing_analysis(sample_set, count=4):
    """Tables of coarse, middle and fine styles."""
    generator, options = sample_set.generator, sample_set.options
    gan = getattr(generator, "gan", None)
    if not hasattr(gan, "mix"):
        raise NotApplicable("The generator has no styles.")
    sample_set.need_pictures()
    condition = None if sample_set.conditions_for(1) is None else sample_set.conditions_for(1)[0]
    seeds_a, seeds_b = ([(options.seed, side * count + k) for k in range(count)] for side in (0, 1))
    result, blocks = {}, []
    for name in gan.named_layers():
        table = generator.rescaled(style_mixing_table(gan, seeds_a, seeds_b, name, condition, options.truncation))
        result[name] = table
        caption = f"rows: the images of the first column, with the {name} styles of the images above"
        blocks.append(html_blocks.images(table.reshape(-1, *table.shape[2:]), columns=count + 1, caption=caption))
    return AnalysisResult({}, blocks, result, sample_set.protocol | {"seeds": count})
