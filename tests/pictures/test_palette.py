import pytest

from cgviz.pictures.palette import BLUE, ORANGE, SCOPE, STYLES, style, style_sheet


def rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def blend(over, under, opacity):
    return [opacity * a + (1 - opacity) * b for a, b in zip(over, under, strict=True)]


def luminance(colour):
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


# A page's ground and its ink: plain, and as JupyterLab has them in its two themes.
PAGES = {"white": ("#ffffff", "#1b1f24"), "lab": ("#ffffff", "#212121"), "dark": ("#111111", "#e0e0e0")}


ON_TINT = ["cg-slot", "cg-caption"]
ON_PAGE = ["cg-slot", "cg-caption", "cg-word", "cg-quiet", "cg-number-name", "cg-note", "cg-local"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("text", "tint"), [(t, tint) for t in ON_TINT for tint in (BLUE, ORANGE)])
def test_text_stands_out_from_every_tint(page, text, tint):
    ground, ink = map(rgb, PAGES[page])
    for strength in ("cg-1", "cg-2", "cg-3"):
        under = blend(rgb(tint), ground, STYLES[strength]["fill-opacity"])
        assert contrast(blend(ink, under, style(f"cg-text {text}").get("fill-opacity", 1)), under) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("text", ON_PAGE)
def test_text_stands_out_from_the_page_and_from_a_leafs_name(page, text):
    ground, ink = map(rgb, PAGES[page])
    for opacity in (0, STYLES["cg-tab-leaf"]["fill-opacity"]):
        under = blend(ink, ground, opacity)
        assert contrast(blend(ink, under, style(f"cg-text {text}").get("fill-opacity", 1)), under) >= 4.5


def test_every_rule_is_limited_to_pictures_of_this_style():
    for line in style_sheet().splitlines():
        assert line.startswith((f".{SCOPE}", f"svg.{SCOPE}"))


def test_the_later_style_wins():
    assert style("cg-box cg-box-root")["stroke-width"] == STYLES["cg-box-root"]["stroke-width"]
    assert style("cg-data cg-word cg-slot")["font-style"] == "italic"
