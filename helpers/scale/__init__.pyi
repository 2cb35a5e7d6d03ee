from .questions import QUESTIONS as QUESTIONS
from .questions import ask as ask
from .run import at_scale as at_scale
from .run import connect as connect
from .store import read_table as read_table
