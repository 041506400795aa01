{
    "name": "Linga Octopus: an example of an extension",
    "summary": "A field more of products, categories and orders; see docs/extending.md",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Linga",
    "license": "LGPL-3",
    "depends": ["linga_octopus"],
}
