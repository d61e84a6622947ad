"""The estimate in conversation: which formula, which numbers, and the result.

inputs.py   which formulas an activity has, and which inputs are asked for
fields.py   the open questions, in order
wording.py  how an input is asked for, from its description
amounts.py  the quantities in a message, with what they are amounts of: before, after, saved
hearing.py  what a whole message says: the activity and numbers
result.py   the calculation, its text and buttons
comparing.py  two activities side by side
"""

from actions.readers.registry import register_reader
from actions.tasks.estimate import readers
from actions.tasks.estimate.comparing import registered
from actions.tasks.estimate.fields import plan
from actions.tasks.estimate.hearing import hear
from actions.tasks.estimate.result import finish, hand_over
from actions.tasks.logic import TaskLogic, register

register("estimate", TaskLogic(plan=plan, hear=hear, finish=finish, open=registered, hand_over=hand_over))
for name, reader in readers.ALL.items():
    register_reader(name, reader)
