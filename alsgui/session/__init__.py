"""What the window shows (State) and what a person can do (the verbs of Session). No widgets."""
