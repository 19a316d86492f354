"""Checks on the project itself."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
APPS = ("allo3939", "knowledge", "orientation", "calls")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and path.stat().st_size
)
MODULE_LINES = 400
# No browser runs them under `script-src 'self'`, so that nobody would notice but the user.
INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']|\shx-on[:-]", re.I),
    "script address": re.compile(r"[\"']\s*javascript:", re.I),
    "evaluated expression": re.compile(
        r"hx-vals\s*=\s*[\"']js:|hx-trigger\s*=\s*[\"'][^\"']*\[", re.I
    ),
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def variables_read() -> dict[str, ast.Call]:
    """The environment variables that the settings read."""
    tree = ast.parse((ROOT / "allo3939" / "settings.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        call.args[0].value: call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_of_environment_names_every_variable_and_no_other():
    assert set(example()) == set(variables_read())


@pytest.mark.parametrize("name", sorted(variables_read()))
def test_the_example_of_environment_gives_the_default(name):
    call = variables_read()[name]
    default = next(ast.literal_eval(word.value) for word in call.keywords if word.arg == "default")
    if isinstance(default, list):
        default = ",".join(default)
    elif isinstance(default, bool):
        default = str(default).lower()
    assert example()[name] == str(default)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_has_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert not [name for name, pattern in INLINE.items() if pattern.search(text)]


# A plain space before a high punctuation mark, or inside quotation marks, that ends a line badly.
PLAIN_SPACE = re.compile(r"(?<=\S) [:;?!»](?=\s|$)|« (?=\S|$)")
# The texts of models are kept in migrations too: changing a space there is a migration.
MESSAGES = [path for path in MODULES if "models" not in (path.stem, path.parent.name)]


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_puts_non_breaking_spaces_before_high_punctuation(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}|<[^>]*>", "", text, flags=re.S)
    assert not [line.strip() for line in text.splitlines() if PLAIN_SPACE.search(line)]


@pytest.mark.parametrize("path", MESSAGES, ids=relative)
def test_a_message_puts_non_breaking_spaces_before_high_punctuation(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told_apart = {
        id(node.value)  # docstrings are English prose and may quote
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    wrong = [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told_apart
        and PLAIN_SPACE.search(node.value)
    ]
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_can_be_read_in_one_go(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES, "make it a package, split by subject"


def test_the_glossary_has_every_model():
    glossary = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")
    models = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS and not model.__name__.startswith("Historical")
    ]
    missing = [name for name in models if not re.search(rf"^\| .*\b{name}\b", glossary, re.M)]
    assert not missing


def test_the_glossary_says_each_noun_once():
    text = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")
    nouns = re.findall(r"^\| ([^|]+?) \|", text, re.M)
    assert len(nouns) == len(set(nouns))


def test_every_dependency_is_pinned():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {canonical(line.split("==")[0]) for line in lock.split() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    missing = [name for name in wanted if canonical(re.split(r"[\[~=<> ]", name)[0]) not in pinned]
    assert not missing


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_decision_has_its_own_number():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert len(numbers) == len(set(numbers))
