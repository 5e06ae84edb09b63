x = 30
y = sin(x°) = 0.5
