package main

// table gives values handles: positive numbers that name them across the boundary. A handle carries the generation of its slot, so one
// that was freed names nothing, even when the slot is used again.
type table[T any] struct {
	slots []slot[T]
	free  []int32
}

type slot[T any] struct {
	value      T
	generation int32
	used       bool
}

const (
	maximumSlots       = 1 << 14
	generationsPerSlot = 1 << 16
)

// add stores a value and returns its handle, or 0 when the table is full.
func (t *table[T]) add(value T) int32 {
	var index int32
	switch {
	case len(t.free) > 0:
		index = t.free[len(t.free)-1]
		t.free = t.free[:len(t.free)-1]
	case len(t.slots) < maximumSlots:
		index = int32(len(t.slots))
		t.slots = append(t.slots, slot[T]{})
	default:
		return 0
	}
	s := &t.slots[index]
	s.value, s.used = value, true
	return s.generation*maximumSlots + index + 1
}

// get returns the value of a handle.
func (t *table[T]) get(handle int32) (value T, ok bool) {
	if s := t.slot(handle); s != nil {
		return s.value, true
	}
	return value, false
}

// remove forgets a handle and returns its value.
func (t *table[T]) remove(handle int32) (value T, ok bool) {
	s := t.slot(handle)
	if s == nil {
		return value, false
	}
	value = s.value
	var zero T
	s.value, s.used = zero, false
	s.generation = (s.generation + 1) % generationsPerSlot
	t.free = append(t.free, (handle-1)%maximumSlots)
	return value, true
}

func (t *table[T]) slot(handle int32) *slot[T] {
	if handle <= 0 {
		return nil
	}
	index, generation := (handle-1)%maximumSlots, (handle-1)/maximumSlots
	if int(index) >= len(t.slots) {
		return nil
	}
	s := &t.slots[index]
	if !s.used || s.generation != generation {
		return nil
	}
	return s
}
