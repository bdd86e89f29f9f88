package auth

import (
	"slices"

	"github.com/jeton-dev/jeton/core"
)

// keyRing is the keys that may have signed the tokens of one algorithm, in the order of their setting.
type keyRing struct {
	verifiers []tokenVerifier
	keys      []*core.Key // of the verifiers
	ids       []string    // of the keys; nil where they have none
	insist    bool        // refuse tokens without a key ID where keys have some
}

// find returns which keys a token with that key ID may have been signed with, as a range of them. An empty ID is none.
func (r *keyRing) find(id string) (from, to int) {
	switch {
	case r.ids == nil:
		return 0, len(r.keys)
	case id != "":
		i := slices.Index(r.ids, id)
		return max(i, 0), i + 1
	case r.insist:
		return 0, 0
	}
	return 0, len(r.keys)
}

// verifiersFor returns the verifiers of the keys that find finds.
func (r *keyRing) verifiersFor(id string) []tokenVerifier {
	from, to := r.find(id)
	return r.verifiers[from:to]
}

// add adds a key, which goes by no key ID itself: it has been found by then.
func (r *keyRing) add(verifier tokenVerifier, key *core.Key, id string, insist bool) {
	r.verifiers, r.keys = append(r.verifiers, verifier), append(r.keys, key)
	if id != "" {
		r.ids, r.insist = append(r.ids, id), insist
	}
}

// keySetting is what a setting gives for keys.
type keySetting struct {
	name string
	keys []NamedKey
}

// key returns the key at an index of the setting for one algorithm, under the ID that it has there.
func (s keySetting) key(i int, algorithm core.Algorithm, parse PEMParser) (key *core.Key, err error) {
	if algorithm.Symmetric() {
		key, err = secretKey(s.name, s.keys[i].Key, algorithm)
	} else {
		key, err = asymmetricKey(s.name, s.keys[i].Key, algorithm, parse)
	}
	if err != nil {
		return nil, err
	}
	if key, err = key.WithID(s.keys[i].ID); err != nil {
		return nil, settingError(s.name, "%v", err)
	}
	return key, nil
}

// validate refuses keys of which some have IDs and some have none, or two share one.
func (s keySetting) validate() error {
	for i, named := range s.keys {
		switch {
		case (named.ID == "") != (s.keys[0].ID == ""):
			return settingError(s.name, "some keys have an ID and some have none")
		case named.ID != "" && slices.ContainsFunc(s.keys[:i], func(other NamedKey) bool { return other.ID == named.ID }):
			return settingError(s.name, "two keys have one ID")
		}
	}
	return nil
}

// prepareKeys makes the signer and the key rings. Keys that no token could pass are refused.
func (d *drfjwt) prepareKeys() error {
	for _, setting := range []keySetting{{"JWT_SECRET_KEY", d.settings.SecretKeys}, {"JWT_PRIVATE_KEY", d.settings.PrivateKeys}, {"JWT_PUBLIC_KEY", d.settings.PublicKeys}} {
		if err := setting.validate(); err != nil {
			return err
		}
	}
	d.rings = make(map[core.Algorithm]*keyRing, len(d.settings.Algorithms))
	for _, algorithm := range d.settings.Algorithms {
		if _, err := core.ParseAlgorithm(string(algorithm)); err != nil {
			return settingError("JWT_ALGORITHM", "is not a supported algorithm")
		}
		d.rings[algorithm] = new(keyRing)
	}
	signs := d.settings.Algorithms[0]
	signing := d.variant.signingKeys(&d.settings, signs)
	if !d.hasUserSecret(signs) {
		if err := d.prepareSigner(signing, signs); err != nil {
			return err
		}
	}
	if err := d.prepareRings(); err != nil {
		return err
	}
	if !d.hasUserSecret(signs) && !d.acceptsOwn(signing) {
		return settingError(signing.name, "no token signed with it would be accepted with the keys of %s", d.variant.verifyingKeys(&d.settings, signs).name)
	}
	return nil
}

func (d *drfjwt) prepareSigner(signing keySetting, algorithm core.Algorithm) error {
	if len(signing.keys) == 0 {
		return settingError(signing.name, "is missing, and %s needs it to sign", algorithm)
	}
	key, err := signing.key(0, algorithm, d.config.PEMParser)
	if err != nil {
		return err
	}
	if !key.CanSign() {
		return settingError(signing.name, "is a public key, which cannot sign")
	}
	d.signer, err = newTokenSigner(signing.name, key, d.host)
	return err
}

// prepareRings gives each algorithm its keys. A secret must be strong enough for every algorithm; of several asymmetric algorithms and
// keys, each key must fit one, and each algorithm must have one.
func (d *drfjwt) prepareRings() error {
	fits := make(map[Secret]bool)
	var misfits []misfit
	for _, algorithm := range d.settings.Algorithms {
		if d.hasUserSecret(algorithm) {
			continue
		}
		setting, ring := d.variant.verifyingKeys(&d.settings, algorithm), d.rings[algorithm]
		for i, named := range setting.keys {
			verifier, key, err := d.newVerifier(setting, i, algorithm)
			if err != nil && (algorithm.Symmetric() || len(setting.keys) == 1) {
				return err
			}
			if err != nil {
				misfits = append(misfits, misfit{named.Key, err})
				continue
			}
			fits[named.Key] = true
			ring.add(verifier, key, named.ID, d.settings.InsistOnKeyID)
		}
		if len(ring.verifiers) == 0 {
			return settingError(setting.name, "has no key for %s", algorithm)
		}
	}
	for _, m := range misfits {
		if !fits[m.key] {
			return m.problem
		}
	}
	return nil
}

// misfit is a key that is for another algorithm, or for none.
type misfit struct {
	key     Secret
	problem error
}

// newVerifier returns the verifier for a key of a setting, and the key.
func (d *drfjwt) newVerifier(setting keySetting, i int, algorithm core.Algorithm) (tokenVerifier, *core.Key, error) {
	key, err := setting.key(i, algorithm, d.config.PEMParser)
	if err != nil {
		return tokenVerifier{}, nil, err
	}
	if !algorithm.Symmetric() && key.CanSign() {
		if key, err = key.Public(); err != nil {
			return tokenVerifier{}, nil, settingError(setting.name, "%v", err)
		}
	}
	if key, err = key.WithID(""); err != nil {
		return tokenVerifier{}, nil, settingError(setting.name, "%v", err)
	}
	verifier, err := newTokenVerifier(setting.name, key, d.policy, d.host)
	return verifier, key, err
}

// acceptsOwn reports whether the key that signs is among those that its tokens are verified with.
func (d *drfjwt) acceptsOwn(signing keySetting) bool {
	ring := d.rings[d.settings.Algorithms[0]]
	from, to := ring.find(signing.keys[0].ID)
	return slices.ContainsFunc(ring.keys[from:to], func(key *core.Key) bool { return samePair(d.signer.key, key) })
}

// samePair reports whether what one key signs the other verifies.
func samePair(signing, verifying *core.Key) bool {
	if !signing.Algorithm().Symmetric() {
		return samePublicKey(signing, verifying)
	}
	probe := []byte("a text to sign")
	signature, err := signing.Sign(probe)
	return err == nil && verifying.Verify(probe, signature)
}
