# --alias "h1"
h1 = 1
