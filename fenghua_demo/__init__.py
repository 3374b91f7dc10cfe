"""Makes the synthetic actuals of the demonstration (演示数据): indicators, enterprises, towns.

Answers: what the pages look like with figures in them. Refuses: to pass for a real figure.
"""
