y = frobnicate(2)
