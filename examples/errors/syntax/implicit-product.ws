w = 2
x = 3
y = 2 w
