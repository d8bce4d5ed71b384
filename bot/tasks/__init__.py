"""Tasks beside resources (`/task`): what to do, what members hand in, and what is said of it.

Made by moderators and by a resource's creator, and seen by whoever may open the resource. What was
handed in is its member's: others see it only where they say so. What a task is beside is the
catalogue's, and what its points come to the rules'.
"""
