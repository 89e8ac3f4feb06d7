// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What lies where in an EFI address space, before there are tables: pages at their physical
 * addresses, how far these reach, and the region that an address belongs to.
 *
 * <p>Place in the data path: inside the address spaces of the architectures' modules, the only ones
 * this package is exported to.
 */
package io.efirts.api.space.layout;
