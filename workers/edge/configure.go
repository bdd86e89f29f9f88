package main

import (
	"errors"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/edge/platform"
	"github.com/jeton-dev/jeton/workers/store"
)

// configure takes the bindings JETON_SIGNING_KEY, SECRET_KEY and JETON_CONFIG as text, and makes the service. It answers 0.
func (m *reactor) configure(length int32) int32 {
	return m.export(length, func(input []byte) int32 {
		r := newFrameReader(input)
		bindings := map[string]string{"JETON_SIGNING_KEY": r.text(), "SECRET_KEY": r.text(), "JETON_CONFIG": r.text()}
		if r.end() != nil {
			return m.refuse(refusedFrame)
		}
		m.logger = newLogger()
		service, err := m.newService(func(name string) string { return bindings[name] })
		switch {
		case errors.Is(err, platform.ErrMissingKey):
			return m.refuse(refusedMissingKey + ": " + err.Error())
		case err != nil:
			return m.refuse(refusedConfiguration + ": " + err.Error())
		}
		m.handle, m.fields = service.Serve, service.RequestFields()
		return 0
	})
}

// answerFields answers with the names of the header fields that a request needs to bring.
func (m *reactor) answerFields() int32 {
	return m.export(0, func([]byte) int32 {
		if m.handle == nil {
			return m.refuse(refusedUnconfigured)
		}
		m.output = appendUint32(nil, len(m.fields))
		for _, name := range m.fields {
			m.output = appendBytes(m.output, name)
		}
		return int32(len(m.output))
	})
}

// users are Django's tables in D1. Their statements are written before the snapshot is taken: they depend on no setting.
var users = store.NewSQL(database{}, store.SQLite, store.UserModel{})

func (m *reactor) newService(lookup func(name string) string) (*auth.Service, error) {
	config, err := platform.Config(lookup)
	if err != nil {
		return nil, err
	}
	host := newHost()
	config.Throttle = newThrottle()
	config.RemoteKeys = platform.RemoteKeys(fetchKeySet, host.Now)
	return auth.New(config, users, host, m.logger)
}
