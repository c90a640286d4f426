"""The benchmark tasks by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from training import aid_tasks, dated_tasks
from training.task import Task

TASKS: Mapping[str, Callable[..., Task]] = {
    "placement": aid_tasks.placement,
    "scaling": aid_tasks.scaling,
    "fit": dated_tasks.fit,
    "next": dated_tasks.next_practice,
    "new-territory": dated_tasks.new_territory,
    "new-practice": dated_tasks.new_practice,
}
"""Each takes `Records`; fit, next and new-territory also take their cutoffs.

`new-country` is placement and scaling through `training.task.leave_one_out`.
"""
