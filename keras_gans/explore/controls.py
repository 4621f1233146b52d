"""Controls that parts of the page share, and those of styles."""

import gradio as gr

_FARTHEST = 3.0  # scales along a direction


def direction_sliders(explained, elem_id):
    """A slider for each direction, with its share of the variance, in scales."""
    return [
        gr.Slider(
            -_FARTHEST,
            _FARTHEST,
            0.0,
            step=0.1,
            label=f"{number}: {share:.{1 if share < 0.0995 else 0}%}",
            elem_id=f"{elem_id}-{number}",
        )
        for number, share in enumerate(explained, start=1)
    ]


def layer_choice(explorer, value, label, elem_id):
    """Layers by name, or a range of them, as `Explorer.numbers_of` reads it."""
    info = f"or a range of 0 to {len(explorer.layers.get('all', [])) - 1}"
    return gr.Dropdown(
        list(explorer.layers), value=value, label=label, info=info, allow_custom_value=True, min_width=120, elem_id=elem_id
    )


def gallery(elem_id, look, **options):
    """A gallery whose pictures can be picked."""
    return gr.Gallery(
        format="png",
        show_label=False,
        height="auto",
        object_fit="contain",
        allow_preview=False,
        interactive=False,
        buttons=[],
        elem_id=elem_id,
        elem_classes=["grid", *look],
        **options,
    )


class StyleControls:
    """What is done to styles, of a generator that has them: the arguments `mixed` and `moved` of `Explorer.view`.

    inputs   the components, as `arguments` takes their values
    amounts  the sliders among them
    at_rest  the components that change the images, and the values at which they do not
    """

    def __init__(self, explorer):
        has_styles = explorer.style_directions is not None
        with gr.Accordion("Styles", open=True, visible=has_styles, elem_id="styles"):
            self.moved_layers = layer_choice(explorer, "all", "Directions of W move the layers", "moved-layers")
            self.amounts = direction_sliders(explorer.style_directions.explained if has_styles else [], "style-direction")
            # Not a number: Gradio sends 0 of one that is empty.
            self.seed = gr.Textbox("", label="Mix in the styles of the seed", placeholder="none", elem_id="mixed-seed")
            self.mixed_layers = layer_choice(explorer, "coarse", "in the layers", "mixed-layers")
            self.reset = gr.Button("Reset", size="sm", elem_id="reset-styles")
        self.inputs = [self.seed, self.mixed_layers, self.moved_layers, *self.amounts]
        self.at_rest = {self.seed: "", **dict.fromkeys(self.amounts, 0.0)}

    @staticmethod
    def arguments(seed, mixed_layers, moved_layers, *amounts):
        mixed = [(each, mixed_layers) for each in seeds_of(seed)]
        if len(mixed) > 1:
            raise ValueError(f"The styles of one seed are mixed in. Received: {seed}")
        return {"mixed": mixed[0] if mixed else None, "moved": (amounts, moved_layers) if any(amounts) else None}


def seeds_of(text):
    """The ints of a text, between them commas or spaces."""
    try:
        return [int(number) for number in text.replace(",", " ").split()]
    except ValueError:
        raise ValueError(f"Seeds are whole numbers, such as 0, 1, 2. Received: {text}") from None
