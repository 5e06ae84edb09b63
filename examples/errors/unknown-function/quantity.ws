h = 2
y = h(1 - h)
