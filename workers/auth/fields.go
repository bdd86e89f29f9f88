package auth

import "slices"

// RequestFields returns the canonical names of the header fields that the service reads. A transport to which every field costs something
// need pass on no others, unless hooks look at them.
func (s *Service) RequestFields() []string {
	fields := []string{"Accept", "Content-Type"}
	if s.config.CORS != nil {
		fields = append(fields, "Origin", "Access-Control-Request-Method", "Access-Control-Request-Private-Network")
	}
	fields = append(fields, s.dialect.credentialFields()...)
	slices.Sort(fields)
	return slices.Compact(fields)
}
