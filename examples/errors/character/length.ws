x = -2
# |x| is read; two bars are not.
y = ‖x‖ = 2
