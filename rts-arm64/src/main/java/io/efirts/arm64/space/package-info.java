// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The address spaces in which firmware is called: an isolated one for ordinary calls, and one that
 * maps all memory at its physical addresses, for SetVirtualAddressMap and for a crash.
 *
 * <p>What they contain is first laid out in pages of 4 KiB, UEFI's unit, then rounded outward to
 * granules ({@link io.efirts.arm64.space.SharedGranule} tells what that costs), then compared with
 * what is mapped; only the difference is made. {@link io.efirts.api.space.IsolationWitness} tells
 * what a call has touched.
 *
 * <p>Place in the data path: made before the first call from a memory map and the plan of its
 * virtual addresses ({@link io.efirts.arm64.plan}); entered and left by the firmware context around
 * every call.
 */
package io.efirts.arm64.space;
