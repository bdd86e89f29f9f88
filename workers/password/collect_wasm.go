package password

import "runtime"

// collectBefore frees the memory of earlier hashes before another one takes as much. A WebAssembly memory grows and never shrinks, and
// Workers end an isolate at 128 MB, while the collector alone would let garbage double the heap.
func collectBefore(bytes int64) {
	if bytes >= 8<<20 {
		runtime.GC()
	}
}
