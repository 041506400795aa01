"""Makes the descriptions of the addon from its readme/: `python3 -m devtools.readme`.

README.rst is what pip and a repository show, index.html what Apps shows.
"""

import ast
import re

from docutils.core import publish_parts

from . import paths

FRAGMENTS = paths.ADDON / "readme"
README = paths.ADDON / "README.rst"
INDEX = paths.ADDON / "static" / "description" / "index.html"
PICTURES = "../static/description/"  # seen from a fragment

NOTICE = """\
..
   Made by python3 -m devtools.readme from the files of readme/: change those.
"""
# (fragment, its title in README.rst)
CHAPTERS = (
    ("INSTALL", "Installation"),
    ("CONFIGURE", "Configuration"),
    ("USAGE", "Usage"),
    ("ROADMAP", "Known issues / Roadmap"),
    ("HISTORY", "Changelog"),
)
# (fragment, its title in Apps)
APP_CHAPTERS = (
    ("CONFIGURE", "Set up in five minutes"),
    ("USAGE", "Daily use"),
    ("INSTALL", "Where it runs"),
    ("ROADMAP", "Good to know"),
)
HERO = """\
<section class="oe_container">
    <div class="oe_row oe_spaced text-center">
        <img
            src="banner.png"
            alt="Linga Octopus: one Odoo, every channel"
            class="img-fluid rounded-3"
            style="max-width: 100%; height: auto"
        />
        <h2 class="oe_slogan mt-4">
            Sell on web shops and marketplaces from your Odoo Point of Sale
        </h2>
{body}
    </div>
</section>
"""
SECTION = """
<section class="oe_container{dark}">
    <div class="oe_row oe_spaced{centered}">
        <h2 class="oe_slogan">{title}</h2>
{body}
    </div>
</section>
"""
PICTURE_LOOK = 'class="img-fluid border rounded-3 mt-2 mb-4" style="max-width: 100%; height: auto"'
HEADING = re.compile(r"^(.+)\n=+\n", re.MULTILINE)


def readme():
    """Return the content of README.rst."""
    manifest = ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())
    parts = [NOTICE, _headed(manifest["name"], "="), f"*{manifest['summary']}*\n"]
    # Titles inside a fragment are one level deeper than those of the chapters.
    parts.append(HEADING.sub(lambda found: _headed(found[1], "-"), fragment("DESCRIPTION")))
    parts.append("**Table of contents**\n\n.. contents::\n   :local:\n")
    for name, title in CHAPTERS:
        parts += [_headed(title, "-"), fragment(name)]
    parts += [_headed("Credits", "-"), _headed("Authors", "~"), f"- {manifest['author']}\n"]
    parts += [_headed("Contributors", "~"), fragment("CONTRIBUTORS")]
    support = f"Questions and issues: {manifest['support']}. License: {manifest['license']}.\n"
    parts += [_headed("Maintainers", "~"), f"- {', '.join(manifest['maintainers'])}\n", support]
    return "\n".join(parts).replace(PICTURES, "static/description/")


def index():
    """Return the content of index.html."""
    introduction, *rest = HEADING.split(fragment("DESCRIPTION"))
    sections = list(zip(rest[::2], rest[1::2], strict=True))
    sections += [(title, fragment(name)) for name, title in APP_CHAPTERS]
    return HERO.format(body=_html(introduction)) + "".join(
        _section(title, _html(text), is_dark=place % 2 == 0)
        for place, (title, text) in enumerate(sections)
    )


def fragment(name):
    """Return the text of a file of readme/."""
    return (FRAGMENTS / f"{name}.rst").read_text()


def _headed(title, line):
    return f"{title}\n{line * len(title)}\n"


def _section(title, body, *, is_dark):
    dark, centered = " oe_dark" * is_dark, " text-center" * ("<img" in body)
    return SECTION.format(title=title, body=body, dark=dark, centered=centered)


def _html(text):
    """Return reStructuredText as HTML for a section."""
    settings = {"input_encoding": "unicode", "halt_level": 2, "initial_header_level": 3}
    html = publish_parts(text, writer_name="html5", settings_overrides=settings)["body"]
    html = re.sub(r'(<img alt="[^"]*") src="([^"]*)"', rf'\1 {PICTURE_LOOK} src="\2"', html)
    html = re.sub(r' class="(?:docutils literal|simple|arabic simple)"', "", html)
    return html.replace(PICTURES, "").strip()


def main():
    """Write both files."""
    README.write_text(readme())
    INDEX.write_text(index())


if __name__ == "__main__":
    main()
