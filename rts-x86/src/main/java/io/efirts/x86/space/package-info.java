// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The address spaces in which firmware is called: an isolated one for ordinary calls, and one that
 * maps all memory at its physical addresses, for SetVirtualAddressMap and for a crash.
 *
 * <p>{@link io.efirts.x86.space.PageDirectoryRegistry} keeps further directories of the host in
 * step with it as it grows; {@link io.efirts.api.space.IsolationWitness} tells what a call has
 * touched.
 *
 * <p>Place in the data path: made before the first call from a memory map and the plan of its
 * virtual addresses ({@link io.efirts.x86.plan}); entered and left by the firmware context around
 * every call.
 */
package io.efirts.x86.space;
