"""The page: controls, pictures, and what happens between them. Everything is computed by an `Explorer`."""

import dataclasses
import functools
import html
import io
import json
import os
import secrets
import sys
import traceback
import uuid

import gradio as gr
import numpy as np

from keras_gans.explore.controls import StyleControls
from keras_gans.explore.controls import direction_sliders
from keras_gans.explore.controls import gallery
from keras_gans.explore.explorer import MOST_IMAGES
from keras_gans.explore.explorer import MOST_STEPS
from keras_gans.explore.explorer import gif
from keras_gans.explore.explorer import pictures
from keras_gans.explore.explorer import png
from keras_gans.explore.mixing_tab import MixingTab
from keras_gans.explore.recipes import Drawn
from keras_gans.explore.session import Session

_SMALL = 64  # images up to this side are shown enlarged, with sharp pixels


def _said(function):
    """An event whose errors are shown on the page, in a sentence; those that nobody foresaw are printed here, too."""

    @functools.wraps(function)
    def event(*arguments):
        try:
            return function(*arguments)
        except gr.Error:
            raise
        except Exception as error:
            message = str(error).strip().partition("\n")[0] or type(error).__name__
            if not isinstance(error, ValueError):
                traceback.print_exc(file=sys.stderr)
            raise gr.Error(html.escape(message, quote=False), print_exception=False) from None

    return event


def make_page(explorer, samples=16, title=None):
    """The `gradio.Blocks` of an `Explorer`.

    Args:
        explorer: `Explorer`.
        samples: Int, how many images are shown at first.
        title: String. Default: the generator's name.
    """
    return _Page(explorer, samples, title or explorer.name).blocks


