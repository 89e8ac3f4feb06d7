// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Behaviours of a firmware that is broken.
 *
 * <p>Place in the data path: the far end of it. Each behaviour is a {@link
 * io.efirts.api.spi.Firmware} for {@link io.efirts.testkit.ScriptedFirmware}: for a service with
 * {@code on}, for a vendor's entry with {@code onVendor}, for the n-th call with {@code onCall},
 * and for a service's n-th call inside a {@link io.efirts.testkit.fault.NthCall}.
 *
 * <ul>
 *   <li>{@link io.efirts.testkit.fault.FirmwareThrows}: does not return but throws
 *   <li>{@link io.efirts.testkit.FirmwareHold}: hangs; {@link io.efirts.testkit.fault.LateReturn}:
 *       hangs and then writes to where it was told to, long after nobody waits for it any more
 *   <li>{@link io.efirts.testkit.fault.FirmwareAnswers}: statuses and sizes that cannot be right
 *   <li>{@link io.efirts.testkit.fault.VariableNameFaults}: a walk over names that never ends
 * </ul>
 */
package io.efirts.testkit.fault;
