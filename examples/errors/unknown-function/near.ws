z = 1
h = sigmiod(z)
