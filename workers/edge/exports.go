//go:build wasip1

package main

import "unsafe"

// instance is the one reactor of this WebAssembly instance.
var instance reactor

//go:wasmexport jeton_edge_abi
func exportABI() int32 { return abiVersion }

//go:wasmexport jeton_edge_reserve
func exportReserve(length int32) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(instance.reserve(length)))
}

//go:wasmexport jeton_edge_output
func exportOutput() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(instance.output)) }

//go:wasmexport jeton_edge_configure
func exportConfigure(length int32) int32 { return instance.configure(length) }

//go:wasmexport jeton_edge_fields
func exportFields() int32 { return instance.answerFields() }

//go:wasmexport jeton_edge_start
func exportStart(length int32) int32 { return instance.start(length) }

//go:wasmexport jeton_edge_step
func exportStep(id, length int32) int32 { return instance.step(id, length) }

//go:wasmexport jeton_edge_cancel
func exportCancel(id int32) int32 { return instance.cancel(id) }

//go:wasmexport jeton_edge_live
func exportLive() int32 { return instance.live() }
