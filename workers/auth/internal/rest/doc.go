// Package rest is what every endpoint inherits from Django REST framework: which answers a client accepts, request data in its three
// media types, the rules of a text field, and JSON as it writes it. It knows nothing of tokens or users.
package rest
