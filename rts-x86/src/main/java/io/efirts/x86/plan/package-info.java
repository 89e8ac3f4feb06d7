// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Which region of the memory map goes to which virtual address. Pure: no tables, no memory.
 *
 * <p>Place in the data path: before the EFI address space is made. A {@link
 * io.efirts.api.map.MemoryMap} and a {@link io.efirts.x86.plan.RegionSelection} go in, a {@link
 * io.efirts.api.plan.VirtualMap} comes out, from which page tables, the argument of
 * SetVirtualAddressMap and the inheritance of a successor kernel are made.
 *
 * <p>A null argument is misuse throughout and throws {@link java.lang.NullPointerException} naming
 * the argument.
 */
package io.efirts.x86.plan;
