package auth

import (
	"maps"
	"slices"
)

// Paths returns the paths that the service has endpoints at, sorted. Transports use it to name routes in metrics; every other path is
// answered with 404, or with a redirect to the one with a slash at its end.
func (s *Service) Paths() []string { return slices.Sorted(maps.Keys(s.views)) }
