"""「うちは対象？」: as few questions as decide it, then a reasoned verdict.

facts.py     what is known about the plan
names.py     the numbers and days that a rule's conditions speak of
judging.py   which rules apply, what each says, which could still change the verdict
fields.py    the questions that can still decide
hearing.py   what a whole message says
answers.py   how the open question is answered in words
money.py     amounts of money
reckoning.py the estimate within the verdict
verdict.py   the result, told in words and as a card
"""

from actions.tasks.logic import TaskLogic, register
from actions.tasks.qualify.fields import plan
from actions.tasks.qualify.hearing import hear
from actions.tasks.qualify.verdict import finish, hand_over

register("qualify", TaskLogic(plan=plan, hear=hear, finish=finish, hand_over=hand_over))
