// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What the UEFI specification says, as data: the vocabulary every other stage of a call speaks.
 *
 * <p>Place in the data path: before all of it. A caller names a {@link
 * io.efirts.api.spec.RuntimeService}, its {@link io.efirts.api.spec.ServiceSignature} tells the
 * packer and the unpacker what each argument word is, {@link io.efirts.api.spec.ReentryTable} tells
 * the gate what may not overlap, and an {@link io.efirts.api.spec.EfiStatus} comes back.
 *
 * <p>No policy lives here: no timeout, retry, mode or thread. The package depends on nothing but
 * the JDK. Wire structures are read from and written to {@link java.lang.foreign.MemorySegment}
 * little-endian at any alignment, with plain accesses: ordering between threads is the caller's.
 * Every {@code write} and every holder's {@code read} is free of allocation, so that the crash path
 * may use it. Unsigned 32-bit quantities are {@code long}, masks and identifiers {@code int}; UINTN
 * has 8 bytes.
 *
 * <p>Values from firmware are kept as they came, unknown and invalid ones too. Misuse by the caller
 * is an exception whose message holds the rule, the name and the value.
 */
package io.efirts.api.spec;
