//go:build wasip1

package main

import "unsafe"

// instance is the one module of this WebAssembly instance.
var instance module

//go:wasmexport jeton_abi
func exportABI() int32 { return abiVersion }

//go:wasmexport jeton_reserve
func exportReserve(length int32) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(instance.reserve(length)))
}

//go:wasmexport jeton_output
func exportOutput() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(instance.output)) }

//go:wasmexport jeton_key_import
func exportKeyImport(length int32) int32 { return instance.importKey(length) }

//go:wasmexport jeton_key_describe
func exportKeyDescribe(handle int32) int32 { return instance.describeKeys(handle) }

//go:wasmexport jeton_key_free
func exportKeyFree(handle int32) int32 { return instance.freeKey(handle) }

//go:wasmexport jeton_verifier_new
func exportVerifierNew(keys, length int32) int32 { return instance.newVerifier(keys, length) }

//go:wasmexport jeton_verifier_free
func exportVerifierFree(handle int32) int32 { return instance.freeVerifier(handle) }

//go:wasmexport jeton_verify
func exportVerify(verifier, length int32, now float64) int32 {
	return instance.verify(verifier, length, now)
}

//go:wasmexport jeton_verify_begin
func exportVerifyBegin(verifier, length int32, now float64) int32 {
	return instance.beginVerification(verifier, length, now)
}

//go:wasmexport jeton_verify_finish
func exportVerifyFinish(pending, verdict int32) int32 {
	return instance.finishVerification(pending, verdict)
}

//go:wasmexport jeton_verify_cancel
func exportVerifyCancel(pending int32) int32 { return instance.cancelVerification(pending) }

//go:wasmexport jeton_decode
func exportDecode(length int32) int32 { return instance.decode(length) }

//go:wasmexport jeton_encode
func exportEncode(key, length int32) int32 { return instance.encode(key, length) }

//go:wasmexport jeton_encode_begin
func exportEncodeBegin(key, length int32) int32 { return instance.beginSignature(key, length) }

//go:wasmexport jeton_encode_finish
func exportEncodeFinish(pending, length int32) int32 {
	return instance.finishSignature(pending, length)
}

//go:wasmexport jeton_encode_cancel
func exportEncodeCancel(pending int32) int32 { return instance.cancelSignature(pending) }
