"""One subject on its way from answers to a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import UNDEFINED, Amount, Block, Criterion, Procedure
from gemba.scorecards.rules.bounds import Bounds, criterion_bounds, possible
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.criteria import ABSENT, score_answer
from gemba.scorecards.rules.exact import exact, rounded, shown
from gemba.scorecards.rules.experts import Sheets, combine_marks, marks_of, sheets_of
from gemba.scorecards.rules.results import Remark, State, Subject
from gemba.scorecards.rules.scored import Scored, clause_of, refused
from gemba.scorecards.rules.total_bounds import Part, block_bounds, enters_by_totals


@dataclass(slots=True)
class Item:
    """A criterion or a block on its way to the total."""

    rule: Criterion | Block
    scored: Scored
    bounds: Bounds
    marks: dict[str, Scored | None] = field(default_factory=dict)
    bounds_of_one: Bounds | None = None
    """The bounds of one expert, where the totals of the experts are combined."""
    normalised: Fraction | None = None
    coefficient: Fraction | None = None
    weighted: Fraction | None = None
    is_excluded: bool = False

    @property
    def is_by_totals(self) -> bool:
        return self.bounds_of_one is not None

    @property
    def state(self) -> State:
        return self.scored.state

    def weighed(self, points: Fraction, coefficient: Fraction) -> Fraction:
        """Return what such points of one expert weigh; comparing with others has no sense for one expert."""
        rule = self.rule.normalise
        if rule and rule.method == "share_of_maximum":
            bounds = self.bounds_of_one or self.bounds
            top = exact(rule.maximum) if rule.maximum is not None else bounds.high
            points = rounded(points / (top or Fraction(1)) * exact(rule.scale), rule.rounding)
        return rounded(points * coefficient, self.rule.rounding)

    @property
    def name(self) -> str:
        kind = "Блок" if isinstance(self.rule, Block) else "Критерий"
        return f"{kind} {self.rule.code}"


class Sheet:
    """The working state of one subject."""

    def __init__(
        self,
        procedure: Procedure,
        subject: Subject,
        context: Mapping[str, Any],
        known_bounds: dict[Any, Bounds],
    ) -> None:
        self.procedure = procedure
        self.subject = subject
        self.given = {**context, **subject.context}
        self.context = Context(procedure, self.given)
        # Subjects of one kind share their bounds: thousands are scored at once.
        self._known_bounds = known_bounds
        self._kind = tuple(sorted((name, str(value)) for name, value in self.given.items()))
        self.items: dict[str, Item] = {}
        self.blocks: dict[str, Item] = {}
        self.explanation: list[Remark] = []
        self.undefined: list[Remark] = []
        self.warnings: list[Remark] = []
        self.problems: list[Problem] = []
        self.experts: Sheets = sheets_of(procedure, subject)
        self.problems += self.experts.problems
        self.known_total = Fraction(0)
        self.total: Fraction | None = None
        self.is_provisional = False
        self._unknown_answers()
        for criterion in procedure.criteria:
            self.items[criterion.code] = self._item(criterion)

    def note(self, text: str, clause: str, criterion: str = "") -> None:
        """Add a sentence to the explanation."""
        self.explanation.append(Remark(text, clause, criterion))

    def compared_without(self, names: str, what: str, clause: str, criterion: str = "") -> None:
        """Say that a comparison may change, because others are not computed."""
        self.is_provisional = True
        text = f"{what}: сравнение предварительное, не посчитаны: {names}"
        self.warnings.append(Remark(text, clause, criterion))

    def not_defined(self, text: str, clause: str, criterion: str = "") -> None:
        """Say that the regulation does not define it."""
        remark = Remark(f"{text}: {UNDEFINED}", clause, criterion)
        if remark not in self.undefined:
            self.undefined.append(remark)

    def amount(self, amount: Amount, what: str, clause: str) -> Fraction | None:
        """Return a number that may depend on the context; a missing one is said."""
        try:
            found = self.context.amount(amount)
        except Unknown:
            return None
        if found is None:
            self.not_defined(what, clause)
        return found

    def group(self) -> tuple[str, ...]:
        """Return the rating group, as far as it is known; a value outside the list is no group."""
        ranking = self.procedure.ranking
        if not ranking:
            return ()
        known = self.context.values
        return tuple(str(self.given[name]).strip() if name in known else "" for name in ranking.groups)

    # --- criteria ---------------------------------------------------------------------------------------

    def _unknown_answers(self) -> None:
        declared = [criterion.code for criterion in self.procedure.criteria]
        for code in self.subject.answers:
            if str(code) not in declared:
                self.problems.append(
                    Problem(
                        f"Критерия «{code}» в процедуре нет",
                        clause=clause_of(self.procedure),
                        field=f"answers.{code}",
                        mend=f"Уберите ответ; критерии: {', '.join(declared)}.",
                    )
                )

    def _item(self, criterion: Criterion) -> Item:
        bounds = self._bounds(criterion)
        answer = self.subject.answers.get(criterion.code, ABSENT)
        try:
            applies = self.context.holds(criterion.when)
        except Unknown:
            return Item(criterion, Scored(State.REFUSED), bounds)
        marks: dict[str, Scored | None] = {}
        if not applies:
            scored = self._does_not_apply(criterion, answer)
        elif criterion.answered_by == "experts" and self.procedure.experts:
            marks = marks_of(criterion, self.procedure.experts, self.experts, self.context)
            if marks:
                scored = combine_marks(criterion, self.procedure.experts, marks)
            else:
                scored = refused(criterion, "нет ни одной оценки экспертов", "Внесите оценки в experts.")
                scored.state = State.UNANSWERED
        else:
            scored = score_answer(criterion, answer, self.context)
        self.explanation += scored.remarks
        self.undefined += scored.undefined
        self.problems += scored.problems
        self.warnings += scored.warnings
        of_one = enters_by_totals(criterion, self.procedure.experts)
        return Item(
            criterion, scored, bounds, marks, self._bounds(criterion, of_one=True) if of_one else None
        )

    def _bounds(self, criterion: Criterion, *, of_one: bool = False) -> Bounds:
        experts = len(self.experts.answers) or None
        key = (criterion.code, self._kind, experts, of_one)
        if key not in self._known_bounds:
            rule = None if of_one else self.procedure.experts
            self._known_bounds[key] = criterion_bounds(criterion, self.context, rule, experts)
        return self._known_bounds[key]

    def part(self, item: Item) -> Part:
        """Return what the item can add, as far as the answers leave it open."""
        known = item.coefficient
        rates = possible(item.rule.coefficient, self.context) if known is None else [known]
        return Part(
            item.bounds_of_one or item.bounds,
            rates,
            item.rule.extra,
            rounding=item.rule.rounding,
            by_experts=item.is_by_totals,
        )

    def _does_not_apply(self, criterion: Criterion, answer: Any) -> Scored:
        words = self.context.in_words(criterion.when)
        answered = answer is not ABSENT and answer is not None and answer != [] and answer != {}
        answered = answered or any(criterion.code in marks for marks in self.experts.answers.values())
        if answered:
            scored = refused(
                criterion, f"здесь не применяется, ответ не учтён (критерий для: {words})", "Уберите ответ."
            )
            scored.state = State.NOT_APPLICABLE
            return scored
        text = f"Критерий {criterion.code} здесь не применяется (он для: {words})"
        return Scored(State.NOT_APPLICABLE, remarks=[Remark(text, clause_of(criterion), criterion.code)])

    # --- weight -----------------------------------------------------------------------------------------

    def weigh(self, item: Item) -> None:
        """Multiply by the coefficient and round; without a coefficient the item is left out and this is said."""
        if item.state is not State.SCORED or item.normalised is None:
            return
        item.coefficient = self._coefficient(item)
        if item.coefficient is None:
            return
        exactly = item.normalised * item.coefficient
        item.weighted = rounded(exactly, item.rule.rounding)
        clause = clause_of(item.rule)
        is_plain = item.rule.coefficient.is_fixed and item.coefficient == 1
        if not is_plain:
            text = f"{item.name}: {shown(item.normalised)} × {shown(item.coefficient)} = {shown(exactly)}"
            self.note(text, clause, item.rule.code)
        if item.weighted != exactly:
            self.note(f"{item.name}: округлено до {shown(item.weighted)}", clause, item.rule.code)

    def _coefficient(self, item: Item) -> Fraction | None:
        try:
            found = self.context.amount(item.rule.coefficient)
        except Unknown:
            item.scored.state = State.REFUSED
            return None
        if found is None:
            item.is_excluded = True
            kind = "блока" if isinstance(item.rule, Block) else "критерия"
            text = (
                f"Коэффициент {kind} {item.rule.code}: {UNDEFINED}. "
                f"Итог посчитан без него, баллы показаны отдельно: {shown(item.normalised)}"
            )
            self.undefined.append(Remark(text, clause_of(item.rule), item.rule.code))
        return found

    def known_coefficient(self, item: Item) -> Fraction | None:
        """Return the coefficient also of an item that has no points, or None where there is none."""
        try:
            return self.context.amount(item.rule.coefficient)
        except Unknown:
            return None

    # --- blocks -----------------------------------------------------------------------------------------

    def combine_blocks(self) -> None:
        """Make every block of its criteria."""
        for block in self.procedure.blocks:
            inside = [item for item in self.items.values() if item.rule.block == block.code]  # type: ignore[union-attr]
            self.blocks[block.code] = self._block(block, inside)

    def _empty_block(self, block: Block, inside: list[Item]) -> State:
        """Tell what a block is in which nothing is left: left out, unless answers «not applicable» emptied it."""
        answered = [item for item in inside if item.state is State.NOT_APPLICABLE and self._applies(item)]
        if not answered or any(item.is_excluded for item in inside):
            return State.NOT_APPLICABLE
        text, clause = f"Блок {block.code} «{block.title}»: все его критерии не применимы", clause_of(block)
        if block.when_not_applicable == "leave_out":
            self.note(f"{text}, блок не учитывается", clause, block.code)
            return State.NOT_APPLICABLE
        self.not_defined(f"{text}, как тогда считать", clause, block.code)
        return State.UNDEFINED

    def _applies(self, item: Item) -> bool:
        try:
            return isinstance(item.rule, Block) or self.context.holds(item.rule.when)
        except Unknown:
            return False

    def _block(self, block: Block, inside: list[Item]) -> Item:
        taken = [item for item in inside if item.state is not State.NOT_APPLICABLE and not item.is_excluded]
        parts = [part for item in taken if (part := self.part(item)).rates]
        bounds = block_bounds(block, parts, self.context)
        if any(item.is_excluded for item in inside):
            names = ", ".join(item.rule.code for item in inside if item.is_excluded)
            self.warnings.append(
                Remark(f"Блок {block.code} посчитан без критериев {names}", clause_of(block))
            )
        if not taken:
            return Item(block, Scored(self._empty_block(block, inside)), bounds)
        if unknown := [item for item in taken if item.weighted is None]:
            states = {item.state for item in unknown}
            state = State.UNDEFINED if states <= {State.UNDEFINED, State.SCORED} else State.REFUSED
            return Item(block, Scored(state), bounds)
        values = [item.weighted for item in taken if item.weighted is not None]
        extra = sum(
            (item.weighted for item in taken if item.rule.extra and item.weighted is not None), Fraction(0)
        )
        base = [item.weighted for item in taken if not item.rule.extra and item.weighted is not None]
        match block.combine:
            case "sum":
                points = sum(base, Fraction(0))
            case "mean":
                points = sum(base, Fraction(0)) / len(base) if base else Fraction(0)
            case "highest":
                points = max(base, default=Fraction(0))
            case "lowest":
                points = min(base, default=Fraction(0))
        points += extra
        kept = points
        if block.cap is not None:
            kept = min(kept, exact(block.cap))
        if block.floor is not None:
            kept = max(kept, exact(block.floor))
        listed = " + ".join(shown(value) for value in values)
        text = f"Блок {block.code} «{block.title}»: {listed} → {shown(points)}"
        if kept != points:
            text += f", по положению {shown(kept)}"
        remark = Remark(text, clause_of(block), block.code)
        self.explanation.append(remark)
        return Item(block, Scored(points=kept, remarks=[remark]), bounds)
