// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.VirtualAddress;

/**
 * What page tables are made from.
 *
 * @param file firmware's memory map
 * @param successor whether regions must go to the virtual addresses that the map has
 * @param permissions what the memory attributes table takes away once SetVirtualAddressMap has
 *     returned; null for tables as they are before
 * @param explained the address to explain, or null
 */
record TableInput(
    MemoryMapFile file,
    boolean successor,
    RuntimePermissions permissions,
    VirtualAddress explained) {}
