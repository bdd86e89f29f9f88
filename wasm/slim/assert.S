# What the C library calls when one of its assertions fails. Its own prints, and brings along printf and the texts of every error.

	.globl __assert_fail
	.type __assert_fail,@function
__assert_fail:
	.functype __assert_fail (i32, i32, i32, i32) -> ()
	unreachable
	end_function
