"""One engine for everything that asks a person for facts. `step` takes a turn and gives messages and the new state.

state.py     what the slot `task` holds
world.py     what a step may look at, and what it gives back
logic.py     what a task may add in code, and the registry
planning.py  which questions are open, in which order
hearing.py   what a text or a button answers
asking.py    the messages
repairs.py   戻る, なぜ, わからない, やめる, 続きから, 訂正
engine.py    who handles a turn, in which order
"""
