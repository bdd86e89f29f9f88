// Package pythonjson reads JSON as the json module of CPython 3.11 does under Django REST framework: the same texts accepted, the same
// values, the same error messages with line, column and character. The differences are that nesting deeper than [MaximumDepth] is an
// error here (Python runs out of stack) and that NaN and Infinity are errors, as REST framework makes them.
package pythonjson
