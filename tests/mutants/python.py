"""Every small change of a Python module, by its syntax tree."""

from __future__ import annotations

import ast
import copy
import re
from typing import TYPE_CHECKING

from tests.mutants.mutant import Mutant, number_alike, patterns_near

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
#: Imports and docstrings are left alone, and so are types: nothing runs them.
CHANGED = (ast.FunctionDef, ast.ClassDef, ast.Assign)


def mutants_of(path: Path, only: frozenset[str] | None = None) -> list[Mutant]:
    """Return the mutants of a module, or of those of its functions and constants named `only`."""
    tree = ast.parse(path.read_text("utf-8"))
    found, parts = [], list(map(ast.unparse, tree.body))
    for number, statement in enumerate(tree.body):
        place = _name(statement)
        if not isinstance(statement, CHANGED) or (only and place not in only):
            continue
        for before, after, changed in _changes(statement):
            source = "\n".join([*parts[:number], ast.unparse(changed), *parts[number + 1 :]])
            found.append(Mutant(path.stem, place, before, after, source))
    return number_alike(found)


def _name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name
    return ast.unparse(statement).partition(" ")[0].rstrip(":")


def _changes(statement: ast.stmt) -> Iterator[tuple[str, str, ast.stmt]]:
    """Yield (what was, what is instead, the whole statement changed), one for each change."""
    skipped = {*_annotations(statement), *_said(statement)}
    for index, node in enumerate(ast.walk(statement)):
        if id(node) in skipped:
            continue
        for instead in _instead(node):
            changed = copy.deepcopy(statement)
            twin = list(ast.walk(changed))[index]
            text = ast.unparse(node).split("\n")[0]
            if isinstance(instead, ast.stmt):
                _replace(changed, twin, instead)
            else:
                for field in twin._fields:
                    if hasattr(instead, field):
                        setattr(twin, field, getattr(instead, field))
                if type(twin) is not type(instead):
                    _replace(changed, twin, instead)
            ast.fix_missing_locations(changed)
            yield text, ast.unparse(instead).split("\n")[0], changed


def _replace(root: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(root):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, field, [new if item is old else item for item in value])


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in a node's place."""
    if isinstance(node, ast.Compare):
        yield from _compared(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        yield ast.BinOp(node.left, OPERATIONS[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield from _joined(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value))
    elif isinstance(node, ast.Slice):
        if node.lower is not None:
            yield ast.Slice(None, node.upper)
        if node.upper is not None:
            yield ast.Slice(node.lower, None)
    else:
        yield from _done_instead(node)


def _done_instead(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If):
        for test in (True, False):
            yield ast.If(ast.Constant(test), node.body, node.orelse)
    elif isinstance(node, ast.Raise | ast.AugAssign | ast.Expr):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and not _is_nothing(node.value):
        yield ast.Return(ast.Constant(None))


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for left_out in node.values:
        rest = [value for value in node.values if value is not left_out]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value - 1, value + 1)
    elif isinstance(value, str) and value and re.search(r"[\[{]", value) and "not" not in value:
        for near in patterns_near(value):
            try:
                re.compile(near)
            except re.error:
                continue
            yield near
    elif isinstance(value, str) and value and " " not in value:
        yield value + "x"
    elif isinstance(value, bytes):
        yield value + b"x"


def _annotations(statement: ast.stmt) -> Iterator[int]:
    for node in ast.walk(statement):
        # That a record is frozen is a matter of types, too.
        for decorator in getattr(node, "decorator_list", ()):
            yield from map(id, ast.walk(decorator))
        for name in ("annotation", "returns"):
            for part in ast.walk(getattr(node, name, None) or ast.Load()):
                yield id(part)


def _said(statement: ast.stmt) -> Iterator[int]:
    """Yield docstrings, and the parts of what errors say."""
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            yield from (id(node.body[0]), id(node.body[0].value))
        if isinstance(node, ast.JoinedStr):
            yield from map(id, ast.walk(node))
