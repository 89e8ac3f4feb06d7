// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The flat machine: virtual equals physical, one processor model without a memory-management unit.
 *
 * <p>Place in the data path: the simplest {@link io.efirts.api.spi.FirmwareContext}, for embedders
 * whose firmware needs no page tables, and the reference against which the architecture modules'
 * address spaces are tested. It still keeps a list of declared ranges with permissions, so firmware
 * that touches what nobody declared faults here as it would behind real tables.
 */
package io.efirts.api.flat;
