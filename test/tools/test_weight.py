#!/usr/bin/env python3
"""What a page of ours makes a browser load stays light: issue and docs/agent.md promise it."""
import re
import unittest
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
PAGE_MAX, STYLE_MAX = 60_000, 60_000        # bytes, as they are sent: nothing is packed
IMPORT = re.compile(r'^(?:import|export)\b[^"]*"\./([\w.]+)";', re.M)


def modules(name, seen):
    """It and all that it imports."""
    if name not in seen:
        seen.add(name)
        for other in IMPORT.findall((WEB / name).read_text(encoding="utf-8")):
            modules(other, seen)
    return seen


class Weight(unittest.TestCase):
    def test_the_modules_of_each_page_are_light(self):
        for page in ("agent.js", "board.js"):
            names = modules(page, set())
            self.assertGreater(len(names), 2, "imports were not found")
            weight = sum((WEB / n).stat().st_size for n in names)
            self.assertLessEqual(weight, PAGE_MAX, f"{page}: {sorted(names)}")

    def test_no_module_is_orphaned(self):
        used = modules("agent.js", set()) | modules("board.js", set())
        pages = "".join(p.read_text(encoding="utf-8") for p in WEB.parent.glob("src/view/*.c"))
        loaded = "".join(re.findall(r'"/assets/[\w.]+"', "".join(  # when they are wanted
            p.read_text(encoding="utf-8") for p in WEB.glob("*.js"))))
        for p in WEB.glob("*.js"):
            is_used = p.name in used or f'/{p.name}"' in loaded
            self.assertTrue(is_used or f'"{p.name}"' in pages or f"/{p.name}" in pages,
                            f"{p.name} is loaded by no page")

    def test_the_style_is_light(self):
        self.assertLessEqual((WEB / "style.css").stat().st_size, STYLE_MAX)


if __name__ == "__main__":
    unittest.main()