class _Page:
    """Makes the components, row by row, and connects them."""

    def __init__(self, explorer, samples, title):
        self.explorer = explorer
        height, width, _ = explorer.generator.image_shape
        self.look = ["sharp"] if max(height, width) <= _SMALL else []
        self.first = explorer.view(count=samples)
        with gr.Blocks(title=title, analytics_enabled=False, delete_cache=(600, 3600), fill_width=True) as self.blocks:
            self.session = gr.State(Session())
            gr.Markdown(f"# {html.escape(title, quote=False)}\n{self._facts()}", elem_classes="facts")
            with gr.Row(elem_id="layout"):
                with gr.Column(scale=2, min_width=280, elem_id="controls"):
                    self._controls(samples)
                with gr.Column(scale=5, min_width=300, elem_id="results"), gr.Tabs(selected="samples") as self.tabs:
                    with gr.Tab("Samples", id="samples"):
                        self._samples_tab()
                    with gr.Tab("Mix", id="mix", visible=explorer.style_directions is not None):
                        self.mixing = MixingTab(explorer, self.look, self._png)
                    with gr.Tab("Path", id="path"):
                        self._path_tab()
                    with gr.Tab("Find", id="find"):
                        self._find_tab()
                    with gr.Tab("Code", id="code"):
                        self._code_tab()
            self._connect()

    def _facts(self):
        generator, directions = self.explorer.generator, self.explorer.directions
        height, width, channels = generator.image_shape
        kind = "gray" if channels == 1 else "color"
        latents = " x ".join(map(str, generator.latent_shape))
        source = "of the images" if directions.source == "images" else f"of the layer {directions.source}"
        return f"{height} x {width}, {kind}; {latents} latents; directions {source}"

    # ---- components

    def _controls(self, samples):
        explorer = self.explorer
        with gr.Row():
            self.seed = gr.Number(0, label="Seed", precision=0, min_width=100, scale=1, elem_id="seed")
            self.new_seed = gr.Button("New seed", min_width=100, scale=1, variant="primary", elem_id="new-seed")
        self.count = gr.Slider(1, MOST_IMAGES, samples, step=1, label="Images", elem_id="count")
        low, top = max(0.0, explorer.generator.truncation_range[0]), explorer.most_truncation
        self.truncation = gr.Slider(
            low,
            top,
            top,
            step=0.01,
            label=f"Truncation ({top:g}: none)",
            visible=explorer.generator.truncatable,
            elem_id="truncation",
        )
        with gr.Group(visible=explorer.takes_labels):
            self.label = self._class_choice("Class", 0, explorer.takes_labels, "class")
            self.other = self._class_choice("Second class", None, explorer.takes_mixtures, "second-class")
            self.mix = gr.Slider(0, 1, 0.0, step=0.01, label="Its share", visible=explorer.takes_mixtures, elem_id="mix")
        with gr.Accordion("Directions, with their share", open=True, elem_id="directions"):
            self.amounts = direction_sliders(explorer.directions.explained, "direction")
            self.reset = gr.Button("Reset", size="sm", elem_id="reset")
        self.styles = StyleControls(explorer)

    def _class_choice(self, label, value, visible, elem_id):
        classes, names = self.explorer.classes, self.explorer.generator.class_names
        if classes is None:
            return gr.Number(value, label=label, precision=0, visible=visible, elem_id=elem_id)
        choices = [(f"{number} {names[number][0]}" if names else str(number), number) for number in range(classes)]
        return gr.Dropdown(choices, value=value, label=label, visible=visible, elem_id=elem_id)

    def _picture(self, label, elem_id, **options):
        """An image that is only shown, and may be downloaded."""
        options = {"interactive": False, "format": "png", "buttons": ["download"], **options}
        return gr.Image(label=label, elem_id=elem_id, elem_classes=["picture", *self.look], **options)

    def _samples_tab(self):
        self.gallery = gallery("samples", self.look, columns=4)
        self.hint = gr.Markdown("Pick an image to vary it, or to make a path.", elem_id="hint")
        with gr.Row(visible=False, elem_id="pick-row") as self.pick_row:
            self.vary = gr.Button("Vary it", variant="primary", size="md", min_width=90, elem_id="vary")
            self.as_start = gr.Button("Path: start", size="md", min_width=90, elem_id="as-start")
            self.as_end = gr.Button("Path: end", size="md", min_width=90, elem_id="as-end")
            self.strength = gr.Slider(
                0, 1, 0.3, step=0.01, label="How far variations go", scale=2, min_width=260, elem_id="strength"
            )
        self.back = gr.Button("Back to new samples", size="sm", visible=False, elem_id="back")

    def _path_tab(self):
        self.path_hint = gr.Markdown(
            "Pick an image under Samples, for the start, and another one, for the end.", elem_id="path-hint"
        )
        with gr.Row():
            self.start = self._picture("Start", "start", min_width=120, buttons=[])
            self.end = self._picture("End", "end", min_width=120, buttons=[])
        self.steps = gr.Slider(2, MOST_STEPS, 8, step=1, label="Steps", elem_id="steps")
        self.strip = self._picture("The path", "strip", visible=False)
        self.gif = self._picture("There and back", "gif", visible=False, type="filepath")
        self.path_code = gr.Code(
            language="python", label="Code of the path", visible=False, interactive=False, elem_id="path-code"
        )

    def _find_tab(self):
        gr.Markdown("The latents whose image comes nearest to yours, with the class and the truncation that are set.")
        self.upload = gr.File(label="Your image", type="filepath", height=120, elem_id="upload")
        self.search_steps = gr.Slider(20, 1000, 200, step=20, label="Steps of the search")
        self.search = gr.Button("Find it", variant="primary", elem_id="search")
        with gr.Row(visible=False) as self.found_row:
            self.target = self._picture("Yours, as it is compared", "target", min_width=120, buttons=[])
            self.result = self._picture("The nearest found", "found", min_width=120)
        self.distance = gr.Markdown(elem_id="distance")
        self.use = gr.Button("Use it as the pick", visible=False, elem_id="use")

    def _code_tab(self):
        self.code = gr.Code(
            language="python", label="Makes what Samples shows", interactive=False, elem_id="code", wrap_lines=True
        )
        with gr.Row():
            self.png = gr.DownloadButton("Download PNG", min_width=140, elem_id="download-png")
            self.npy = gr.DownloadButton("Download latents (.npy)", min_width=140, elem_id="download-latents")
        self.files = gr.File(label="Files that the code loads", file_count="multiple", visible=False, interactive=False)

    # ---- what happens

    def _connect(self):
        controls = [self.session, self.count, self.seed, self.truncation, self.label, self.other, self.mix, *self.amounts]
        controls += self.styles.inputs
        shown = [self.session, self.gallery, self.hint, self.pick_row, self.back, self.code, self.png, self.npy, self.files]
        path = [self.path_hint, self.start, self.end, self.strip, self.gif, self.path_code]

        def on(trigger, function, inputs, outputs, **options):
            trigger(_said(function), inputs, outputs, concurrency_id="generator", concurrency_limit=1, api_name=False, **options)

        def on_rest(trigger, at_rest, function, inputs, outputs):
            """Controls are set to rest in the browser first: an event of theirs that waits then finds them there."""
            values = list(at_rest.values())
            js = f"() => {json.dumps(values if len(values) > 1 else values[0])}"
            on(trigger(None, None, list(at_rest), js=js, api_name=False).then, function, inputs, outputs)

        unmoved = dict.fromkeys(self.amounts, 0.0)
        live = {"trigger_mode": "always_last", "show_progress": "hidden"}
        on(self.blocks.load, self.show_new, controls, shown)
        for control in (self.seed, self.count):
            on(control.input, self.show_new, controls, shown, **live)
        for control in (self.truncation, self.label, self.other, self.mix, *self.amounts, *self.styles.inputs):
            on(control.input, self.show, controls, shown, **live)
        on(self.new_seed.click, self.on_new_seed, controls, [self.seed, *shown])
        on(self.back.click, self.show_new, controls, shown)
        on_rest(self.reset.click, unmoved, self.show, controls, shown)
        on_rest(self.styles.reset.click, self.styles.at_rest, self.show, controls, shown)
        on(self.gallery.select, self.on_pick, [self.session], [self.session, self.hint, self.pick_row], show_progress="hidden")
        on_rest(self.vary.click, unmoved, self.on_vary, [self.strength, *controls], shown)
        ends = [self.tabs, self.hint, self.session, *path]
        on(self.as_start.click, self.on_start, [self.session, self.steps], ends)
        on(self.as_end.click, self.on_end, [self.session, self.steps], ends)
        on(self.steps.input, self.show_path, [self.session, self.steps], path, **live)
        found = [self.session, self.found_row, self.target, self.result, self.distance, self.use]
        on(self.search.click, self.on_search, [self.session, self.upload, self.search_steps], found)
        on_rest(self.use.click, unmoved | self.styles.at_rest, self.on_use, controls, [self.tabs, *shown])
        mixing = self.mixing
        picked = [self.session, mixing.hint, mixing.use]
        made = [self.session, mixing.grid, mixing.hint, mixing.use, mixing.code, mixing.png]
        on(mixing.make.click, mixing.on_make, [self.session, mixing.rows, mixing.columns, mixing.layers], made)
        on(mixing.grid.select, mixing.on_pick, [self.session], picked, show_progress="hidden")
        mixture = [self.tabs, self.styles.seed, self.styles.mixed_layers, *shown]
        on_rest(mixing.use.click, unmoved | self.styles.at_rest, self.on_use_mixture, controls, mixture)

    def show_new(self, session, *controls):
        return self.show(dataclasses.replace(session, origin=None, number=None), *controls)

    def on_new_seed(self, session, count, seed, *controls):
        seed = secrets.randbelow(100_000)
        return seed, *self.show_new(session, count, seed, *controls)

    def show(self, session, count, seed, truncation, label, other, mix, *moved):
        """What the controls say, of the origin of a session."""
        if seed is None or (label is None and self.explorer.takes_labels):
            raise ValueError("A seed and a class are whole numbers. Received: nothing.")
        amounts, styles = moved[: len(self.amounts)], self.styles.arguments(*moved[len(self.amounts) :])
        view = self.explorer.view(int(count), int(seed), truncation, label, other, mix, amounts, session.origin, **styles)
        session = dataclasses.replace(session, view=view)
        images = self.explorer.images(view)
        columns = self.explorer.columns(view)
        gallery = gr.Gallery(pictures(images), columns=columns, selected_index=session.number)
        files = [self._npy(each.filename, each.array) for each in self.explorer.found_in(view)]
        return (
            session,
            gallery,
            *self._picked(session),
            gr.Button(visible=session.origin is not None),
            self.explorer.code(view),
            self._png(images, columns),
            self._latents_file(view),
            gr.File(files or None, visible=bool(files)),
        )

    def on_pick(self, session, event: gr.SelectData):
        session = dataclasses.replace(session, number=event.index)
        return session, *self._picked(session)

    def on_vary(self, strength, session, count, seed, truncation, *controls):
        self._need_pick(session)
        # Seeds that no sample has, so that variations are not made of the samples' own latents.
        recipe = self.explorer.vary(session.view, session.number, int(count), strength, -1 - session.varied, truncation)
        session = dataclasses.replace(session, origin=recipe, number=0, varied=session.varied + 1)
        return self.show(session, count, seed, truncation, *controls)

    def on_start(self, session, steps):
        self._need_pick(session)
        session = dataclasses.replace(session, start=session.view.choose(session.number))
        return self._with_path(session, steps)

    def on_end(self, session, steps):
        self._need_pick(session)
        session = dataclasses.replace(session, end=session.view.choose(session.number))
        return self._with_path(session, steps)

    def _with_path(self, session, steps):
        """Shows the path if it has both ends, else says which is missing."""
        if session.start is not None and session.end is not None:
            tab, hint = gr.Tabs(selected="path"), self._picked(session)[0]
        else:
            here, missing = ("end", "start") if session.start is None else ("start", "end")
            tab, hint = gr.skip(), f"Image {session.number + 1} is the {here} of a path. Pick its {missing}."
        return tab, hint, session, *self.show_path(session, steps)

    def show_path(self, session, steps):
        ends = [None if view is None else pictures(self.explorer.images(view))[0] for view in (session.start, session.end)]
        if any(end is None for end in ends):
            missing = "an end" if ends[1] is None else "a start"
            hint = (
                f"The path needs {missing}: pick an image under Samples." if any(end is not None for end in ends) else gr.skip()
            )
            return hint, *ends, gr.Image(visible=False), gr.Image(visible=False), gr.Code(visible=False)
        path = self.explorer.path(session.start, session.end, int(steps))
        images = self.explorer.images(path)
        strip = np.asarray(png(images, self.explorer.columns(path)).convert("RGB"))
        return (
            "",
            *ends,
            gr.Image(strip, visible=True),
            gr.Image(self._file("path.gif", gif(images)), visible=True),
            gr.Code(self.explorer.code(path), visible=True),
        )

    def on_search(self, session, filename, steps):
        if filename is None:
            raise ValueError("Choose an image first.")
        image = self.explorer.read_image(filename)
        recipe, distance = self.explorer.find(image, session.view, int(steps))
        found = pictures(self.explorer.images(dataclasses.replace(session.view, recipe=recipe, styles=None)))[0]
        return (
            dataclasses.replace(session, found=recipe),
            gr.Row(visible=True),
            pictures(image[None])[0],
            found,
            f"Pixels differ by {distance:.1f} of 255 (root mean square).",
            gr.Button(visible=True),
        )

    def on_use(self, session, *controls):
        session = dataclasses.replace(session, origin=session.found, number=0)
        return gr.Tabs(selected="samples"), *self.show(session, *controls)

    def on_use_mixture(self, session, *controls):
        row, column = session.cell
        seed = "" if row is None or column is None else str(column)
        session = dataclasses.replace(session, origin=Drawn(1, column if row is None else row), number=0)
        first = len(controls) - len(self.styles.inputs)
        controls = [*controls[:first], seed, session.table_layers, *controls[first + 2 :]]
        return gr.Tabs(selected="samples"), seed, session.table_layers, *self.show(session, *controls)

    # ---- parts of these

    def _picked(self, session):
        if session.number is None:
            return "Pick an image to vary it, or to make a path.", gr.Row(visible=False)
        return f"Picked: image {session.number + 1}.", gr.Row(visible=True)

    @staticmethod
    def _need_pick(session):
        if session.number is None:
            raise ValueError("Pick an image first.")

    def _png(self, images, columns):
        buffer = io.BytesIO()
        png(images, columns).save(buffer, "PNG")
        return self._file("samples.png", buffer.getvalue())

    def _latents_file(self, view):
        if view.styles is not None:
            return self._npy("styles.npy", self.explorer.styles(view))
        return self._npy("latents.npy", self.explorer.latents(view))

    def _npy(self, name, array):
        buffer = io.BytesIO()
        np.save(buffer, array)
        return self._file(name, buffer.getvalue())

    def _file(self, name, content):
        """The path of a file in the page's own cache, from which it vanishes after an hour."""
        folder = os.path.join(self.png.GRADIO_CACHE, uuid.uuid4().hex)
        os.makedirs(folder)
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path
