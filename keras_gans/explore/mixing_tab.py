"""The tab with the table of two groups of seeds, and of their mixtures."""

import dataclasses

import gradio as gr

from keras_gans.explore.controls import gallery
from keras_gans.explore.controls import layer_choice
from keras_gans.explore.controls import seeds_of
from keras_gans.explore.explorer import pictures


class MixingTab:
    """Makes the components, and says what they show. `as_png` makes a file of images in so many columns."""

    def __init__(self, explorer, look, as_png):
        self.explorer, self.as_png = explorer, as_png
        gr.Markdown("The images of the seeds on the left, in some layers with the styles of the seeds above.")
        with gr.Row():
            self.rows = gr.Textbox("0, 1, 2", label="Seeds on the left", min_width=120, elem_id="table-rows")
            self.columns = gr.Textbox("3, 4, 5, 6", label="Seeds above", min_width=120, elem_id="table-columns")
            self.layers = layer_choice(explorer, "coarse", "Styles from above in the layers", "table-layers")
        self.make = gr.Button("Make the table", variant="primary", elem_id="make-table")
        self.grid = gallery("table", look, visible=False)
        self.hint = gr.Markdown(elem_id="table-hint")
        self.use = gr.Button("Use it as the pick", visible=False, elem_id="use-mixture")
        self.code = gr.Code(language="python", label="Code of the table", visible=False, interactive=False, elem_id="table-code")
        self.png = gr.DownloadButton("Download PNG", visible=False, elem_id="download-table")

    def on_make(self, session, rows, columns, layers):
        table = self.explorer.table(session.view, seeds_of(rows), seeds_of(columns), layers)
        images, count = self.explorer.images(table), self.explorer.columns(table)
        return (
            dataclasses.replace(session, table=table, table_layers=layers, cell=None),
            gr.Gallery(pictures(images), columns=count, selected_index=None, visible=True),
            "Pick an image to go on with it.",
            gr.Button(visible=False),
            gr.Code(self.explorer.code(table), visible=True),
            gr.DownloadButton(value=self.as_png(images, count), visible=True),
        )

    def on_pick(self, session, event: gr.SelectData):
        row, column = session.table.seeds(event.index)
        if row is None and column is None:
            return dataclasses.replace(session, cell=None), "There is no image in the corner.", gr.Button(visible=False)
        hint = f"Picked: seed {column if row is None else row}"
        if row is not None and column is not None:
            hint += f", with the styles of seed {column} in the layers {session.table_layers}"
        return dataclasses.replace(session, cell=(row, column)), f"{hint}.", gr.Button(visible=True)
