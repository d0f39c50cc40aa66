"""What is going on at Bicis Mirasol right now: the conversations on everybody's desk."""

from config.demo.script import Story
from config.demo.stories.lately import LATELY
from config.demo.stories.on_diego import DIEGO
from config.demo.stories.on_others import OTHERS
from config.demo.stories.unassigned import UNASSIGNED
from config.demo.stories.waiting import SNOOZED, WAITING

STORIES: list[Story] = [*UNASSIGNED, *DIEGO, *OTHERS, *WAITING, *SNOOZED, *LATELY]
