"""The look of the page: fonts that every machine has, and its style sheet."""

_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

# Where Samples is the tab on show, the pictures stay in sight while sliders are moved.
_CSS = """
.gradio-container { width: 100% !important; max-width: 1240px !important; min-width: 0; margin: 0 auto !important;
  overflow: visible !important; }
.gradio-container > .main { padding: 12px 20px; min-width: 0; }
.sharp img { image-rendering: pixelated; }
.picture label.float { position: static; border: none; box-shadow: none; background: none; }
.picture .image-container, .picture .image-container > button, .picture .image-frame { width: 100%; height: auto; }
.picture img { width: 100% !important; max-height: 40vh; object-fit: contain !important; }
#layout > .column { min-width: 0 !important; }
#new-seed { align-self: flex-end; }
#directions .block { padding-top: 4px; padding-bottom: 2px; }
#results:has([role="tab"]:first-of-type[aria-selected="true"]) { position: sticky; top: 0; align-self: flex-start; z-index: 60; }
#results { background: var(--body-background-fill); }
#samples { max-width: min(100%, 58vh); margin: 0 auto; }
.grid .grid-wrap { max-height: none; overflow: visible; padding: 6px; }
.grid .grid-container { grid-template-columns: repeat(var(--grid-cols), minmax(0, 1fr)) !important; gap: 6px;
  grid-auto-rows: auto !important; grid-template-rows: none !important; }
.grid .thumbnail-item.selected { outline: 3px solid var(--color-accent); outline-offset: 1px; }
#start img, #end img { max-height: 128px; }
.facts p { opacity: 0.75; }
@media (max-width: 760px) {
  .gradio-container > .main { padding: 4px 10px; }
  #results [role="tab"] { padding-left: 10px; padding-right: 10px; }
  #layout { flex-direction: column; flex-wrap: nowrap; }
  .facts h1 { font-size: 1.4em; overflow-wrap: anywhere; }
  #layout > .column { width: 100%; }
  #results .column, #pick-row { gap: 8px; }
  #results { order: -1; }
  #samples { max-width: min(100%, 44vh); }
}
@media (max-height: 600px) { #results { position: static !important; } }
"""


def style(gradio):
    """What `launch` is told of looks: fonts that every machine has, so that none is fetched."""
    return {"theme": gradio.themes.Default(primary_hue="indigo", font=_FONT, font_mono=_MONO), "css": _CSS}
