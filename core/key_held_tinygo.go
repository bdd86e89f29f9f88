//go:build tinygo

package core

// publicMaterial is an RSA, EC or Ed25519 key in a build that leaves asymmetric cryptography to the host. Its form has been checked.
// What takes arithmetic is for the host to find when it imports the key, before it vouches for any signature: that a point lies on its
// curve, that private parts fit the public ones. The private parts themselves are not kept.
type publicMaterial struct {
	members    []jwkMember
	hasPrivate bool
}

func computedByHost(p primitive) bool {
	_, held := p.(*publicMaterial)
	return held
}

func (m *publicMaterial) verify(_, _ []byte) bool { return false }

func (m *publicMaterial) appendSignature(dst, _ []byte) ([]byte, error) { return dst, HostRequired }

func (m *publicMaterial) private() bool { return m.hasPrivate }

func (m *publicMaterial) public() primitive { return &publicMaterial{members: m.members} }

func (m *publicMaterial) jwk() (public, private []jwkMember) { return m.members, nil }

func (m *publicMaterial) wipe() {}
