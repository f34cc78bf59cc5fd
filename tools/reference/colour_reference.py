"""Reference values of packages/vision/test/colour: sRGB to CIELAB (D65) by colour-science.

    python tools/reference/colour_reference.py
"""

import json
from pathlib import Path

import colour
import numpy as np

OUT = Path(__file__).parents[2] / "packages/vision/test/fixtures/colour/lab.json"


def main() -> None:
    levels = [0, 5, 10, 11, 64, 128, 200, 255]
    rgb = np.array([[r, g, b] for r in levels for g in levels[::3] for b in levels[::2]])
    space = colour.RGB_COLOURSPACES["sRGB"]
    # The white is the matrix's own, as in the code under test: greys are neutral to the last digit.
    space.use_derived_matrix_RGB_to_XYZ = True
    xyz = colour.RGB_to_XYZ(rgb / 255, space, apply_cctf_decoding=True)
    lab = colour.XYZ_to_Lab(xyz, colour.XYZ_to_xy(space.matrix_RGB_to_XYZ @ np.ones(3)))
    content = {
        "versions": {"colour-science": colour.__version__, "numpy": np.__version__},
        "rgb": rgb.tolist(),
        "lab": np.round(lab, 6).tolist(),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
