x = \frac{1}{2}
