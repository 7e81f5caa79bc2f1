"""Judging: question sets, measures, runs and reports, over the public doors of the other rooms."""
