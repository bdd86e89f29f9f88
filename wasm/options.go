package main

import (
	"time"

	"github.com/jeton-dev/jeton/core"
)

// optionsReader reads a JSON object of options and keeps the first thing that was wrong. An option of an unknown name is an error: a
// misspelt "audience" must not become an unchecked one.
type optionsReader struct {
	object *core.Object
	known  []string
	err    error
}

func (r *optionsReader) fail() {
	if r.err == nil {
		r.err = core.PolicyInvalid
	}
}

// valid reports whether everything read so far was understood and nothing else is there.
func (r *optionsReader) valid() bool {
	for i := range r.object.Len() {
		name, _ := r.object.Member(i)
		if !contains(r.known, name) {
			r.fail()
		}
	}
	return r.err == nil
}

func contains(list []string, text string) bool {
	for _, other := range list {
		if other == text {
			return true
		}
	}
	return false
}

// read calls convert for a member that is there.
func (r *optionsReader) read(name string, convert func(core.Value) bool) {
	if value, present := r.object.Get(name); present && !convert(value) {
		r.fail()
	}
}

func (r *optionsReader) text(name string) (text string) {
	r.read(name, func(value core.Value) (ok bool) {
		text, ok = value.Text()
		return ok
	})
	return text
}

func (r *optionsReader) flag(name string) (flag bool) {
	r.read(name, func(value core.Value) (ok bool) {
		flag, ok = value.Bool()
		return ok
	})
	return flag
}

func (r *optionsReader) number(name string) (number int) {
	r.read(name, func(value core.Value) bool {
		n, ok := value.Int()
		number = int(n)
		return ok && n > 0 && n <= 1<<31-1
	})
	return number
}

// duration reads a number of seconds, by the reader of dates: the one for numbers of any size would weigh as much as the scanner.
func (r *optionsReader) duration(name string) (duration time.Duration) {
	r.read(name, func(value core.Value) bool {
		at, ok := value.Time()
		if !ok || at.Unix() > 1e9 {
			return false
		}
		duration = at.Sub(time.Unix(0, 0))
		return true
	})
	return duration
}

func (r *optionsReader) texts(name string) (texts []string) {
	r.read(name, func(value core.Value) (ok bool) {
		texts, ok = value.Texts()
		return ok
	})
	return texts
}

func (r *optionsReader) algorithms(name string) []core.Algorithm {
	return algorithmsOf(r.texts(name))
}

func algorithmsOf(texts []string) (algorithms []core.Algorithm) {
	for _, text := range texts {
		algorithms = append(algorithms, core.Algorithm(text))
	}
	return algorithms
}

// keyAlgorithms reads an object that has a list of algorithms for each key ID. An empty object is no absent one: it accepts no key.
func (r *optionsReader) keyAlgorithms(name string) (byKey map[string][]core.Algorithm) {
	object := r.nested(name)
	if object == nil {
		return nil
	}
	byKey = make(map[string][]core.Algorithm)
	for i := range object.Len() {
		id, value := object.Member(i)
		texts, ok := value.Texts()
		if !ok {
			r.fail()
		}
		byKey[id] = algorithmsOf(texts)
	}
	return byKey
}

// profile reads the name of a profile.
func (r *optionsReader) profile(name string) (profile core.Profile) {
	r.read(name, func(value core.Value) bool {
		text, ok := value.Text()
		parsed, err := core.ParseProfile(text)
		profile = parsed
		return ok && err == nil
	})
	return profile
}

func (r *optionsReader) nested(name string) (object *core.Object) {
	r.read(name, func(value core.Value) (ok bool) {
		object, ok = value.Object()
		return ok
	})
	return object
}
