"""Makes the pages of the manual that the screens link to, from docs/: `python3 -m devtools.manual`.

The pages have no pictures: these would make the addon eight times as large.
"""

import re

from markdown_it import MarkdownIt

from . import paths

PAGES = ("for-cashiers", "set-up", "for-managers", "troubleshooting")
FOLDER = paths.ADDON / "static" / "manual"
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
# A row of a table that has nothing but pictures, and the rows above it.
PICTURE_TABLE = re.compile(r"(?:^\|.*\|\n)*^\|(?: *!\[[^\]]*\]\([^)]*\) *\|)+\n", re.MULTILINE)

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="manual.css">
</head>
<body>
<nav>{links}</nav>
<main>
{body}</main>
</body>
</html>
"""


def render(name):
    """Return the HTML of a page of the manual."""
    text = (paths.ROOT / "docs" / f"{name}.md").read_text()
    title = re.search(r"^# (.+)$", text, re.MULTILINE).group(1)
    text = PICTURE.sub("", PICTURE_TABLE.sub("", text))
    links = " · ".join(
        f'<a href="{page}.html">{page.replace("-", " ").capitalize()}</a>' for page in PAGES
    )
    return PAGE.format(title=title, links=links, body=_body(text))


def _body(text):
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    for heading, content in zip(tokens, tokens[1:], strict=False):
        if heading.type == "heading_open":
            heading.attrSet("id", anchor(content.content))
    html = markdown.renderer.render(tokens, markdown.options, {})
    # Other documents are not part of the addon.
    html = re.sub(r'href="([\w-]+)\.md(#[^"]*)?"', _link, html)
    return re.sub(r'<a href="">(.*?)</a>', r"\1", html)


def _link(found):
    name, hash_ = found.groups()
    return f'href="{name}.html{hash_ or ""}"' if name in PAGES else 'href=""'


def anchor(heading):
    """Return the anchor that a reader's Markdown makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def main():
    """Write all pages."""
    for name in PAGES:
        (FOLDER / f"{name}.html").write_text(render(name))


if __name__ == "__main__":
    main()
