"""Evaluates the formulas' expressions in Decimal with simpleeval: names, numbers, + - * / ** and comparisons only."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from actions.readers.quantities import plain_number

NAME = re.compile(r"[A-Za-z_]\w*")
SIGNS = {"**": "^", "*": "×", "/": "÷", "-": "−"}
OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Eq: operator.eq,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
}


class NotComputable(ArithmeticError):
    """The numbers cannot be worked with (division by zero, out of bounds)."""


def evaluate(expression: str, names: Mapping[str, Decimal]) -> Decimal:
    """The value of an expression. Raises NotComputable."""
    return Decimal(_run(expression, names))


def holds(expression: str, names: Mapping[str, Decimal]) -> bool:
    """Whether a condition is true."""
    return bool(_run(expression, names))


def written_out(expression: str, names: Mapping[str, Decimal]) -> str:
    """The expression with the numbers put in and the signs people write."""
    filled = NAME.sub(lambda found: plain_number(names[found[0]]), expression)
    return re.sub(r"\*\*|(?<= )[*/-](?= )", lambda found: SIGNS[found[0]], filled)


@lru_cache(maxsize=1024)
def without(expression: str, names: frozenset[str]) -> str:
    """The expression without the terms that rest on `names`, for showing only what plays a part."""
    if not names:
        return expression
    kept = _without(ast.parse(expression, mode="eval").body, names)
    return ast.unparse(kept) if kept is not None else "0"


def _without(node: ast.expr, names: frozenset[str]) -> ast.expr | None:
    if isinstance(node, ast.Name):
        return None if node.id in names else node
    if not isinstance(node, ast.BinOp):
        return node
    left, right = _without(node.left, names), _without(node.right, names)
    if isinstance(node.op, ast.Add):
        return ast.BinOp(left, node.op, right) if left is not None and right is not None else left or right
    if isinstance(node.op, ast.Sub) and right is None:
        return left
    if left is None or right is None:
        return node if isinstance(node.op, ast.Sub) else None
    return ast.BinOp(left, node.op, right)


def _run(expression: str, names: Mapping[str, Decimal]) -> Any:
    worker = SimpleEval(operators=OPERATORS, functions={}, names=dict(names))
    worker.nodes[ast.Constant] = lambda node: Decimal(str(node.value))
    try:
        return worker.eval(expression, previously_parsed=_parsed(expression))
    except (DecimalException, InvalidExpression, ZeroDivisionError) as error:
        raise NotComputable(str(error)) from error


@lru_cache(maxsize=1024)
def _parsed(expression: str) -> ast.AST:
    return SimpleEval.parse(expression)  # type: ignore[no-any-return]
