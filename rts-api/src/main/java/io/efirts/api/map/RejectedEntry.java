// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.spec.EfiMemoryDescriptor;

/**
 * An entry of the memory attributes table that is not used.
 *
 * @param index its place in the table, from 0
 * @param entry what it says
 * @param reason the rule it breaks and by what
 */
public record RejectedEntry(int index, EfiMemoryDescriptor entry, String reason) {}
