// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Guest memory and the address-space contract: what the firmware sees while a call is inside it.
 *
 * <p>Place in the data path: a {@link io.efirts.api.spi.FirmwareContext} activates an {@link
 * io.efirts.api.memory.AddressSpace} around every call; the firmware reaches memory only through an
 * {@link io.efirts.api.memory.AddressSpaceView}, which translates each access and turns a missing
 * or protected page into a {@link io.efirts.api.memory.FirmwareFault}.
 *
 * <p>Vocabulary: virtual things are pages, physical things are frames. Configuration takes the
 * value types {@link io.efirts.api.memory.VirtualAddress} and {@link
 * io.efirts.api.memory.PhysicalAddress}; paths that run inside a call take plain {@code long}
 * addresses, because they must not allocate.
 *
 * <p>A null argument is misuse throughout and throws {@link java.lang.NullPointerException} naming
 * the argument.
 */
package io.efirts.api.memory;
