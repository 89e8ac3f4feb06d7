// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Which region of the memory map has which virtual address, on every architecture: the plan that is
 * made before an EFI address space.
 *
 * <p>Place in the data path: between the {@link io.efirts.api.map.MemoryMap} and the address space.
 * The planner of the architecture makes a {@link io.efirts.api.plan.VirtualMap}; page tables, the
 * argument of SetVirtualAddressMap and the inheritance of a successor kernel are made from it.
 *
 * <p>A null argument is misuse throughout and throws {@link java.lang.NullPointerException} naming
 * the argument.
 */
package io.efirts.api.plan;
