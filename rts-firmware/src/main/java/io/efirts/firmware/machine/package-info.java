// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Where a reference firmware lies in the memory of its machine, and ready-made machines: memory
 * map, memory attributes table, bytes.
 *
 * <p>Place in the data path: beside it. A host makes its page tables from what a {@link
 * io.efirts.firmware.machine.ReferenceMachine} says; the firmware that was placed there is reached
 * through them on every call, so that a region the host has not mapped faults as it does on the
 * machine the map was taken from.
 */
package io.efirts.firmware.machine;
