// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The memory map as the host uses it, the same on every architecture: checked, in physical order,
 * merged; and the permissions that firmware's memory attributes table leaves its runtime regions.
 *
 * <p>Place in the data path: before any call. A map is read from firmware ({@link
 * io.efirts.api.spec.MemoryDescriptorArray}), checked ({@link io.efirts.api.map.MemoryMap}), given
 * virtual addresses by the module of the architecture, and mapped; afterwards {@link
 * io.efirts.api.map.RuntimePermissions} tightens what was mapped. When firmware then touches what
 * is not mapped, {@link io.efirts.api.map.MissingDescriptor} is what it should have declared.
 *
 * <p>Everything here comes from firmware or from a file and is believed only after a check. A map
 * is taken as a whole or refused as a whole; of a memory attributes table, which only tightens, bad
 * entries are left out and reported.
 */
package io.efirts.api.map;
